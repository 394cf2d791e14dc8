import { hasPossibleFigures, unitsOf } from '../kite/figure-range.ts';
import { divisorOf, isIndexToken } from '../kite/instrument-token.ts';
import type { KiteQuote } from '../kite/session.ts';
import type { TickColumns } from '../kite/tick-columns.ts';
import type { StampCheck } from './stamp-check.ts';

/** What keeps a quote from being taken. `not-newer`: a tick of the same second is at least as fresh. */
export type QuoteObjection = 'no-price' | 'impossible-figure' | 'impossible-time' | 'not-newer';

/** Why an answer of `GET /quote` for a slot is not to be taken; null: it has a price and a later time that can be true. */
export function objectionTo(
  columns: TickColumns,
  stamps: StampCheck,
  slot: number,
  quote: KiteQuote,
): QuoteObjection | null {
  const { lastPrice, exchangeTimeMs } = quote;
  // Less than the smallest unit is none.
  if (!(lastPrice > 0) || unitsOf(lastPrice, divisorOf(quote.token)) === 0) return 'no-price';
  if (!hasPossibleFigures(quote)) return 'impossible-figure';
  const timeMs = exchangeTimeMs ?? 0;
  if (timeMs !== 0 && stamps.isAhead(slot, timeMs)) return 'impossible-time';
  const heldMs = columns.exchangeTimeMs[slot] ?? 0;
  return timeMs > heldMs || (timeMs !== 0 && stamps.isAhead(slot, heldMs)) ? null : 'not-newer';
}

/** The quote as it may be kept: a last trade that cannot have been yet leaves what was known of it. */
export function withTradeTime(columns: TickColumns, stamps: StampCheck, slot: number, quote: KiteQuote): KiteQuote {
  const isPossible = !stamps.isAhead(slot, quote.lastTradeTimeMs ?? 0);
  return isPossible ? quote : { ...quote, lastTradeTimeMs: columns.lastTradeTimeMs[slot] ?? null };
}

/**
 * Whether a quote that can be taken tells of what the slot does not know: a later trade or another price, for an index a
 * later time. A contract's time alone is not enough: nobody has traded. `dayStartMs`: of today, ms since the epoch.
 */
export function tellsNews(columns: TickColumns, slot: number, quote: KiteQuote, dayStartMs: number): boolean {
  if (isIndexToken(quote.token)) return true;
  const tradedMs = quote.lastTradeTimeMs ?? 0;
  if (columns.mode[slot] === 0) return tradedMs >= dayStartMs;
  return (
    Math.round(quote.lastPrice * (columns.divisor[slot] ?? 1)) !== columns.lastPrice[slot] ||
    tradedMs > (columns.lastTradeTimeMs[slot] ?? 0) ||
    (quote.volume ?? 0) > (columns.volume[slot] ?? 0)
  );
}
