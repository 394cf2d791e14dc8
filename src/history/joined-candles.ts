import type { CandleState } from '../contract/candle.ts';
import type { CandleRow } from '../contract/commands.ts';
import type { SegmentDay } from '../feed/segment-day.ts';
import { MINUTE_MS } from './candle-series.ts';

/** Worst first. */
const order: readonly CandleState[] = ['doubtful', 'provisional', 'forming', 'settled'];

/**
 * Joins one-minute candles to longer ones, counted from the session's open and never across a break. `isDoubtful`: of a
 * closed minute without a candle, whether it may have had one.
 */
export function joinCandles(
  rows: readonly CandleRow[],
  minutes: number,
  day: Pick<SegmentDay, 'windows'>,
  presentMs: number,
  isDoubtful: (startMs: number) => boolean = () => false,
): CandleRow[] {
  const joined: CandleRow[] = [];
  for (const window of day.windows) {
    for (let startMs = window.startMs; startMs < window.endMs; startMs += minutes * MINUTE_MS) {
      const endMs = Math.min(startMs + minutes * MINUTE_MS, window.endMs);
      const own = rows.filter(([rowMs]) => rowMs >= startMs && rowMs < endMs);
      const candle = joinedOf(startMs, own);
      if (candle === null) continue;
      const state = endMs > presentMs ? 'forming' : stateOf(startMs, endMs, own, isDoubtful);
      joined.push([...candle, state, own.some(([, , , , , , , , corrected]) => corrected)]);
    }
  }
  return joined;
}

function stateOf(
  startMs: number,
  endMs: number,
  own: readonly CandleRow[],
  isDoubtful: (startMs: number) => boolean,
): CandleState {
  const known = new Set(own.map(([rowMs]) => rowMs));
  for (let minuteMs = startMs; minuteMs < endMs; minuteMs += MINUTE_MS) {
    if (!known.has(minuteMs) && isDoubtful(minuteMs)) return 'doubtful';
  }
  return order.find((state) => own.some((row) => row[7] === state)) ?? 'settled';
}

function joinedOf(
  startMs: number,
  own: readonly CandleRow[],
): readonly [number, number, number, number, number, number, number | null] | null {
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return null;
  const high = Math.max(...own.map((row) => row[2]));
  const low = Math.min(...own.map((row) => row[3]));
  const volume = own.reduce((sum, row) => sum + row[5], 0);
  const openInterest = own.findLast((row) => row[6] !== null)?.[6] ?? null;
  return [startMs, first[1], high, low, last[4], volume, openInterest];
}
