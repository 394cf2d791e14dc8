import { bundledCalendar } from '../../src/market/bundled-calendar.ts';
import type { PhaseInterval } from '../../src/market/calendar.ts';
import type { CalendarOverrides } from '../../src/market/calendar-overrides.ts';
import { type IstDate, instantOf, istTimeOf } from '../../src/market/ist.ts';
import type { PhaseRow } from '../../src/market/session-schema.ts';

/** A market-wide halt of one day: trading stops, and comes back through a pre-open of a quarter of an hour. IST `HH:MM`. */
export interface Halt {
  readonly from: string;
  readonly preOpenAt: string;
  readonly until: string;
}

/** The last minutes of the pre-open that ends a halt: orders are matched, nothing is taken. */
const BUFFER_MS = 4 * 60_000;

/** An ordinary day's own hours, with a halt in them. */
export function haltedDay(date: IstDate, halt: Halt): CalendarOverrides {
  const windows = [...bundledCalendar().day(date).segments].map(([segment, phases]) => {
    const hasPreOpen = phases.some(({ phase }) => phase === 'pre-open-entry');
    return { segments: [segment], phases: phases.flatMap((interval) => rowsOf(interval, date, halt, hasPreOpen)) };
  });
  return { days: [{ session: 'windows', date, reason: 'Market-wide circuit breaker', windows }] };
}

function rowsOf(interval: PhaseInterval, date: IstDate, halt: Halt, hasPreOpen: boolean): readonly PhaseRow[] {
  const { phase, startMs, endMs, randomEnd } = interval;
  if (phase === 'closed' || phase === 'unknown') return [];
  const [from, to] = [timeOf(startMs), timeOf(endMs)];
  if (phase !== 'continuous') {
    return [{ phase, from, to, ...(randomEnd === null ? {} : { randomEndFrom: timeOf(randomEnd.fromMs) }) }];
  }
  const matchedAt = timeOf(instantOf(date, halt.until) - BUFFER_MS);
  const reopening: readonly PhaseRow[] = [
    { phase: 'halted', from: halt.from, to: halt.preOpenAt },
    { phase: 'pre-open-entry', from: halt.preOpenAt, to: matchedAt },
    { phase: 'buffer', from: matchedAt, to: halt.until },
  ];
  return [
    { phase, from, to: halt.from },
    ...(hasPreOpen ? reopening : [{ phase: 'halted' as const, from: halt.from, to: halt.until }]),
    { phase, from: halt.until, to },
  ];
}

function timeOf(instantMs: number): string {
  return istTimeOf(instantMs).slice(0, 5);
}
