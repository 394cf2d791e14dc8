import type { Clock } from '../../src/clock.ts';

/** The clock of a PC that may be wrong: the same timers as true time, another time of day. */
export class PcClock implements Clock {
  readonly speed = 1;
  /** Ahead of true time by so many ms; below 0 when it is behind. */
  aheadMs = 0;
  private readonly truth: Clock;

  constructor(truth: Clock) {
    this.truth = truth;
  }

  now(): number {
    return this.truth.now() + this.aheadMs;
  }

  monotonic(): number {
    return this.truth.monotonic();
  }

  setTimeout(run: () => void, delayMs: number): Disposable {
    return this.truth.setTimeout(run, delayMs);
  }

  setInterval(run: () => void, periodMs: number): Disposable {
    return this.truth.setInterval(run, periodMs);
  }
}
