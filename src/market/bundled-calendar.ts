import type { MarketCalendar } from './calendar.ts';
import rows from './calendar-data.json' with { type: 'json' };
import type { CalendarOverrides } from './calendar-overrides.ts';
import { calendarDataSchema } from './calendar-schema.ts';
import { createCalendar } from './trading-calendar.ts';

/** The calendar that ships with the app, which needs no network. Validated like any other data file. */
export function bundledCalendar(overrides?: CalendarOverrides): MarketCalendar {
  return createCalendar(calendarDataSchema.parse(rows), overrides);
}
