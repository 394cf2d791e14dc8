import { type IstTime, instantOf, isIstDate, istDateOf, istTimeOf } from '../market/ist.ts';

const IST_TEXT = /^(\d{4}-\d{2}-\d{2})[ T]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\+05:?30)?$/;

/**
 * The instant (ms since the epoch, UTC) of a time as Kite's REST API writes it: `2026-11-23 09:15:00`, IST without
 * saying so, or `2026-11-23T09:15:00+0530`. Null when it is neither.
 */
export function parseIstText(text: string): number | null {
  const [, date, hours, minutes, seconds] = IST_TEXT.exec(text) ?? [];
  if (date === undefined || !isIstDate(date)) return null;
  const time: IstTime = `${hours}:${minutes}:${seconds}`;
  return instantOf(date, time);
}

/** An instant (ms since the epoch, UTC) as the API takes it in `from` and `to`: IST, `2026-11-23 09:15:00`. */
export function formatIstText(instantMs: number): string {
  return `${istDateOf(instantMs)} ${istTimeOf(instantMs)}`;
}
