import type { Clock } from '../../../src/clock.ts';

/** Requests a second for each sort of call, counted per api key. */
const limits = { quote: 1, historical: 3, other: 10 } as const;
export type RateClass = keyof typeof limits;

const WINDOW_MS = 1000;

/** Sliding windows of one second of market time. A refused request does not count. */
export class RateLimits {
  private readonly clock: Clock;
  private readonly granted = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Whether one more request may pass now; if so, it is counted. */
  admit(apiKey: string, rateClass: RateClass): boolean {
    // While simulated time stands there are no seconds to count by.
    if (this.clock.isPaused === true) return true;
    const now = this.clock.monotonic();
    const key = `${rateClass} ${apiKey}`;
    const recent = (this.granted.get(key) ?? []).filter((at) => at > now - WINDOW_MS);
    const isAdmitted = recent.length < limits[rateClass];
    if (isAdmitted) recent.push(now);
    this.granted.set(key, recent);
    return isAdmitted;
  }
}
