import type { InstrumentState, SessionWindow } from '../../src/contract/state.ts';
import type { QuoteRow } from '../../src/contract/tick-lane.ts';

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
