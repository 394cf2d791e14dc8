import type { Clock } from '../../src/clock.ts';

/** Another clock, which a test can put ahead: time in which the market went on and nobody looked. */
export class LeapingClock implements Clock {
  private readonly base: Clock;
  private aheadMs = 0;

  constructor(base: Clock) {
    this.base = base;
  }

  get speed(): number {
    return this.base.speed;
  }

  leap(forMs: number): void {
    this.aheadMs += forMs;
  }

  now(): number {
    return this.base.now() + this.aheadMs;
  }

  monotonic(): number {
    return this.base.monotonic();
  }

  setTimeout(run: () => void, delayMs: number): Disposable {
    return this.base.setTimeout(run, delayMs);
  }

  setInterval(run: () => void, periodMs: number): Disposable {
    return this.base.setInterval(run, periodMs);
  }
}
