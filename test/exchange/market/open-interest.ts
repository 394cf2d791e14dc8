import { bell, subSeed, uniform, wander } from './random.ts';

/** Open interest is published in steps about this far apart. */
const STEP_MS = 180_000;
const STEP_JITTER_MS = 20_000;
/** How far the closing figure strays from its base over the days, and within a day. */
const DAILY_SHARE = 0.15;
const INTRADAY_SHARE = 0.003;

/** A contract's open interest over one day, in lots. */
export interface OpenInterest {
  /** Published at the instant, with the day's extremes so far. */
  at(instantMs: number): { readonly now: number; readonly high: number; readonly low: number };
}

/**
 * Open interest stepping from the previous session's closing figure to this one's. `lotsOn` is what the
 * contract gathers by a day; days are numbered since the epoch.
 */
export function openInterest(
  seed: number,
  lotsOn: (day: number) => number,
  previousDay: number,
  day: number,
  startMs: number,
  endMs: number,
): OpenInterest {
  const drift = subSeed(seed, 'days');
  const closing = (number: number): number => lotsOn(number) * (1 + DAILY_SHARE * wander(drift, number / 4));
  const from = closing(previousDay);
  const change = closing(day) - from;
  const steps = Math.max(1, Math.floor((endMs - startMs) / STEP_MS));
  const jitter = subSeed(seed, 'moments', day);
  const noise = subSeed(seed, 'steps', day);
  const published: { now: number; high: number; low: number }[] = [];
  let high = Number.NEGATIVE_INFINITY;
  let low = Number.POSITIVE_INFINITY;
  for (let step = 0; step <= steps; step++) {
    const free = step === 0 || step === steps ? 0 : 1;
    const now = Math.round(from + (change * step) / steps + free * INTRADAY_SHARE * from * bell(noise, step));
    high = Math.max(high, now);
    low = Math.min(low, now);
    published.push({ now, high, low });
  }
  const nothing = { now: 0, high: 0, low: 0 };
  return {
    at: (instantMs) => {
      const elapsed = instantMs - startMs;
      const nominal = Math.min(steps, Math.max(0, Math.floor(elapsed / STEP_MS)));
      const early = elapsed < nominal * STEP_MS + STEP_JITTER_MS * uniform(jitter, nominal);
      return published[nominal > 0 && early ? nominal - 1 : nominal] ?? nothing;
    },
  };
}

/** What a monthly future gathers: most in its last four weeks, little before. */
export function futureInterestLots(daysToExpiry: number): number {
  return 3_000 + 170_000 * Math.exp(-Math.max(0, daysToExpiry - 28) / 14);
}
