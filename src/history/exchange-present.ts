/** A tick this much older than the exchange's present is a packet Kite kept for us, not one we saw being traded. */
export const CACHED_AFTER_MS = 60_000;
/** Ticks of different instruments are not in order of time: a minute is over when another's is so far past its end. */
const OUT_OF_ORDER_MS = 2_000;
/** No exchange time further ahead of our clock and of Kite's is believed to be the present. */
const PLAUSIBLE_LEAD_MS = 30_000;

/** What time it is at the exchange, by the stamps of ticks and, without any, by Kite's `Date` and our clock; ms since the epoch. */
export class ExchangePresent {
  private latestMs = 0;
  private overMs = 0;
  /** How far Kite's clock is ahead of ours, as far as that is known. */
  private kiteLeadMs = 0;
  private trustedMs = 0;

  /** The latest time any instrument has shown, whatever the PC's clock says; 0 before the first. */
  get seenMs(): number {
    return this.latestMs;
  }

  /** What time it may be by now: a stream that begins or goes on has missed all before it. */
  get latestPossibleMs(): number {
    return Math.max(this.latestMs, this.trustedMs);
  }

  /** All that ends by then is over. */
  get ms(): number {
    return this.overMs;
  }

  note(exchangeTimeMs: number, receivedAtMs: number): void {
    if (exchangeTimeMs > receivedAtMs + Math.max(0, this.kiteLeadMs) + PLAUSIBLE_LEAD_MS) return;
    this.latestMs = Math.max(this.latestMs, exchangeTimeMs);
  }

  /** Ticks have come; returns the present. */
  byTicks(): number {
    this.overMs = Math.max(this.overMs, this.latestMs - OUT_OF_ORDER_MS);
    return this.overMs;
  }

  /**
   * Time has gone on, whether there are ticks or not; returns the present. `nowMs` by our clock, which may be wrong: where
   * Kite has not said what time it is at least (`kiteMs`; null), it is believed a minute late.
   */
  byClock(nowMs: number, kiteMs: number | null): number {
    this.kiteLeadMs = kiteMs === null ? 0 : kiteMs - nowMs;
    this.trustedMs = kiteMs === null ? 0 : Math.min(nowMs, kiteMs);
    const believedMs = kiteMs === null ? nowMs - CACHED_AFTER_MS : this.trustedMs - OUT_OF_ORDER_MS;
    this.overMs = Math.max(this.latestMs - OUT_OF_ORDER_MS, believedMs);
    return this.overMs;
  }
}
