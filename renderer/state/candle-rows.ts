import type { CandleRow } from '../../src/contract/commands.ts';

/** Bars kept of one instrument; a day of one-minute bars is about 385. */
export const CANDLE_LIMIT = 5000;

/** What became of a candle offered to a series. */
export type CandleEffect = 'appended' | 'replaced' | 'late';

/** Puts a live candle into `rows` (ascending, mutated). One older than the last is late and changes nothing. */
export function putCandle(rows: CandleRow[], row: CandleRow): CandleEffect {
  const last = rows.at(-1);
  if (last !== undefined && row[0] < last[0]) return 'late';
  if (last !== undefined && row[0] === last[0]) {
    rows[rows.length - 1] = row;
    return 'replaced';
  }
  rows.push(row);
  if (rows.length > CANDLE_LIMIT) rows.shift();
  return 'appended';
}

/**
 * History and what came live while it was being fetched, ascending and without repeats. The live candle wins: it is as
 * new or newer.
 */
export function mergeCandles(history: readonly CandleRow[], live: readonly CandleRow[]): CandleRow[] {
  const byStart = new Map<number, CandleRow>();
  for (const row of history) byStart.set(row[0], row);
  for (const row of live) byStart.set(row[0], row);
  return [...byStart.values()].sort((a, b) => a[0] - b[0]).slice(-CANDLE_LIMIT);
}
