import type { CandleRow } from '../../src/contract/commands.ts';

/** What became of a candle put among others. */
export type CandlePlacement = 'appended' | 'replaced' | 'inserted';

/** Puts a candle in its place among `rows` (ascending by start, mutated): in that of the same minute, if there is one. */
export function upsertCandle(rows: CandleRow[], row: CandleRow): CandlePlacement {
  const index = indexFrom(rows, row[0]);
  if (index === rows.length) {
    rows.push(row);
    return 'appended';
  }
  if (rows[index]?.[0] === row[0]) {
    rows[index] = row;
    return 'replaced';
  }
  rows.splice(index, 0, row);
  return 'inserted';
}

/** Takes the candle that starts at an instant (ms) out of `rows` (ascending, mutated); false when there is none. */
export function removeCandle(rows: CandleRow[], startMs: number): boolean {
  const index = indexFrom(rows, startMs);
  if (rows[index]?.[0] !== startMs) return false;
  rows.splice(index, 1);
  return true;
}

/** The index of the first candle that starts at or after an instant; the length when there is none. */
function indexFrom(rows: readonly CandleRow[], startMs: number): number {
  // Nearly every change is of the last candle, or a new one after it.
  if ((rows.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY) < startMs) return rows.length;
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((rows[middle]?.[0] ?? 0) < startMs) from = middle + 1;
    else to = middle;
  }
  return from;
}
