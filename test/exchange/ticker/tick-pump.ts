import type { Clock } from '../../../src/clock.ts';

/** Data frames are this far apart. */
export const FRAME_MS = 250;
/** After a longer gap (a sleep, a clock that was set) only the latest state is sent, as a feed that was away would. */
const LONGEST_CATCH_UP_MS = 300_000;

/**
 * Calls `step(fromMs, toMs)` for each frame due, by market time. Timers may be coarser than the frames (600 times as fast
 * as real time, say): the frames due since the last call are then made up one by one, in order.
 */
export class TickPump implements Disposable {
  private readonly clock: Clock;
  private readonly step: (fromMs: number, toMs: number) => void;
  private readonly timer: Disposable;
  private doneMs: number;

  constructor(clock: Clock, step: (fromMs: number, toMs: number) => void) {
    this.clock = clock;
    this.step = step;
    this.doneMs = clock.now();
    this.timer = clock.setInterval(() => this.run(), FRAME_MS);
  }

  /** Market instant up to which everything has been sent. */
  get reachedMs(): number {
    return this.doneMs;
  }

  [Symbol.dispose](): void {
    this.timer[Symbol.dispose]();
  }

  private run(): void {
    const now = this.clock.now();
    const behindMs = now - this.doneMs;
    if (behindMs < 0) this.doneMs = now;
    if (behindMs > LONGEST_CATCH_UP_MS) this.frame(now);
    while (this.doneMs + FRAME_MS <= now) this.frame(this.doneMs + FRAME_MS);
  }

  private frame(toMs: number): void {
    const fromMs = this.doneMs;
    this.doneMs = toMs;
    this.step(fromMs, toMs);
  }
}
