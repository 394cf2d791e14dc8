import type { MarketDay, PhaseInterval } from '../market/calendar.ts';
import { addDays, type IstDate, instantOf } from '../market/ist.ts';
import type { Segment, SegmentPhase } from '../market/segments.ts';
import { joinAdjacent, sessionStretches } from '../market/session-windows.ts';

/** Where an instant lies in a segment's day, as far as the belief in a price depends on it. */
export type SessionStage =
  /** The segment does not trade on this day. */
  | 'no-session'
  | 'before'
  | 'pre-open'
  | 'continuous'
  | 'closing-auction'
  /** Not trading, though the day goes on: halt, frozen index, the break between two windows. */
  | 'paused'
  | 'over'
  /** A session is on, or may be, and nobody has published its hours. */
  | 'unknown';

interface StageInterval {
  readonly stage: SessionStage;
  readonly startMs: number;
  readonly endMs: number;
}

/** One segment's IST day, made for many cheap look-ups; instants in ms since the epoch, ends exclusive. */
export interface SegmentDay {
  readonly date: IstDate;
  /** Null: an instrument outside the exchanges the calendar covers. */
  readonly segment: Segment | null;
  readonly isIndex: boolean;
  readonly startMs: number;
  readonly endMs: number;
  /** In order, covering the whole day without a hole. */
  readonly stages: readonly StageInterval[];
  /**
   * Continuous trading and the closing auction that follows it, without the breaks between them: the minutes that have a
   * row in the exchange's history. Empty on a day without trading.
   */
  readonly windows: readonly TradingWindow[];
  /** When the last trade that can move the price by itself is over: the auction's result may follow. Null without windows. */
  readonly tradedUntilMs: number | null;
}

/** Ms since the epoch, the end exclusive. */
export interface TradingWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/** `closed` is missing on purpose: what it means depends on what surrounds it. */
const stageOfPhase: Readonly<Partial<Record<SegmentPhase, SessionStage>>> = {
  'pre-open-entry': 'pre-open',
  'pre-open-limit': 'pre-open',
  'pre-open-matching': 'pre-open',
  buffer: 'pre-open',
  continuous: 'continuous',
  // The reference price is computed from trades that are over: no order is taken yet.
  'auction-reference': 'paused',
  'auction-entry': 'closing-auction',
  'auction-limit': 'closing-auction',
  'auction-matching': 'closing-auction',
  frozen: 'paused',
  'close-discovery': 'paused',
  transition: 'over',
  'post-close': 'over',
  halted: 'paused',
  unknown: 'unknown',
};

const indexSegments: ReadonlySet<Segment> = new Set(['NSE_INDEX', 'BSE_INDEX']);

/** An index's official close may come in its last minute. */
const movingPhases: ReadonlySet<SegmentPhase> = new Set(['continuous', 'frozen']);

/** Lays out `segment`'s stages on a day of the calendar. */
export function segmentDay(day: MarketDay, segment: Segment | null): SegmentDay {
  const { date } = day;
  const startMs = instantOf(date, '00:00');
  const endMs = instantOf(addDays(date, 1), '00:00');
  const stages = segment === null ? [] : fillHoles(sessionsOf(day, segment), startMs, endMs);
  const isIndex = segment !== null && indexSegments.has(segment);
  const windows = segment === null ? [{ startMs, endMs }] : windowsOf(day, segment);
  const moving = intervalsOf(day, segment).filter(({ phase }) => movingPhases.has(phase));
  const tradedUntilMs = moving.at(-1)?.endMs ?? windows.at(-1)?.endMs ?? null;
  return { date, segment, isIndex, startMs, endMs, stages, windows, tradedUntilMs };
}

function intervalsOf({ segments }: MarketDay, segment: Segment | null): readonly PhaseInterval[] {
  return segment === null ? [] : (segments.get(segment) ?? []);
}

function windowsOf(day: MarketDay, segment: Segment): readonly TradingWindow[] {
  if (day.hours === 'unpublished') return day.watch === null ? [] : [day.watch];
  const traded = sessionStretches(day, segment).filter(({ part }) => part !== 'pre-open');
  return joinAdjacent(
    traded.map(({ startMs, endMs }) => ({ startMs, endMs })),
    () => true,
  );
}

/** Whether the exchange's history may have a row that starts at the instant. */
export function isInWindow({ windows }: Pick<SegmentDay, 'windows'>, instantMs: number): boolean {
  return windows.some(({ startMs, endMs }) => instantMs >= startMs && instantMs < endMs);
}

/** The stage that contains the instant; `no-session` outside the day. */
export function stageAt(day: SegmentDay, instantMs: number): SessionStage {
  return intervalAt(day, instantMs)?.stage ?? 'no-session';
}

/** When the stage that contains the instant began; null outside the day. */
export function stageStart(day: SegmentDay, instantMs: number): number | null {
  return intervalAt(day, instantMs)?.startMs ?? null;
}

/** Whether continuous trading has begun before the instant. */
export function hasTradedBy(day: SegmentDay, instantMs: number): boolean {
  return day.stages.some(({ stage, startMs }) => stage === 'continuous' && startMs < instantMs);
}

function intervalAt(day: SegmentDay, instantMs: number): StageInterval | null {
  for (const interval of day.stages) {
    if (instantMs < interval.endMs) return instantMs < interval.startMs ? null : interval;
  }
  return null;
}

function sessionsOf({ hours, watch, segments }: MarketDay, segment: Segment): readonly StageInterval[] {
  if (hours !== 'unpublished') return (segments.get(segment) ?? []).flatMap(stageInterval);
  return watch === null ? [] : [{ stage: 'unknown', startMs: watch.startMs, endMs: watch.endMs }];
}

function stageInterval({ phase, startMs, endMs }: PhaseInterval): StageInterval[] {
  const stage = stageOfPhase[phase];
  return stage === undefined ? [] : [{ stage, startMs, endMs }];
}

function fillHoles(sessions: readonly StageInterval[], startMs: number, endMs: number): readonly StageInterval[] {
  if (sessions.length === 0) return [{ stage: 'no-session', startMs, endMs }];
  const filled: StageInterval[] = [];
  let at = startMs;
  for (const session of sessions) {
    if (session.startMs > at) {
      filled.push({ stage: at === startMs ? 'before' : 'paused', startMs: at, endMs: session.startMs });
    }
    filled.push(session);
    at = session.endMs;
  }
  if (at < endMs) filled.push({ stage: 'over', startMs: at, endMs });
  return filled;
}
