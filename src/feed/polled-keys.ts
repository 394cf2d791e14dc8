import type { BookInstrument } from './quote-book.ts';
import type { PolledKeys } from './rest-fallback.ts';

/** What an interface shows is asked for by REST every time, up to so many. */
const MOST_SHOWN = 250;

/**
 * What REST is asked for while `tokens` have no socket: indices, futures and what is shown in every request, the rest of
 * the watchlist in turns.
 */
export function polledKeys(
  instruments: readonly BookInstrument[],
  tokens: ReadonlySet<number>,
  isShown: (token: number) => boolean,
): PolledKeys {
  const lost = instruments.filter(({ token }) => tokens.has(token));
  const fixed = lost.filter(({ role }) => role !== 'watch');
  const shown = lost.filter(({ role, token }) => role === 'watch' && isShown(token)).slice(0, MOST_SHOWN);
  const first = new Set([...fixed, ...shown]);
  return {
    first: [...first].map(({ key }) => key),
    rest: lost.filter((instrument) => !first.has(instrument)).map(({ key }) => key),
  };
}
