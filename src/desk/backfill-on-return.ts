import type { Clock } from '../clock.ts';
import type { FeedState } from '../contract/state.ts';

/** When a lost connection's unfinished minute is over and the exchange's history has it; ms after the return. */
const AGAIN_AFTER_MS = 70_000;

/** Has history fill what an outage has left out: as soon as the feed is back, and again when history has all of it. */
export class BackfillOnReturn implements Disposable {
  private readonly clock: Clock;
  private readonly backfill: () => void;
  private reconnects = 0;
  private again: Disposable | null = null;

  constructor(clock: Clock, backfill: () => void) {
    this.clock = clock;
    this.backfill = backfill;
  }

  feedChanged({ reconnects }: Pick<FeedState, 'reconnects'>): void {
    const isBack = reconnects > this.reconnects;
    this.reconnects = reconnects;
    if (!isBack) return;
    this.backfill();
    this.again?.[Symbol.dispose]();
    this.again = this.clock.setTimeout(this.backfill, AGAIN_AFTER_MS);
  }

  [Symbol.dispose](): void {
    this.again?.[Symbol.dispose]();
  }
}
