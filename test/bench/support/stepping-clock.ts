import type { Clock } from '../../../src/clock.ts';

/** Time that the benchmark sets, at no cost. Its timers never run: for code paths that need none. */
export class SteppingClock implements Clock {
  readonly speed = 1;
  private nowMs: number;
  private readonly startMs: number;

  constructor(startMs: number) {
    this.nowMs = startMs;
    this.startMs = startMs;
  }

  set(nowMs: number): void {
    this.nowMs = nowMs;
  }

  now(): number {
    return this.nowMs;
  }

  monotonic(): number {
    return this.nowMs - this.startMs;
  }

  setTimeout(): Disposable {
    return { [Symbol.dispose]: () => undefined };
  }

  setInterval(): Disposable {
    return { [Symbol.dispose]: () => undefined };
  }
}
