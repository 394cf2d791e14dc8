import type { InstrumentState, SessionWindow } from '../../src/contract/state.ts';
import type { QuoteRow } from '../../src/contract/tick-lane.ts';

/**
 * The closing auction takes orders for 13 to 15 minutes before it can give a price: a change before that is the last of
 * continuous trading, which comes a moment late. Ms, with a minute to spare.
 */
const FIRST_AUCTION_PRICE_MS = 12 * 60_000;

/**
 * Whether a frozen price is its session's close: the instrument's sessions are over, or it has changed by the price of the
 * closing auction, as an index does to take the close. `sessions`: the instrument's own of the day; `now`: market time, ms.
 */
export function isSessionClose(
  { changedAt }: Pick<QuoteRow, 'changedAt'>,
  sessions: readonly SessionWindow[],
  now: number,
): boolean {
  // Without hours nobody knows whether it goes on.
  if (sessions.length === 0) return false;
  if (sessions.every(({ to }) => to <= now)) return true;
  const auction = sessions.find(({ kind, from, to }) => kind === 'closing-auction' && from <= now && now < to);
  return auction !== undefined && changedAt >= auction.from + FIRST_AUCTION_PRICE_MS;
}

/**
 * Since when a session's close stands, ms: the change in the closing auction that brought it, or the end of trading where
 * there is no auction; null where it came unseen: the app was started, or the line came back, after it. Arguments as of
 * `isSessionClose` and `frozenSince`.
 */
export function closeSince(
  quote: Pick<QuoteRow, 'exchangeTime' | 'receivedAt' | 'changedAt'>,
  segment: InstrumentState['segment'],
  sessions: readonly SessionWindow[],
): number | null {
  const auction = sessions.find((session) => session.segment === segment && session.kind === 'closing-auction');
  if (auction !== undefined && !isWithinAuctionPrices(quote.changedAt, auction)) return null;
  return frozenSince(quote, segment, sessions);
}

function isWithinAuctionPrices(changedAt: number, { from, to }: SessionWindow): boolean {
  return changedAt >= from + FIRST_AUCTION_PRICE_MS && changedAt <= to;
}

/**
 * Since when a frozen price stands: the end of its segment's continuous trading, its last tick before that, or the change
 * that came after it, as an index gets its close from the closing auction. Ms.
 */
export function frozenSince(
  quote: Pick<QuoteRow, 'exchangeTime' | 'receivedAt' | 'changedAt'>,
  segment: InstrumentState['segment'],
  sessions: readonly SessionWindow[],
): number {
  const lastTick = quote.exchangeTime || quote.receivedAt;
  const ended = sessions.filter(
    (session) => session.segment === segment && session.kind === 'continuous' && session.to <= lastTick,
  );
  const end = Math.min(lastTick, ended.at(-1)?.to ?? lastTick);
  return Math.max(end, Math.min(lastTick, quote.changedAt));
}
