import { isQuantity, unitsOf } from './figure-range.ts';
import type { KiteCandle } from './session.ts';

/** Smallest units a rupee has, of whatever instrument. */
const FEWEST_UNITS = 100;

/**
 * Whether trades can have made the candle: every price was paid by somebody, the high and the low are what they say, and
 * the quantities are some. By an instrument's smallest unit, `CandleBook` judges the prices once more.
 */
export function isTradedCandle({ startMs, open, high, low, close, volume, openInterest }: KiteCandle): boolean {
  const prices = [open, high, low, close];
  const areNumbers = [startMs, ...prices].every(Number.isFinite);
  const areQuantities = isQuantity(volume) && isQuantity(openInterest ?? 0);
  return (
    areNumbers &&
    areQuantities &&
    low > 0 &&
    unitsOf(high, FEWEST_UNITS) !== null &&
    prices.every((price) => price >= low && price <= high)
  );
}
