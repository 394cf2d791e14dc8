import type { PhaseInterval } from './calendar.ts';
import type { CalendarData, RegimeRow } from './calendar-schema.ts';
import { type IstDate, instantOf } from './ist.ts';
import { type Segment, segments } from './segments.ts';
import { isPreOpenPhase, type PhaseRow, type SessionWindowRow } from './session-schema.ts';

/** Timetables as instants: the phases of each segment on one date. */
export type SegmentPhases = ReadonlyMap<Segment, readonly PhaseInterval[]>;

const parts = ['pre-open', 'session'] as const;

/**
 * The regime rows in force for a segment on a date, in the order of the day. Before the coverage the earliest rows
 * answer, after it the latest: what is assumed about a day beyond the data.
 */
export function regimeRowsFor(
  data: Pick<CalendarData, 'regimes' | 'coverage'>,
  segment: Segment,
  date: IstDate,
): RegimeRow[] {
  const asOf = date < data.coverage.from ? data.coverage.from : date;
  return parts.flatMap((part) => {
    const started = data.regimes.filter(
      (row) => row.part === part && row.from <= asOf && row.segments.includes(segment),
    );
    return started.length === 0 ? [] : [started.reduce((latest, row) => (row.from > latest.from ? row : latest))];
  });
}

/** The distinct regime rows in force for any segment on a date. */
export function regimesInForce(data: CalendarData, date: IstDate): RegimeRow[] {
  return [...new Set(segments.flatMap((segment) => regimeRowsFor(data, segment, date)))];
}

/** The ordinary day of every segment on a date. */
export function regularPhases(data: CalendarData, date: IstDate): SegmentPhases {
  return phasesBySegment(date, (segment) => regimeRowsFor(data, segment, date).flatMap((regime) => regime.phases));
}

/** A day in windows of its own; a segment that no window names does not trade. */
export function windowPhases(data: CalendarData, date: IstDate, windows: readonly SessionWindowRow[]): SegmentPhases {
  return phasesBySegment(date, (segment) => {
    const hasPreOpen = regimeRowsFor(data, segment, date).some((regime) => regime.part === 'pre-open');
    return windows.flatMap((window) => {
      if (window.segments !== undefined) return window.segments.includes(segment) ? window.phases : [];
      return hasPreOpen ? window.phases : window.phases.filter((row) => !isPreOpenPhase(row.phase));
    });
  });
}

function phasesBySegment(date: IstDate, rowsOf: (segment: Segment) => readonly PhaseRow[]): SegmentPhases {
  return new Map(
    segments
      .map((segment) => [segment, rowsOf(segment).map((row) => intervalOf(date, row))] as const)
      .filter(([, phases]) => phases.length > 0),
  );
}

function intervalOf(date: IstDate, { phase, from, to, randomEndFrom }: PhaseRow): PhaseInterval {
  const endMs = instantOf(date, to);
  return {
    phase,
    startMs: instantOf(date, from),
    endMs,
    randomEnd: randomEndFrom === undefined ? null : { fromMs: instantOf(date, randomEndFrom), toMs: endMs },
  };
}
