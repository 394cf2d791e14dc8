import rows from '../../../src/market/calendar-data.json' with { type: 'json' };
import { type CalendarData, calendarDataSchema } from '../../../src/market/calendar-schema.ts';

/** The bundled data as parsed from its file, to build calendars with overrides from. */
export function bundledData(): CalendarData {
  return calendarDataSchema.parse(rows);
}

/** The bundled file as loose rows, a fresh copy each time, for tests that damage it. */
export function looseRows(): LooseRows {
  return structuredClone(rows) as unknown as LooseRows;
}

type Row = Record<string, unknown>;
export interface LooseRows {
  coverage: { from: string; to: string };
  regimes: (Row & { segments: string[]; phases: Row[] })[];
  closures: (Row & { date: string })[];
  weekendListed: (Row & { date: string })[];
  specials: (Row & { date: string })[];
  expiryRules: Row[];
  [other: string]: unknown;
}
