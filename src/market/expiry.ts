import type { Underlying } from './calendar.ts';
import type { CalendarData } from './calendar-schema.ts';
import { addDays, type IstDate, isIstDate, weekdayOf } from './ist.ts';
import type { ResolvedDay } from './market-day.ts';
import { walkToFullSession } from './trading-days.ts';

/** Monthly expiry by rule. The broker's instrument file is the truth; this is what it is checked against. */

const weekdayNumbers = { monday: 1, tuesday: 2, wednesday: 3, thursday: 4, friday: 5 } as const;

type ExpiryRule = CalendarData['expiryRules'][number];

/** `month` is 1 to 12. Null without a rule for the month, or where the answer would rest on days the data does not cover. */
export function monthlyExpiryOf(
  data: CalendarData,
  dayOn: (date: IstDate) => ResolvedDay,
  underlying: Underlying,
  year: number,
  month: number,
): IstDate | null {
  const monthText = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
  if (!isIstDate(`${monthText}-01`)) return null;
  const rule = ruleFor(data.expiryRules, underlying, monthText);
  if (rule === undefined) return null;

  return walkToFullSession(
    dayOn,
    lastWeekdayOf(monthText, weekdayNumbers[rule.lastWeekday]),
    -1,
    (day) => day.canExpire,
  );
}

function ruleFor(rules: readonly ExpiryRule[], underlying: Underlying, month: string): ExpiryRule | undefined {
  return rules
    .filter((rule) => rule.underlying === underlying && rule.fromMonth <= month)
    .sort((a, b) => (a.fromMonth < b.fromMonth ? -1 : 1))
    .at(-1);
}

function lastWeekdayOf(month: string, weekday: number): IstDate {
  // Every month has reached day 28, and four days later the next one has begun.
  const inNextMonth = addDays(`${month}-28`, 4);
  const lastDay = addDays(inNextMonth, -Number(inNextMonth.slice(8)));
  return addDays(lastDay, -((weekdayOf(lastDay) - weekday + 7) % 7));
}
