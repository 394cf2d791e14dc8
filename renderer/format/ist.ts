/** Instants as Indian clocks and calendars show them. IST is UTC+05:30 all year; the PC's zone never takes part. */

const IST_OFFSET_MS = 19_800_000;
const DAY_MS = 86_400_000;
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `09:15:00` of an instant (ms since the epoch). */
export function istTime(instantMs: number): string {
  return shifted(instantMs).toISOString().slice(11, 19);
}

/** `09:15` of an instant. */
export function istMinute(instantMs: number): string {
  return istTime(instantMs).slice(0, 5);
}

/** `2026-11-23` of an instant. */
export function istDate(instantMs: number): string {
  return shifted(instantMs).toISOString().slice(0, 10);
}

/** `24 Nov` of a date `YYYY-MM-DD`. */
export function shortDate(date: string): string {
  const day = midnightUtc(date);
  return `${day.getUTCDate()} ${months[day.getUTCMonth()] ?? ''}`;
}

/** `Mon 23 Nov` of a date. */
export function dayDate(date: string): string {
  return `${weekdays[midnightUtc(date).getUTCDay()] ?? ''} ${shortDate(date)}`;
}

/** `Mon 23 Nov 2026` of a date. */
export function fullDate(date: string): string {
  return `${dayDate(date)} ${date.slice(0, 4)}`;
}

/** A sentence with each ISO date in it written as people do. */
export function readableDates(text: string): string {
  return text.replaceAll(/\b\d{4}-\d{2}-\d{2}\b/g, (date) => fullDate(date));
}

/** The instant as `today` needs it said: the time alone today, with its date otherwise. */
export function istMoment(instantMs: number, today: string): string {
  const date = istDate(instantMs);
  return date === today ? istMinute(instantMs) : `${dayDate(date)} ${istMinute(instantMs)}`;
}

/** The weekday before (-1) or after (1) a date. Which of them had a session is the desk's to say. */
export function stepWeekday(date: string, by: -1 | 1): string {
  let day = midnightUtc(date);
  do day = new Date(day.getTime() + by * DAY_MS);
  while (day.getUTCDay() === 0 || day.getUTCDay() === 6);
  return day.toISOString().slice(0, 10);
}

/**
 * The chart's time (s) for an instant (ms): shifted so that the axis, which knows only UTC, breaks at full hours and days
 * of IST.
 */
export function axisTime(instantMs: number): number {
  return Math.floor((instantMs + IST_OFFSET_MS) / 1000);
}

/** The instant (ms) of a chart time (s). */
export function instantOfAxis(axisSeconds: number): number {
  return axisSeconds * 1000 - IST_OFFSET_MS;
}

function shifted(instantMs: number): Date {
  return new Date(instantMs + IST_OFFSET_MS);
}

function midnightUtc(date: string): Date {
  return new Date(`${date}T00:00:00Z`);
}
