import type { MarketCalendar, Underlying } from '../../../src/market/calendar.ts';
import { addDays, type IstDate, weekdayOf } from '../../../src/market/ist.ts';

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const;
/** Month in the symbol of a weekly contract. */
const WEEKLY_MONTHS = '123456789OND';
const TUESDAY = 2;
const WEDNESDAY = 3;
const THURSDAY = 4;
const FRIDAY = 5;
/** SENSEX weeklies expired on Fridays in 2024, the last of them on 3 January 2025; observed. */
const SENSEX_LEFT_FRIDAY = '2025-01-04';
/** BANKNIFTY had weeklies until this date, on Wednesdays; observed. */
const LAST_BANKNIFTY_WEEKLY = '2024-11-13';
/** Contracts expiring from this date on: NSE on Tuesday, BSE on Thursday; the year before, the other way round. */
const WEEKDAYS_SWAPPED = '2025-09-01';

/** The next monthly expiries on or after `date`, nearest first. */
export function monthlyExpiries(
  calendar: MarketCalendar,
  underlying: Underlying,
  date: IstDate,
  count: number,
): IstDate[] {
  const found: IstDate[] = [];
  let year = Number(date.slice(0, 4));
  let month = Number(date.slice(5, 7));
  while (found.length < count) {
    const expiry = calendar.monthlyExpiry(underlying, year, month) ?? monthlyByRule(calendar, underlying, year, month);
    if (expiry >= date) found.push(expiry);
    month += 1;
    if (month > 12) [year, month] = [year + 1, 1];
  }
  return found;
}

/** The next weekly expiries on or after `date`, nearest first; the month's last one is the monthly. */
export function weeklyExpiries(
  calendar: MarketCalendar,
  underlying: Underlying,
  date: IstDate,
  count: number,
): IstDate[] {
  const found: IstDate[] = [];
  for (let day = date; found.length < count; day = addDays(day, 1)) {
    if (underlying === 'BANKNIFTY' && day > LAST_BANKNIFTY_WEEKLY) break;
    if (weekdayOf(day) !== weeklyWeekday(underlying, day)) continue;
    const expiry = monthlyOfWeek(calendar, underlying, day) ?? tradingDayUpTo(calendar, day);
    if (expiry >= date) found.push(expiry);
  }
  return found;
}

/** In the week of a monthly expiry there is no weekly beside it. */
function monthlyOfWeek(calendar: MarketCalendar, underlying: Underlying, day: IstDate): IstDate | null {
  const monday = addDays(day, 1 - weekdayOf(day));
  const [monthly = ''] = monthlyExpiries(calendar, underlying, monday, 1);
  return monthly <= addDays(monday, 4) ? monthly : null;
}

function weeklyWeekday(underlying: Underlying, date: IstDate): number {
  if (underlying === 'BANKNIFTY') return WEDNESDAY;
  return underlying === 'SENSEX' && date < SENSEX_LEFT_FRIDAY ? FRIDAY : expiryWeekday(underlying, date);
}

/** Whether an expiry is the last of its month for the underlying. */
export function isMonthly(calendar: MarketCalendar, underlying: Underlying, expiry: IstDate): boolean {
  return monthlyExpiries(calendar, underlying, expiry, 1)[0] === expiry;
}

/** `26NOV`: the expiry in the symbol of a future or a monthly option. */
export function monthlyCode(expiry: IstDate): string {
  return `${expiry.slice(2, 4)}${MONTHS[Number(expiry.slice(5, 7)) - 1]}`;
}

/** `26N23`: the expiry in the symbol of a weekly option. */
export function weeklyCode(expiry: IstDate): string {
  return `${expiry.slice(2, 4)}${WEEKLY_MONTHS[Number(expiry.slice(5, 7)) - 1]}${expiry.slice(8, 10)}`;
}

/** Where the calendar has no answer (beyond its coverage): the last such weekday, earlier if that is known to be closed. */
function monthlyByRule(calendar: MarketCalendar, underlying: Underlying, year: number, month: number): IstDate {
  const firstOfNext = month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
  let day = addDays(firstOfNext, -1);
  while (weekdayOf(day) !== expiryWeekday(underlying, day)) day = addDays(day, -1);
  return tradingDayUpTo(calendar, day);
}

function expiryWeekday(underlying: Underlying, date: IstDate): number {
  const onTuesday = (underlying === 'SENSEX') === date < WEEKDAYS_SWAPPED;
  return onTuesday ? TUESDAY : THURSDAY;
}

function tradingDayUpTo(calendar: MarketCalendar, date: IstDate): IstDate {
  let day = date;
  while (!['trading', 'unknown'].includes(calendar.day(day).kind)) day = addDays(day, -1);
  return day;
}
