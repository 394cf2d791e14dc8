import type { CandleDay } from '../../state/candle-book.ts';

/** Says so when the day's candles are not the whole story; null where they are. */
export function historyNote(day: CandleDay, isToday: boolean): string | null {
  if (day.status !== 'ready') return null;
  const isUnavailable = day.value?.history === 'unavailable';
  const why = day.error ?? day.value?.reason ?? (isUnavailable ? 'History unavailable.' : null);
  if (why === null) return null;
  // An earlier run of the day may have kept its part.
  return isToday && (isUnavailable || day.error !== null) ? `Only what this app has seen and kept today. ${why}` : why;
}
