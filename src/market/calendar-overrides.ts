import { z } from 'zod';
import { istDateSchema, sessionWindowsSchema } from './session-schema.ts';

/**
 * The user's own rows, one per date, which win over everything the calendar knows: the exchanges sometimes give three
 * days' notice, and in an outage none.
 */
const overrideRowSchema = z.discriminatedUnion('session', [
  /** The exchange trades its ordinary hours on this date. */
  z.strictObject({ session: z.literal('open'), date: istDateSchema, reason: z.string().min(1) }),
  /** The exchange does not trade on this date. */
  z.strictObject({ session: z.literal('closed'), date: istDateSchema, reason: z.string().min(1) }),
  /** The exchange trades in these windows only. */
  z.strictObject({
    session: z.literal('windows'),
    date: istDateSchema,
    reason: z.string().min(1),
    windows: sessionWindowsSchema,
  }),
]);
export type OverrideRow = z.infer<typeof overrideRowSchema>;

/** Validates an overrides file, e.g. `{"days":[{"date":"2026-12-24","session":"closed","reason":"Declared today"}]}`. */
export const calendarOverridesSchema = z
  .strictObject({ days: z.array(overrideRowSchema).readonly() })
  .refine(({ days }) => new Set(days.map((row) => row.date)).size === days.length, 'a date is given twice');
export type CalendarOverrides = z.infer<typeof calendarOverridesSchema>;
