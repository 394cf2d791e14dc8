import type { CandleRow } from '../contract/commands.ts';
import { isInWindow, type SegmentDay } from '../feed/segment-day.ts';
import type { KiteCandle } from '../kite/session.ts';
import { hasOpenInterest } from './day-minutes.ts';

/** The exchange's rows of an earlier day: those of continuous trading and the closing auction, as on the day itself. */
export function rowsOfDay(candles: readonly KiteCandle[], day: SegmentDay): CandleRow[] {
  return candles
    .filter(({ startMs }) => isInWindow(day, startMs))
    .map(({ startMs, open, high, low, close, volume, openInterest }) => [
      startMs,
      open,
      high,
      low,
      close,
      day.isIndex ? 0 : volume,
      hasOpenInterest(day) ? openInterest : null,
      'settled',
      false,
    ]);
}

export interface DayCorrection {
  /** The day as the exchange has it now. */
  readonly rows: readonly CandleRow[];
  /** What has to be saved over what was kept; one with an open of 0 takes its minute away. */
  readonly changes: readonly CandleRow[];
}

/** How a kept day differs from the exchange's answer for all of it. A minute whose row cannot be one stays as it was kept. */
export function correctionOf(
  day: SegmentDay,
  kept: readonly CandleRow[],
  answer: { readonly candles: readonly KiteCandle[]; readonly refused: readonly (number | null)[] },
): DayCorrection {
  const before = new Map(kept.map((row) => [row[0], row]));
  const rows = rowsOfDay(answer.candles, day).map((row): CandleRow => {
    const [start, open, high, low, close, volume, openInterest, state] = row;
    const known = before.get(start);
    const isCorrected = known !== undefined && [1, 2, 3, 4].some((column) => known[column] !== row[column]);
    return [start, open, high, low, close, volume, openInterest, state, isCorrected || known?.[8] === true];
  });
  const listed = new Set(rows.map(([start]) => start));
  const isWhole = rows.length > 0 && answer.refused.length === 0;
  const gone = kept.filter(([start]) => isWhole && !listed.has(start));
  return {
    rows,
    changes: [
      ...rows.filter((row) => row.some((value, column) => before.get(row[0])?.[column] !== value)),
      ...gone.map(([start]): CandleRow => [start, 0, 0, 0, 0, 0, null, 'settled', false]),
    ],
  };
}
