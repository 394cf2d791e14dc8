import type { BookInstrument } from '../../../src/feed/quote-book.ts';

export const nifty: BookInstrument = { key: 'NSE:NIFTY 50', token: 256265, role: 'spot', segment: 'NSE_INDEX' };
export const sensex: BookInstrument = { key: 'BSE:SENSEX', token: 265, role: 'spot', segment: 'BSE_INDEX' };
export const niftyFuture: BookInstrument = {
  key: 'NFO:NIFTY26NOVFUT',
  token: 12683010,
  role: 'future',
  segment: 'NFO_FUT',
};
export const niftyCall: BookInstrument = {
  key: 'NFO:NIFTY26NOV26000CE',
  token: 12683266,
  role: 'watch',
  segment: 'NFO_OPT',
};
export const infosys: BookInstrument = { key: 'NSE:INFY', token: 408065, role: 'watch', segment: 'NSE_CASH_CAS' };
/** A commodity: the calendar keeps no hours for it. */
export const gold: BookInstrument = { key: 'MCX:GOLD26DECFUT', token: 109135111, role: 'watch', segment: null };

/** An instant of the ordinary trading day most tests play on (a Monday). */
export function at(time: string, date = '2026-11-23'): number {
  return Date.parse(`${date}T${time}+05:30`);
}
