import type { MarketState, SessionWindow } from '../contract/state.ts';
import type { MarketCalendar, MarketDay } from '../market/calendar.ts';
import { istDateOf } from '../market/ist.ts';
import type { Segment, SegmentPhase } from '../market/segments.ts';

/** What charts and the time line shade; the phases in between (buffer, transition) are left plain. */
const WINDOW_KINDS: Readonly<Partial<Record<SegmentPhase, SessionWindow['kind']>>> = {
  'pre-open-entry': 'pre-open',
  'pre-open-limit': 'pre-open',
  'pre-open-matching': 'pre-open',
  buffer: 'pre-open',
  continuous: 'continuous',
  'auction-reference': 'closing-auction',
  'auction-entry': 'closing-auction',
  'auction-limit': 'closing-auction',
  'auction-matching': 'closing-auction',
  frozen: 'closing-auction',
  'close-discovery': 'closing-auction',
};

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

function windowsOf(day: MarketDay, segment: Segment): SessionWindow[] {
  const windows: SessionWindow[] = [];
  for (const { phase, startMs, endMs } of day.segments.get(segment) ?? []) {
    const kind = WINDOW_KINDS[phase];
    if (kind === undefined) continue;
    const last = windows.at(-1);
    if (last?.kind === kind && last.to === startMs) windows[windows.length - 1] = { ...last, to: endMs };
    else windows.push({ segment, kind, from: startMs, to: endMs });
  }
  return windows;
}
