import { z } from 'zod';
import { type IstTime, isIstDate } from './ist.ts';
import { type SegmentPhase, segmentPhases, segments } from './segments.ts';

/** Shapes shared by the calendar's data file and the user's overrides: dates, times, phases and session windows. */

export const istDateSchema = z.string().refine(isIstDate, 'not a calendar date YYYY-MM-DD');

/** `HH:MM`, or `24:00` for the end of the day. Fixed width, so that comparing the strings compares the times. */
export const istTimeSchema = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'not a time HH:MM');

export const segmentSchema = z.enum(segments);
export const confidenceSchema = z.enum(['high', 'medium', 'low']);

/** A half-open stretch of one day, IST. */
export const timeSpanSchema = z
  .strictObject({ from: istTimeSchema, to: istTimeSchema })
  .refine((span) => span.from < span.to, 'ends before it starts');

/** One row of a timetable; `to` is exclusive. With `randomEndFrom` the phase ends at a random moment from then to `to`. */
export const phaseRowSchema = z
  .strictObject({
    phase: z.enum(segmentPhases).exclude(['closed', 'unknown']),
    from: istTimeSchema,
    to: istTimeSchema,
    randomEndFrom: istTimeSchema.optional(),
  })
  .refine((row) => row.from < row.to, 'ends before it starts')
  .refine(
    ({ from, to, randomEndFrom }) => randomEndFrom === undefined || (from <= randomEndFrom && randomEndFrom < to),
    'its random end lies outside it',
  );
export type PhaseRow = z.infer<typeof phaseRowSchema>;

/** Phases that follow one another without overlap or hole. */
export const phaseSequenceSchema = z
  .array(phaseRowSchema)
  .min(1)
  .readonly()
  .refine(isUnbroken, 'phases overlap or leave a hole');

/**
 * One session of a day with hours of its own. Without `segments` it holds for every segment, its pre-open phases only
 * for those that have a pre-open under the regime of that date (options never had one).
 */
const sessionWindowSchema = z.strictObject({
  segments: z.array(segmentSchema).min(1).readonly().optional(),
  phases: phaseSequenceSchema.refine(
    (phases) => phases.some((row) => row.phase === 'continuous'),
    'a window without continuous trading',
  ),
});
export type SessionWindowRow = z.infer<typeof sessionWindowSchema>;

/** The windows of one day, in order; a segment's windows must not overlap. */
export const sessionWindowsSchema = z
  .array(sessionWindowSchema)
  .min(1)
  .readonly()
  .refine((windows) => segments.every((segment) => isOrdered(rowsOf(windows, segment))), 'windows overlap');

function rowsOf(windows: readonly SessionWindowRow[], segment: (typeof segments)[number]): PhaseRow[] {
  return windows
    .filter((window) => window.segments === undefined || window.segments.includes(segment))
    .flatMap((window) => window.phases);
}

/** Whether each row starts exactly where the one before it ends. */
export function isUnbroken(rows: readonly PhaseRow[]): boolean {
  return everyStep(rows, (end, start) => start === end);
}

function isOrdered(rows: readonly PhaseRow[]): boolean {
  return everyStep(rows, (end, start) => start >= end);
}

function everyStep(rows: readonly PhaseRow[], holds: (end: IstTime, start: IstTime) => boolean): boolean {
  return rows.every((row, i) => {
    const previous = rows[i - 1];
    return previous === undefined || holds(previous.to, row.from);
  });
}

const preOpenPhases: ReadonlySet<SegmentPhase> = new Set([
  'pre-open-entry',
  'pre-open-limit',
  'pre-open-matching',
  'buffer',
]);

/** Whether a phase belongs to the call auction before trading. */
export function isPreOpenPhase(phase: SegmentPhase): boolean {
  return preOpenPhases.has(phase);
}
