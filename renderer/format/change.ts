import type { QuoteRow } from '../../src/contract/tick-lane.ts';

/** Movement since the previous session's close. */
export interface DayChange {
  /** Rupees (points for an index). */
  readonly points: number;
  readonly percent: number;
}

/** The day's change of a quote; null where the price is not of this day or the close is not known. */
export function dayChange(quote: Pick<QuoteRow, 'kind' | 'close' | 'lastPrice'> | undefined): DayChange | null {
  if (quote === undefined || quote.kind === 'previous-close' || quote.close <= 0 || quote.lastPrice <= 0) return null;
  const points = quote.lastPrice - quote.close;
  return { points, percent: (points / quote.close) * 100 };
}

/** A quote whose day figures are of this day: before its session it still carries the last one's, which nobody would know. */
export function ofToday(quote: QuoteRow | undefined): QuoteRow | undefined {
  return quote?.kind === 'previous-close' ? undefined : quote;
}

/** Where the last price stands in the day's range, 0 at the low and 1 at the high; null without a range. */
export function placeInRange(quote: QuoteRow | undefined): number | null {
  if (quote === undefined || quote.low <= 0 || quote.high < quote.low || quote.lastPrice <= 0) return null;
  if (quote.high === quote.low) return 0.5;
  return Math.min(1, Math.max(0, (quote.lastPrice - quote.low) / (quote.high - quote.low)));
}
