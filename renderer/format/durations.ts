/** Lengths of time in words and figures; arguments in ms. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * What is left until an instant: `2 d 4 h`, `4 h 12 m`, `12 m 05 s`, `8 s`. Counts the running second in, so that 0 is the
 * end. Never with a colon: beside the clock it would be read as a time of day.
 */
export function formatCountdown(remainingMs: number): string {
  const left = Math.max(0, Math.ceil(remainingMs / SECOND) * SECOND);
  if (left >= DAY) return `${Math.floor(left / DAY)} d ${Math.floor((left % DAY) / HOUR)} h`;
  if (left >= HOUR) return `${Math.floor(left / HOUR)} h ${twoDigits((left % HOUR) / MINUTE)} m`;
  if (left >= MINUTE) return `${Math.floor(left / MINUTE)} m ${twoDigits((left % MINUTE) / SECOND)} s`;
  return `${left / SECOND} s`;
}

/** How old something is: `<1 s`, `8 s`, `2 m 10 s`, `1 h 05 m`, `3 d`. */
export function formatAge(ageMs: number): string {
  if (ageMs < SECOND) return '<1 s';
  if (ageMs < MINUTE) return `${Math.floor(ageMs / SECOND)} s`;
  if (ageMs < HOUR) return `${Math.floor(ageMs / MINUTE)} m ${twoDigits((ageMs % MINUTE) / SECOND)} s`;
  if (ageMs < DAY) return `${Math.floor(ageMs / HOUR)} h ${twoDigits((ageMs % HOUR) / MINUTE)} m`;
  return `${Math.floor(ageMs / DAY)} d`;
}

/** How old something is, in its largest unit alone: `<1 s`, `8 s`, `2 m`, `1 h`, `3 d`. */
export function formatAgeBriefly(ageMs: number): string {
  return formatAge(ageMs).split(' ').slice(0, 2).join(' ');
}

function twoDigits(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}
