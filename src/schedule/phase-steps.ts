import type { StepId } from '../contract/state.ts';
import type { MarketDay, PhaseInterval } from '../market/calendar.ts';
import { sessionsOf, type TradingSession } from '../market/day-sessions.ts';
import type { Segment, SegmentPhase } from '../market/segments.ts';

/** A change of the market's phase as a step: the exchange's doing, so never made up for. */
export interface PhaseStep {
  readonly step: StepId;
  readonly label: string;
  readonly plannedAt: number;
  readonly usefulUntil: null;
}

/** Phases that begin a step: its time is the earliest start among the subscribed segments. */
const starts: readonly { readonly step: StepId; readonly label: string; readonly phases: readonly SegmentPhase[] }[] = [
  { step: 'pre-open', label: 'Pre-open', phases: ['pre-open-entry'] },
  { step: 'pre-open-limit', label: 'Pre-open, limit orders only', phases: ['pre-open-limit'] },
  { step: 'pre-open-matching', label: 'Order matching', phases: ['pre-open-matching'] },
  { step: 'buffer', label: 'Orders matched, about to open', phases: ['buffer'] },
  { step: 'live', label: 'Live', phases: ['continuous'] },
  { step: 'closing-auction', label: 'Closing auction', phases: ['auction-reference', 'frozen'] },
];

const spot: ReadonlySet<Segment> = new Set<Segment>([
  'NSE_INDEX',
  'BSE_INDEX',
  'NSE_CASH_CAS',
  'BSE_CASH_CAS',
  'NSE_CASH_NONCAS',
  'BSE_CASH_NONCAS',
]);

/** The phases of every session of the day that has known or assumed hours. */
export function phaseSteps(day: MarketDay, subscribed: readonly Segment[]): PhaseStep[] {
  const spotSegments = subscribed.filter((segment) => spot.has(segment));
  const derivatives = subscribed.filter((segment) => !spot.has(segment));
  return [
    ...sessionsOf(day, subscribed).flatMap((session) => startSteps(day, subscribed, session)),
    ...closeSteps(day, spotSegments, 'spot-close', 'Index and cash close'),
    ...closeSteps(day, derivatives, 'derivatives-close', 'Derivatives close'),
  ];
}

function startSteps(day: MarketDay, subscribed: readonly Segment[], session: TradingSession): PhaseStep[] {
  const intervals = subscribed
    .flatMap((segment) => day.segments.get(segment) ?? [])
    .filter(({ startMs }) => startMs >= session.startMs && startMs < session.endMs);
  return starts.flatMap(({ step, label, phases }) => {
    const first = earliest(intervals.filter(({ phase }) => phases.includes(phase)));
    return first === null ? [] : [{ step, label, plannedAt: first, usefulUntil: null }];
  });
}

function earliest(intervals: readonly PhaseInterval[]): number | null {
  return intervals.length === 0 ? null : Math.min(...intervals.map(({ startMs }) => startMs));
}

function closeSteps(day: MarketDay, segments: readonly Segment[], step: StepId, label: string): PhaseStep[] {
  return sessionsOf(day, segments).map(({ endMs }) => ({ step, label, plannedAt: endMs, usefulUntil: null }));
}
