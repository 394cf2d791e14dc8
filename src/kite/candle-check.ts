import type { KiteCandle } from './session.ts';

/** Whether trades can have made the candle: every price was paid by somebody, and the high and the low are what they say. */
export function isTradedCandle({ startMs, open, high, low, close, volume }: Omit<KiteCandle, 'openInterest'>): boolean {
  const prices = [open, high, low, close];
  const areNumbers = [startMs, volume, ...prices].every(Number.isFinite);
  return areNumbers && low > 0 && volume >= 0 && prices.every((price) => price >= low && price <= high);
}
