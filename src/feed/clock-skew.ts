import type { LagWitnesses } from './lag-witnesses.ts';
import { LeastLag } from './least-lag.ts';

/** Long enough for some ticks to come fast and right after the full second, short enough to follow a clock that drifts. */
const WINDOW_MS = 300_000;
/** Two or three ticks of each index a second: some sixty by then. */
const ESTABLISHED_AFTER_MS = 30_000;
/** The fastest delivery seen at Kite, of 177,017 ticks, was 0.41 s (https://tradingqna.com/t/193331). */
const FASTEST_DELIVERY_MS = 400;

/**
 * How far the PC's clock is from the exchange's, judged by the ticks of several instruments that came fastest: a lag is
 * delivery plus skew, and delivery cannot be less than nothing. Good to about half a second; the exchange's times are whole seconds.
 */
export class ClockSkew {
  private readonly least = new LeastLag(WINDOW_MS);
  private readonly witnesses: LagWitnesses;
  private readonly followed: () => number;

  /** `witnesses`: the instruments one by one; `followed`: how many there are. */
  constructor(witnesses: LagWitnesses, followed: () => number) {
    this.witnesses = witnesses;
    this.followed = followed;
  }

  /** A tick of continuous trading, seen as it came. Monotonic ms; receipt by the PC's clock minus exchange time, ms. */
  note(nowMs: number, lagMs: number): void {
    this.least.note(nowMs, lagMs);
  }

  /** The least lag of late, which is what a lag is to be measured from; null until it is established. */
  baselineMs(nowMs: number): number | null {
    return this.least.after(ESTABLISHED_AFTER_MS, nowMs);
  }

  /** PC minus exchange, ms: positive when the PC's clock is ahead; null until it is established. */
  skewMs(nowMs: number): number | null {
    const leastMs = this.baselineMs(nowMs) === null ? null : this.witnesses.agreedMs(this.followed());
    if (leastMs === null) return null;
    return leastMs < 0 ? leastMs : Math.max(0, leastMs - FASTEST_DELIVERY_MS);
  }

  /** The PC's clock was set: what was learnt of the old one is void. */
  reset(): void {
    this.least.reset();
    this.witnesses.reset();
  }
}
