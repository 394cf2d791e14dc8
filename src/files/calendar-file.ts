import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CalendarOverrides, calendarOverridesSchema } from '../market/calendar-overrides.ts';
import { setAside } from './set-aside.ts';

export interface OpenedOverrides {
  readonly overrides: CalendarOverrides;
  /** One sentence for the trader when the file had to be set aside; otherwise null. */
  readonly notice: string | null;
}

const NONE: CalendarOverrides = { days: [] };

/**
 * The trader's own calendar rows in `calendar.json` in the home folder: an exchange that closes or opens at short notice.
 * A file that cannot be understood is set aside and the bundled calendar used as it is.
 */
export function readCalendarOverrides(home: string, nowMs: number): OpenedOverrides {
  const path = join(home, 'calendar.json');
  if (!existsSync(path)) return { overrides: NONE, notice: null };
  try {
    return { overrides: calendarOverridesSchema.parse(JSON.parse(readFileSync(path, 'utf8'))), notice: null };
  } catch {
    const aside = setAside(path, nowMs);
    return {
      overrides: NONE,
      notice: `Your calendar file could not be understood: set aside as ${aside}, and the bundled calendar is used.`,
    };
  }
}
