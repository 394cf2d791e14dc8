import { addDays, type IstDate, weekdayOf } from './ist.ts';
import type { ResolvedDay } from './market-day.ts';

/**
 * The first date with a full session, from `date` on in steps of `step` days (1 or -1). Sessions in windows of their
 * own (Muhurat, disaster-recovery drills) and days without trading are passed over. Null when the walk comes to a date
 * whose hours are only assumed: whether that one trades is not known, so neither is the answer.
 */
export function walkToFullSession(
  dayOn: (date: IstDate) => ResolvedDay,
  date: IstDate,
  step: 1 | -1,
  counts: (day: ResolvedDay) => boolean = (day) => day.fullSession,
): IstDate | null {
  let day = dayOn(date);
  while (!counts(day)) {
    if (day.hours === 'assumed') return null;
    day = dayOn(addDays(day.date, step));
  }
  return day.date;
}

/** Whether a date is a Saturday or a Sunday. */
export function isWeekend(date: IstDate): boolean {
  const weekday = weekdayOf(date);
  return weekday === 0 || weekday === 6;
}
