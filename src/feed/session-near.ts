import type { MarketCalendar } from '../market/calendar.ts';
import type { BookInstrument } from './quote-book.ts';

/** From this long before a session every second counts as in it. */
const SESSION_LEAD_MS = 15 * 60_000;

/** Whether these instruments are in session hours, or about to be. What nobody knows counts as in session. */
export function isSessionNear(
  calendar: MarketCalendar,
  instruments: readonly BookInstrument[],
  nowMs: number,
): boolean {
  const segments = [...new Set(instruments.flatMap(({ segment }) => (segment === null ? [] : [segment])))];
  if (calendar.marketPhase(segments, nowMs) !== 'closed') return true;
  const next = calendar.nextChange(segments, nowMs);
  return next !== null && next.atMs - nowMs <= SESSION_LEAD_MS;
}
