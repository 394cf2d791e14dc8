/**
 * Indian Standard Time. IST is UTC+05:30 all year, so plain arithmetic is exact; the PC's own zone never takes part.
 */

/** A calendar date in IST, `YYYY-MM-DD`. */
export type IstDate = string & { readonly __istDate?: never };

/** A time of day in IST, `HH:MM` or `HH:MM:SS`. */
export type IstTime = string;

const OFFSET_MS = (5 * 60 + 30) * 60_000;
export const DAY_MS = 86_400_000;

/** The IST date of an instant (ms since the epoch, UTC). */
export function istDateOf(instantMs: number): IstDate {
  return new Date(instantMs + OFFSET_MS).toISOString().slice(0, 10);
}

/** The IST time of day of an instant, `HH:MM:SS`. */
export function istTimeOf(instantMs: number): IstTime {
  return new Date(instantMs + OFFSET_MS).toISOString().slice(11, 19);
}

/** The instant (ms since the epoch, UTC) at which IST clocks show `time` on `date`; `24:00` is the next midnight. */
export function instantOf(date: IstDate, time: IstTime): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return Date.parse(`${date}T00:00:00Z`) - OFFSET_MS + ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** ISO 8601 with the IST offset, to the second: `2026-11-23T09:15:00+05:30`. */
export function formatIst(instantMs: number): string {
  return `${new Date(instantMs + OFFSET_MS).toISOString().slice(0, 19)}+05:30`;
}

/** As `formatIst`, to the millisecond. */
export function formatIstMillis(instantMs: number): string {
  return `${new Date(instantMs + OFFSET_MS).toISOString().slice(0, 23)}+05:30`;
}

/** `days` calendar days after `date` (negative: before). */
export function addDays(date: IstDate, days: number): IstDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Day of the week of a date: 0 is Sunday, 6 Saturday. */
export function weekdayOf(date: IstDate): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}

/** Whether `text` is a real calendar date in the form `YYYY-MM-DD`. */
export function isIstDate(text: string): text is IstDate {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && addDays(text, 0) === text
  );
}
