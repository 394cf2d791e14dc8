/** Time in the page. The only file of the interface that touches the browser's clock and timers. */

/** What the interface needs of time; tests give it a virtual one. Delays and readings in real ms. */
export interface PageTime {
  /** Milliseconds from an arbitrary origin, never going back. */
  monotonic(): number;
  setTimeout(run: () => void, delayMs: number): Disposable;
}

/** The browser's own time. */
export const pageTime: PageTime = {
  monotonic: () => performance.now(),
  setTimeout(run, delayMs) {
    const handle = window.setTimeout(run, delayMs);
    return { [Symbol.dispose]: () => window.clearTimeout(handle) };
  },
};

/** Clocks and ages are refreshed once a market second, but never more often than this (real ms). */
const SHORTEST_BEAT_MS = 200;

/**
 * Market time in the page: the desk's `now` of the last message, carried on by the page's monotonic clock at the desk's
 * speed. The PC's wall clock and zone take no part.
 */
export class DeskClock implements Disposable {
  private readonly time: PageTime;
  private anchorMarketMs = 0;
  private anchorMs = 0;
  private speed = 1;
  private beatAt = 0;
  private beat: Disposable | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(time: PageTime) {
    this.time = time;
  }

  /** Takes the desk's time from a message that has just come. `speed`: market ms per real ms; 0 while it stands. */
  sync(marketMs: number, speed: number): void {
    this.anchorMarketMs = marketMs;
    this.anchorMs = this.time.monotonic();
    this.speed = speed;
    this.strike();
    this.arm();
  }

  /** Market time now, ms since the epoch; 0 before the first message. */
  now(): number {
    if (this.anchorMarketMs === 0) return 0;
    return this.anchorMarketMs + (this.time.monotonic() - this.anchorMs) * this.speed;
  }

  /** Market time at the last beat: stable between beats, for `useSyncExternalStore`. */
  readonly atBeat = (): number => this.beatAt;

  /** Calls `listener` at every full market second. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    this.arm();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.disarm();
    };
  };

  [Symbol.dispose](): void {
    this.listeners.clear();
    this.disarm();
  }

  private arm(): void {
    this.disarm();
    if (this.listeners.size === 0 || this.anchorMarketMs === 0 || this.speed === 0) return;
    const toNextSecondMs = (1000 - (this.now() % 1000)) / this.speed;
    this.beat = this.time.setTimeout(
      () => {
        this.strike();
        this.arm();
      },
      Math.max(SHORTEST_BEAT_MS, toNextSecondMs),
    );
  }

  private disarm(): void {
    this.beat?.[Symbol.dispose]();
    this.beat = null;
  }

  private strike(): void {
    this.beatAt = this.now();
    for (const listener of this.listeners) listener();
  }
}
