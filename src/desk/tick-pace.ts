import type { Clock } from '../clock.ts';

/** One display frame. Real milliseconds, whatever the market clock's speed. */
const VISIBLE_PERIOD_MS = 16;
/** Kite's frames come in pairs, indices and futures a few ms apart: the second does not wait for the next display frame. */
const VISIBLE_BURST = 2;
/** Nobody looks at a hidden window; it is kept roughly current. */
const HIDDEN_PERIOD_MS = 1000;

/**
 * When batches may leave: two at once after a pause, one a display frame in the long run, and none while the last is
 * unacknowledged.
 * `flush` sends what has gathered under the sequence number given, and says whether there was anything. It may be
 * acknowledged from within.
 */
export class TickPace implements Disposable {
  private readonly clock: Clock;
  private readonly flush: (seq: number) => boolean;
  private seq = 0;
  private awaiting: number | null = null;
  private sentMs = Number.NEGATIVE_INFINITY;
  /** By when what has been sent is worked off, at one batch a display frame. */
  private workedOffMs = Number.NEGATIVE_INFINITY;
  private timer: Disposable | null = null;
  private isHidden = false;
  private isWaiting = false;

  constructor(clock: Clock, flush: (seq: number) => boolean) {
    this.clock = clock;
    this.flush = flush;
  }

  set hidden(hidden: boolean) {
    if (this.isHidden === hidden) return;
    this.isHidden = hidden;
    this.disarm();
    if (this.isWaiting) this.changed();
  }

  /** Something to send has come up. */
  changed(): void {
    this.isWaiting = true;
    if (this.awaiting !== null || this.timer !== null) return;
    const aheadMs = (VISIBLE_BURST - 1) * VISIBLE_PERIOD_MS;
    const dueMs = this.isHidden ? this.sentMs + HIDDEN_PERIOD_MS : this.workedOffMs - aheadMs;
    const waitMs = dueMs - this.clock.monotonic();
    if (waitMs <= 0) this.send();
    else this.timer = this.clock.setTimeout(() => this.send(), waitMs);
  }

  acknowledge(seq: number): void {
    if (this.awaiting === null || seq < this.awaiting) return;
    this.awaiting = null;
    if (this.isWaiting) this.changed();
  }

  [Symbol.dispose](): void {
    this.disarm();
  }

  private send(): void {
    this.disarm();
    this.isWaiting = false;
    const seq = this.seq + 1;
    this.awaiting = seq;
    if (!this.flush(seq)) {
      this.awaiting = null;
      return;
    }
    this.seq = seq;
    this.sentMs = this.clock.monotonic();
    this.workedOffMs = Math.max(this.workedOffMs, this.sentMs) + VISIBLE_PERIOD_MS;
  }

  private disarm(): void {
    this.timer?.[Symbol.dispose]();
    this.timer = null;
  }
}
