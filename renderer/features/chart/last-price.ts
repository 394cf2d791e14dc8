import type { OfficialCloses } from '../../../src/contract/commands.ts';
import type { SessionWindow } from '../../../src/contract/state.ts';
import type { QuoteRow } from '../../../src/contract/tick-lane.ts';
import { isSessionClose } from '../../format/frozen.ts';

/**
 * What the chart says of the last price. `moving`: it is the last candle's close and goes on. `standing`: the same, but
 * it is not known to be the market's present price. `close`: the session's, as the card has it.
 */
export type LastPrice = { readonly kind: 'moving' | 'standing' } | { readonly kind: 'close'; readonly price: number };

type Quote = Pick<QuoteRow, 'kind' | 'stale' | 'lastPrice' | 'changedAt'>;

/**
 * The current day's. A frozen price is the close once the instrument's sessions are over; in the closing auction an index
 * stands at its last traded value, until it changes to the auction's. `sessions`: the instrument's own of the day; `now`:
 * market time, ms.
 */
export function lastPriceToday(quote: Quote | undefined, sessions: readonly SessionWindow[], now: number): LastPrice {
  if (quote === undefined || quote.stale) return { kind: 'standing' };
  if (quote.kind === 'live') return { kind: 'moving' };
  if (quote.kind !== 'frozen' || !isSessionClose(quote, sessions, now)) return { kind: 'standing' };
  return { kind: 'close', price: quote.lastPrice };
}

/** Where the level of the close before the day shown is drawn, rupees; 0: not known. `quote`: of the current day. */
export function previousCloseLevel(
  day: { readonly isToday: true; readonly quote: Pick<QuoteRow, 'close'> | undefined } | OfficialDay,
): number {
  return (day.isToday ? day.quote?.close : day.official?.previousClose) ?? 0;
}

interface OfficialDay {
  readonly isToday: false;
  readonly official: OfficialCloses | null;
}

/** The last price of a day that is over; `official`: what is known of its closes, in rupees. */
export function lastPriceThen(official: OfficialCloses | null): LastPrice {
  const close = official?.close ?? null;
  return close === null ? { kind: 'standing' } : { kind: 'close', price: close };
}
