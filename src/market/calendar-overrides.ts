import { z } from 'zod';
import { plainText } from '../text.ts';
import { istDateSchema, istTimeSchema, sessionWindowsSchema } from './session-schema.ts';

/** Characters. */
const LONGEST_REASON = 120;
const LONGEST_PROBLEM = 120;
/** More rows that cannot be used are told as a number. */
const MOST_NAMED = 5;
/** When continuous trading begins on every ordinary day; a session that ends by then is none. IST. */
export const SESSION_START = '09:15';

/** Shown on the screen and in alerts: one short line that means what it shows. */
const reasonSchema = z
  .string()
  .transform((text) => plainText(text, LONGEST_REASON))
  .pipe(z.string().min(1));

/**
 * The user's own rows, one per date, which win over everything the calendar knows: the exchanges sometimes give three
 * days' notice, and in an outage none.
 */
const overrideRowSchema = z.discriminatedUnion('session', [
  /** The exchange trades its ordinary hours on this date; with `until`, continuously up to then instead of its close. */
  z.strictObject({
    session: z.literal('open'),
    date: istDateSchema,
    reason: reasonSchema,
    until: istTimeSchema.refine((time) => time > SESSION_START, 'before the session starts').optional(),
  }),
  /** The exchange does not trade on this date. */
  z.strictObject({ session: z.literal('closed'), date: istDateSchema, reason: reasonSchema }),
  /** The exchange trades in these windows only. */
  z.strictObject({
    session: z.literal('windows'),
    date: istDateSchema,
    reason: reasonSchema,
    windows: sessionWindowsSchema,
  }),
]);
export type OverrideRow = z.infer<typeof overrideRowSchema>;

/** Validates an overrides file, e.g. `{"days":[{"date":"2026-12-24","session":"closed","reason":"Declared today"}]}`. */
export const calendarOverridesSchema = z
  .strictObject({ days: z.array(overrideRowSchema).readonly() })
  .refine(({ days }) => new Set(days.map((row) => row.date)).size === days.length, 'a date is given twice');
export type CalendarOverrides = z.infer<typeof calendarOverridesSchema>;

/** What could be used of an overrides file. */
export interface ReadOverrides {
  readonly overrides: CalendarOverrides;
  /** The first rows that cannot be used, each as the rest of a sentence, and how many more there are. */
  readonly problems: readonly string[];
}

const looseFileSchema = z.strictObject({ days: z.array(z.unknown()) });

/** Reads an overrides file row by row (null: there is no file); null when it is no overrides file at all. */
export function readOverrides(text: string | null): ReadOverrides | null {
  if (text === null) return { overrides: { days: [] }, problems: [] };
  const file = looseFileSchema.safeParse(jsonOf(text));
  if (!file.success) return null;
  const days = new Map<string, OverrideRow>();
  const problems: string[] = [];
  let badRows = 0;
  const leaveOut = (name: string, why: string): void => {
    badRows++;
    if (badRows <= MOST_NAMED) problems.push(`${name} is left out (${why})`);
  };
  for (const [index, given] of file.data.days.entries()) {
    const row = overrideRowSchema.safeParse(given);
    const name = rowName(index, given);
    if (!row.success) leaveOut(name, wordsFor(row.error));
    else if (days.has(row.data.date)) leaveOut(name, 'the date is given twice');
    else days.set(row.data.date, row.data);
  }
  const unnamed = badRows - MOST_NAMED;
  if (unnamed > 0) {
    problems.push(`${unnamed.toLocaleString('en-IN')} more ${unnamed === 1 ? 'row is' : 'rows are'} left out`);
  }
  return { overrides: { days: [...days.values()] }, problems };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function rowName(index: number, row: unknown): string {
  const date = row !== null && typeof row === 'object' && 'date' in row ? row.date : null;
  const isShown = typeof date === 'string' && date.length <= 20;
  return isShown ? `row ${index + 1} (${plainText(date, 20)})` : `row ${index + 1}`;
}

function wordsFor(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'not of the documented form';
  const where = issue.path.join('.');
  return plainText(where === '' ? issue.message : `${where}: ${issue.message}`, LONGEST_PROBLEM);
}
