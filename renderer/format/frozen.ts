import type { InstrumentState, SessionWindow } from '../../src/contract/state.ts';
import type { QuoteRow } from '../../src/contract/tick-lane.ts';

/** When a frozen price stopped moving: the end of its segment's continuous trading, or its last tick before that. Ms. */
export function frozenSince(
  quote: Pick<QuoteRow, 'exchangeTime' | 'receivedAt'>,
  segment: InstrumentState['segment'],
  sessions: readonly SessionWindow[],
): number {
  const lastTick = quote.exchangeTime || quote.receivedAt;
  const ended = sessions.filter(
    (session) => session.segment === segment && session.kind === 'continuous' && session.to <= lastTick,
  );
  return Math.min(lastTick, ended.at(-1)?.to ?? lastTick);
}
