import { formatIst, instantOf, isIstDate } from '../../../src/market/ist.ts';

/** `YYYY-MM-DD HH:MM:SS` in IST, the way Kite writes times in quotes and sessions. */
export function istText(instantMs: number): string {
  return formatIst(instantMs).slice(0, 19).replace('T', ' ');
}

/** `YYYY-MM-DDTHH:MM:SS+0530`, the way Kite writes the start of a candle. */
export function candleStamp(instantMs: number): string {
  return `${formatIst(instantMs).slice(0, 19)}+0530`;
}

/** Reads `YYYY-MM-DD HH:MM:SS`, or a date alone (midnight), as IST; null when it is neither. */
export function parseIstText(text: string | null): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T]([01]\d|2[0-3]):([0-5]\d):([0-5]\d))?$/.exec(text ?? '');
  const [, date = '', hours = '00', minutes = '00', seconds = '00'] = match ?? [];
  return isIstDate(date) ? instantOf(date, `${hours}:${minutes}:${seconds}`) : null;
}
