import type { MarketCalendar } from './calendar.ts';
import type { IstDate } from './ist.ts';

/** The IST date a simulation plays unless another is asked for: today, or the last trading day where today has none. */
export function simulatedDate(calendar: MarketCalendar, today: IstDate): IstDate {
  return calendar.day(today).kind === 'trading' ? today : (calendar.previousTradingDay(today) ?? today);
}
