import type { AuthState, FeedState, MarketState, SessionWindow } from './state.ts';

/** Prices that the market makes now and nobody receives. */
export interface MissingPrices {
  /** Since when, ms: the session's beginning, or the last price that came in it. */
  readonly since: number;
  /** Trading is on; false: the pre-open is. */
  readonly isOpen: boolean;
}

/** An outage shorter than this is the reconnection's business; market ms. */
const URGENT_FROM_MS = 5_000;

type Flow = Pick<FeedState, 'state' | 'source'> & Partial<Pick<FeedState, 'cause' | 'lastTickAt'>>;

/**
 * Whether prices are being missed at `now` (market time, ms), and since when; null while they come, while none are made,
 * and on a day whose hours nobody knows. `sessions`: of the whole market, or of one instrument.
 */
export function missingPrices(
  market: Pick<MarketState, 'day' | 'phase'>,
  sessions: readonly SessionWindow[],
  feed: Flow,
  now: number,
): MissingPrices | null {
  if (market.day === 'unknown' || market.phase === 'halted') return null;
  // Kite is connected, and it is the market that rests.
  if (isFlowing(feed) || feed.cause === 'exchange-quiet') return null;
  const running = sessions.filter(({ from, to }) => from <= now && now < to);
  if (running.length === 0) return null;
  const since = Math.max(sessionStart(sessions, now), Math.min(feed.lastTickAt ?? 0, now));
  return { since, isOpen: running.some(({ kind }) => kind !== 'pre-open') };
}

/** Whether the trader has to act on it now: trading is on, and it does not look like mending at once. */
export function isUrgent(missing: MissingPrices | null, now: number): missing is MissingPrices {
  return missing?.isOpen === true && now - missing.since >= URGENT_FROM_MS;
}

/** Why no price comes, in words that go on with a colon or stand alone; null when prices come. */
export function whyNoPrices(
  auth: Pick<AuthState, 'state'>,
  feed: Pick<FeedState, 'state' | 'source' | 'paused'>,
): string | null {
  if (isFlowing(feed)) return null;
  if (feed.paused) return 'Prices are paused';
  switch (auth.state) {
    case 'unconfigured':
    case 'signed-out':
    case 'expired':
      return 'Not signed in';
    case 'unverified':
    case 'suspect':
      return 'The login is not confirmed';
    case 'valid':
      return 'No connection to Kite';
  }
}

function isFlowing({ state, source }: Pick<FeedState, 'state' | 'source'>): boolean {
  return state === 'live' || source === 'rest';
}

/** The beginning of what runs without a break up to `now`. */
function sessionStart(sessions: readonly SessionWindow[], now: number): number {
  let start = now;
  for (const { from, to } of sessions.toSorted((a, b) => b.from - a.from))
    if (from <= start && to >= start) start = from;
  return start;
}
