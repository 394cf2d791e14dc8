import type { IstDate } from './ist.ts';

/** `20 Nov`. */
export function dayWords(date: IstDate): string {
  const day = new Date(`${date}T00:00:00Z`);
  return day.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
}
