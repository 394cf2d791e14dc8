import type { Bar } from './minute-ticks.ts';
import { hash32, uniform } from './random.ts';

/** How often the ticks of a minute miss each price that Kite's own candle of it has. */
export interface UnseenOdds {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** The ticks rebuild all four prices of 14 of 74 NIFTY minutes, and the close of 45; observed 2026-10-07. */
const nseOdds: UnseenOdds = { open: 0.33, high: 0.33, low: 0.33, close: 0.36 };
/** The ticks rebuild all four prices of 61 of 74 SENSEX minutes; observed 2026-10-07. */
const bseOdds: UnseenOdds = { open: 0.05, high: 0.05, low: 0.05, close: 0.05 };

export function unseenOdds(exchange: string): UnseenOdds {
  return exchange === 'BSE' || exchange === 'BFO' ? bseOdds : nseOdds;
}

/** Whether the ticks of a minute miss each price; the same seed gives the same answer. */
export function drawUnseen(odds: UnseenOdds, seed: number): Record<keyof UnseenOdds, boolean> {
  return {
    open: uniform(seed, 11) < odds.open,
    high: uniform(seed, 12) < odds.high,
    low: uniform(seed, 13) < odds.low,
    close: uniform(seed, 14) < odds.close,
  };
}

/** Where in the session a minute is. */
export interface MinuteEdge {
  /** The session's first: its official open is never the first tick. */
  readonly opens: boolean;
  /** The last before a pause: what stands through it has been seen. */
  readonly closes: boolean;
}

/**
 * What a subscriber sees of an index's minute: `exact` holds every value, this is a copy of it in which the missed prices
 * are replaced by others inside the bar. `step` is the smallest step of the price, paise.
 */
export function seenTicks(
  bar: Bar,
  exact: Int32Array,
  step: number,
  odds: UnseenOdds,
  seed: number,
  edge: MinuteEdge,
): Int32Array {
  if (bar.high - bar.low < step) return exact;
  const values = exact.slice();
  const last = values.length - 1;
  const misses = drawUnseen(odds, seed);
  const replace = (missed: number, inward: 1 | -1): void => {
    const other = missed + inward * step * (1 + (hash32(seed, 15) % 3));
    const inside = Math.min(bar.high, Math.max(bar.low, other));
    for (let k = 0; k <= last; k++) if (values[k] === missed) values[k] = inside;
  };
  if (misses.high) replace(bar.high, -1);
  if (misses.low) replace(bar.low, 1);
  if (edge.opens) values[0] = apart(bar, bar.open, step, uniform(seed, 16));
  else if (misses.open) values[0] = beside(bar, bar.open, step);
  if (edge.closes) values[last] = bar.close;
  else if (misses.close) values[last] = beside(bar, bar.close, step);
  return values;
}

/** A neighbour of a price inside the bar. */
function beside({ high, low }: Bar, price: number, step: number): number {
  return price - low > high - price ? price - step : price + step;
}

/** A price of the bar far from the given one. */
function apart(bar: Bar, price: number, step: number, chance: number): number {
  const { high, low } = bar;
  const far = price - low > high - price ? low : high;
  const other = price + step * Math.trunc(((far - price) * (0.3 + 0.6 * chance)) / step);
  return other === price ? beside(bar, price, step) : other;
}
