import type { MarketCalendar } from './calendar.ts';
import type { CalendarOverrides } from './calendar-overrides.ts';
import type { CalendarData } from './calendar-schema.ts';
import { monthlyExpiryOf } from './expiry.ts';
import { addDays, DAY_MS, type IstDate, instantOf, isIstDate, istDateOf } from './ist.ts';
import { dayResolver, type ResolvedDay } from './market-day.ts';
import { intervalAt, marketPhaseAt, nextMarketPhase, segmentPhaseAt } from './market-phase.ts';
import { walkToFullSession } from './trading-days.ts';

const FIRST_MIDNIGHT_MS = instantOf('1970-01-01', '00:00');

/**
 * The calendar over validated data and the user's overrides. Each date is worked out once and kept, so that asking for
 * a phase many times a second costs a look-up.
 */
export function createCalendar(data: CalendarData, overrides: CalendarOverrides = { days: [] }): MarketCalendar {
  const resolve = dayResolver(data, overrides);
  const byDate = new Map<IstDate, ResolvedDay>();
  const byDayNumber = new Map<number, ResolvedDay>();

  const dayOn = (date: IstDate): ResolvedDay => {
    const known = byDate.get(date);
    if (known !== undefined) return known;
    if (!isIstDate(date)) throw new RangeError(`not a calendar date: ${date}`);
    const day = resolve(date);
    byDate.set(date, day);
    return day;
  };

  /** As `dayOn`, without formatting a date on every call. */
  const dayAt = (instantMs: number): ResolvedDay => {
    const dayNumber = Math.floor((instantMs - FIRST_MIDNIGHT_MS) / DAY_MS);
    const known = byDayNumber.get(dayNumber);
    if (known !== undefined) return known;
    const day = dayOn(istDateOf(instantMs));
    byDayNumber.set(dayNumber, day);
    return day;
  };

  return {
    coverage: data.coverage,
    version: data.version,
    verifiedOn: data.verifiedOn,
    day: dayOn,
    interval: (segment, instantMs) => intervalAt(dayAt(instantMs), segment, instantMs),
    segmentPhase: (segment, instantMs) => segmentPhaseAt(dayAt(instantMs), segment, instantMs),
    marketPhase: (subscribed, instantMs) => marketPhaseAt(dayAt(instantMs), subscribed, instantMs),
    nextChange: (subscribed, instantMs) => nextMarketPhase(dayOn, subscribed, instantMs),
    previousTradingDay: (date) => walkToFullSession(dayOn, addDays(date, -1), -1),
    nextTradingDay: (date) => walkToFullSession(dayOn, addDays(date, 1), 1),
    monthlyExpiry: (underlying, year, month) => monthlyExpiryOf(data, dayOn, underlying, year, month),
  };
}
