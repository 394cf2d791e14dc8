import { bell, hash32, uniform } from './random.ts';

/** Index ticks a minute: 7 every 3 seconds, the measured 2.33 a second. */
export const TICKS_PER_MINUTE = 140;
/** Distance between index ticks, ms; not a whole number. */
export const TICK_SPACING_MS = 3000 / 7;

/** One minute's bar, paise. */
export interface Bar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** How far a value strays from the straight line between two knots, as a share of the bar's range. */
const STRAY = 0.3;

/**
 * Fills `values` (140 of them) with ticks that begin exactly at the bar's open, end at its close, touch its high and its
 * low and never leave them, so that a candle built from the ticks is the bar.
 */
export function fillMinute(bar: Bar, seed: number, values: Int32Array): void {
  const last = TICKS_PER_MINUTE - 1;
  const step = onFivePaise(bar) ? 5 : 1;
  const highAt = bar.open === bar.high ? 0 : bar.close === bar.high ? last : 1 + (hash32(seed, 1) % (last - 1));
  let lowAt = bar.open === bar.low ? 0 : bar.close === bar.low ? last : 1 + (hash32(seed, 2) % (last - 1));
  if (lowAt === highAt && bar.high !== bar.low) lowAt = lowAt < last - 1 ? lowAt + 1 : lowAt - 1;
  const highFirst = highAt <= lowAt;
  const [firstAt, secondAt] = highFirst ? [highAt, lowAt] : [lowAt, highAt];
  const [first, second] = highFirst ? [bar.high, bar.low] : [bar.low, bar.high];
  values[0] = bar.open;
  bridge(bar, seed, step, values, 0, bar.open, firstAt, first);
  bridge(bar, seed, step, values, firstAt, first, secondAt, second);
  bridge(bar, seed, step, values, secondAt, second, last, bar.close);
}

function onFivePaise({ open, high, low, close }: Bar): boolean {
  return open % 5 === 0 && high % 5 === 0 && low % 5 === 0 && close % 5 === 0;
}

/** Values after tick `fromAt` up to and including tick `toAt`, wandering about the line between the two. */
function bridge(
  { high, low }: Bar,
  seed: number,
  step: number,
  values: Int32Array,
  fromAt: number,
  from: number,
  toAt: number,
  to: number,
): void {
  const length = toAt - fromAt;
  for (let k = fromAt + 1; k < toAt; k++) {
    // A value often stands still for a tick or two; a fresh draw each time would look like noise.
    if (uniform(seed, 3, k) < 0.35) {
      values[k] = values[k - 1] ?? from;
      continue;
    }
    const along = (k - fromAt) / length;
    const freedom = Math.sqrt(along * (1 - along)) * 2;
    const raw = from + (to - from) * along + bell(seed, 4, k) * STRAY * freedom * (high - low);
    values[k] = Math.min(high, Math.max(low, step * Math.round(raw / step)));
  }
  if (toAt > fromAt) values[toAt] = to;
}
