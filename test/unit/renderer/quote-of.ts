import type { QuoteRow } from '../../../src/contract/tick-lane.ts';

/** A live quote of a future with the given differences. */
export function quoteOf(change: Partial<QuoteRow> = {}): QuoteRow {
  return {
    slot: 0,
    kind: 'live',
    stale: false,
    fromRest: false,
    lastPrice: 26_100,
    open: 26_050,
    high: 26_150,
    low: 26_000,
    close: 26_000,
    averagePrice: 26_080,
    volume: 120_000,
    openInterest: 1_400_000,
    lastQuantity: 65,
    buyQuantity: 800,
    sellQuantity: 900,
    exchangeTime: 1_000,
    receivedAt: 1_100,
    changedAt: 0,
    lastTradedAt: 0,
    depth: null,
    ...change,
  };
}
