import { z } from 'zod';
import { regimeRowsFor } from './day-phases.ts';
import { segments } from './segments.ts';
import {
  confidenceSchema,
  isPreOpenPhase,
  istDateSchema,
  isUnbroken,
  phaseSequenceSchema,
  segmentSchema,
  sessionWindowsSchema,
  timeSpanSchema,
} from './session-schema.ts';
import { isWeekend } from './trading-days.ts';

/**
 * The shape of the calendar's data file, and the rules its rows keep among each other. Data that fails them is worse
 * than none: a year with hardly any closures, say, would turn holidays into trading days.
 */

/** What every row carries: where it comes from and how far to trust it. */
const evidence = {
  source: z.string().min(1),
  confidence: confidenceSchema,
  note: z.string().min(1).optional(),
};

/**
 * The timetable of one part of the day, from a date on until the next row for the same segment and part. A new rule is
 * a new row. The pre-open is a part of its own because the exchanges change it independently of the session.
 */
const regimeSchema = z.strictObject({
  id: z.string().min(1),
  part: z.enum(['pre-open', 'session']),
  segments: z.array(segmentSchema).min(1).readonly(),
  from: istDateSchema,
  phases: phaseSequenceSchema,
  ...evidence,
});
export type RegimeRow = z.infer<typeof regimeSchema>;

/** A weekday on which no segment trades. Equities and equity derivatives of both exchanges close together. */
const closureSchema = z.strictObject({ date: istDateSchema, name: z.string().min(1), ...evidence });

/** A day that trades although rule or list say otherwise, or at other hours than the regime's. */
const specialSchema = z.discriminatedUnion('session', [
  /** The regime of the date, in full. */
  z.strictObject({ session: z.literal('full-day'), date: istDateSchema, name: z.string().min(1), ...evidence }),
  /** Hours of its own; the confidence is that of the trading hours. */
  z.strictObject({
    session: z.literal('windows'),
    date: istDateSchema,
    name: z.string().min(1),
    windows: sessionWindowsSchema,
    ...evidence,
  }),
  /** Known to take place, hours unknown: `watch` is when the feed ought to run. The confidence is that of the date. */
  z.strictObject({
    session: z.literal('unpublished'),
    date: istDateSchema,
    name: z.string().min(1),
    windows: z.null(),
    watch: timeSpanSchema,
    ...evidence,
  }),
]);
export type SpecialRow = z.infer<typeof specialSchema>;

/** The weekday on which monthly contracts end, for contracts of `fromMonth` and later until the next row. */
const expiryRuleSchema = z.strictObject({
  underlying: z.enum(['NIFTY', 'BANKNIFTY', 'SENSEX']),
  fromMonth: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'not a month YYYY-MM'),
  lastWeekday: z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday']),
  onHoliday: z.literal('previous-trading-day'),
  ...evidence,
});

const rowsSchema = z.strictObject({
  about: z.string(),
  version: z.string().min(1),
  verifiedOn: istDateSchema,
  coverage: z.strictObject({
    from: istDateSchema.refine((date) => date.endsWith('-01-01'), 'coverage is whole years'),
    to: istDateSchema.refine((date) => date.endsWith('-12-31'), 'coverage is whole years'),
  }),
  regimes: z.array(regimeSchema).readonly(),
  closures: z.array(closureSchema).readonly(),
  /** Listed holidays that fall on a weekend: they only give the weekend day its name. */
  weekendListed: z.array(closureSchema).readonly(),
  specials: z.array(specialSchema).readonly(),
  expiryRules: z.array(expiryRuleSchema).readonly(),
});
export type CalendarData = z.infer<typeof rowsSchema>;

/** The exchanges list 13 to 16 weekday closures a year; fewer than this means that part of a list is missing. */
const MIN_CLOSURES_PER_YEAR = 10;

/** Validates a calendar data file; a `ZodError` names each row that is wrong. */
export const calendarDataSchema = rowsSchema.superRefine((data, context) => {
  for (const message of inconsistencies(data)) context.addIssue({ code: 'custom', message });
});

function inconsistencies(data: CalendarData): string[] {
  return [
    ...repeated('closure', [...data.closures, ...data.weekendListed], (row) => row.date),
    ...repeated('special', data.specials, (row) => row.date),
    ...repeated('expiry rule', data.expiryRules, (row) => `${row.underlying} ${row.fromMonth}`),
    ...repeated('regime', data.regimes, (row) => row.id),
    ...segments.flatMap((segment) =>
      repeated(
        `regime of ${segment}`,
        data.regimes.filter((row) => row.segments.includes(segment)),
        (row) => `${row.part} ${row.from}`,
      ),
    ),
    ...misplacedDates(data),
    ...thinYears(data),
    ...mixedParts(data),
    ...brokenDays(data),
  ];
}

function repeated<Row>(what: string, rows: readonly Row[], keyOf: (row: Row) => string): string[] {
  const keys = rows.map(keyOf);
  return keys.filter((key, i) => keys.indexOf(key) !== i).map((key) => `${what} given twice: ${key}`);
}

function misplacedDates(data: CalendarData): string[] {
  const { from, to } = data.coverage;
  const dated = [...data.closures, ...data.weekendListed, ...data.specials];
  return [
    ...dated.filter(({ date }) => date < from || date > to).map(({ date }) => `${date} lies outside the coverage`),
    ...data.closures.filter(({ date }) => isWeekend(date)).map(({ date }) => `closure ${date} is on a weekend`),
    ...data.weekendListed.filter(({ date }) => !isWeekend(date)).map(({ date }) => `${date} is not on a weekend`),
  ];
}

function thinYears(data: CalendarData): string[] {
  const first = Number(data.coverage.from.slice(0, 4));
  const count = Number(data.coverage.to.slice(0, 4)) - first + 1;
  if (count < 1) return ['coverage ends before it starts'];
  return Array.from({ length: count }, (_, i) => String(first + i))
    .map((year) => ({ year, closures: data.closures.filter((row) => row.date.startsWith(year)).length }))
    .filter(({ closures }) => closures < MIN_CLOSURES_PER_YEAR)
    .map(({ year, closures }) => `${year} has ${closures} closures; at least ${MIN_CLOSURES_PER_YEAR} are expected`);
}

function mixedParts(data: CalendarData): string[] {
  return data.regimes
    .filter((row) => row.phases.some(({ phase }) => isPreOpenPhase(phase) !== (row.part === 'pre-open')))
    .map((row) => `regime ${row.id} has phases that do not belong to its part`);
}

/** Every segment must have an unbroken day, with continuous trading, on every date at which any regime changes. */
function brokenDays(data: CalendarData): string[] {
  const changes = [...new Set([data.coverage.from, ...data.regimes.map((row) => row.from)])];
  return segments.flatMap((segment) =>
    changes
      .filter((date) => {
        const rows = regimeRowsFor(data, segment, date).flatMap((regime) => regime.phases);
        return !isUnbroken(rows) || !rows.some((row) => row.phase === 'continuous');
      })
      .map((date) => `the day of ${segment} has no session, overlaps or leaves a hole from ${date}`),
  );
}
