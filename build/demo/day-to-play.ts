import { longDate } from '../../src/contract/long-date.ts';
import type { MarketCalendar } from '../../src/market/calendar.ts';
import type { IstDate } from '../../src/market/ist.ts';
import { simulatedDate } from '../../src/market/simulated-day.ts';

/** The day a demo plays, and what is said of it first; null: nothing. */
export interface DayToPlay {
  readonly date: IstDate;
  readonly line: string | null;
}

/** The day asked for; without one today, or on a day without trading the last trading day. */
export function dayToPlay(asked: IstDate | null, today: IstDate, calendar: MarketCalendar): DayToPlay {
  if (asked !== null) return { date: asked, line: kindOfDay(asked, calendar) };
  const date = simulatedDate(calendar, today);
  if (date === today) return { date, line: kindOfDay(date, calendar) };
  return {
    date,
    line: `No trading today: playing the last trading day, ${longDate(date)}. For another day add --date YYYY-MM-DD.`,
  };
}

/** On a holiday the demo shows what the app does on one: that is said at once. */
function kindOfDay(date: IstDate, calendar: MarketCalendar): string | null {
  const day = calendar.day(date);
  if (day.kind === 'trading') return null;
  const words = {
    holiday: 'a holiday: the app starts nothing and names it',
    weekend: 'a weekend: the app starts nothing',
    special: day.hours === 'unpublished' ? 'a special session without published hours' : 'a special session',
    unknown: 'outside the calendar: the app says so and runs by the last known hours',
  }[day.kind];
  return `${date} (${day.reason}) is ${words}.`;
}
