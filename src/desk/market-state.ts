import type { MarketState, SessionWindow } from '../contract/state.ts';
import type { MarketCalendar, MarketDay } from '../market/calendar.ts';
import { istDateOf } from '../market/ist.ts';
import type { Segment } from '../market/segments.ts';
import { sessionStretches } from '../market/session-windows.ts';

/** The market as the interface shows it at `nowMs`. `before` lets an unchanged answer keep its identity. */
export function marketStateAt(
  calendar: MarketCalendar,
  subscribed: readonly Segment[],
  nowMs: number,
  before: MarketState | null,
): MarketState {
  const date = istDateOf(nowMs);
  const phase = calendar.marketPhase(subscribed, nowMs);
  const day = calendar.day(date);
  const sessions = subscribed.flatMap((segment) => windowsOf(day, segment));
  const isSame = before !== null && before.date === date && before.phase === phase;
  const isCurrent = isSame && (before.next === null || before.next.at > nowMs);
  // A watched instrument may have brought a segment with it.
  if (isCurrent && areSame(before.sessions, sessions)) return before;
  const next = calendar.nextChange(subscribed, nowMs);
  return {
    date,
    previousSession: calendar.previousTradingDay(date),
    day: day.kind,
    reason: day.reason,
    hours: day.hours,
    phase,
    phaseSince: isSame ? before.phaseSince : nowMs,
    next: next === null ? null : { phase: next.phase, at: next.atMs },
    sessions,
    calendar: {
      from: calendar.coverage.from,
      to: calendar.coverage.to,
      version: calendar.version,
      verifiedOn: calendar.verifiedOn,
    },
  };
}

function areSame(some: readonly SessionWindow[], others: readonly SessionWindow[]): boolean {
  return some.length === others.length && some.every(({ segment }, index) => segment === others[index]?.segment);
}

/** What charts and the time line shade; the phases in between (transition, post-close) are left plain. */
function windowsOf(day: MarketDay, segment: Segment): SessionWindow[] {
  return sessionStretches(day, segment).map(({ part, startMs, endMs }) => {
    return { segment, kind: part, from: startMs, to: endMs };
  });
}
