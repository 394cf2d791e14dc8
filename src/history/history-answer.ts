import { isInWindow, type SegmentDay } from '../feed/segment-day.ts';
import type { KiteCandle } from '../kite/session.ts';
import { MINUTE_MS, type UnitCandle } from './candle-series.ts';
import { minutesOf } from './day-minutes.ts';

/** An answer of the exchange's history for one instrument and day; instants in ms since the epoch. */
export interface HistoryAnswer {
  readonly rows: readonly KiteCandle[];
  /** The first minute that was asked for; all later ones of the day were too. */
  readonly fromMs: number;
  /** The exchange's present when it was asked: only minutes that were over by then are taken. */
  readonly askedMs: number;
  /** Starts of rows that no trade can have made; null for one whose time cannot be read either. */
  readonly refused?: readonly (number | null)[];
}

/** What an answer says of each closed minute it was asked for. */
export interface AnsweredMinutes {
  readonly listed: readonly UnitCandle[];
  /** Starts of minutes that have no row, and will have none. */
  readonly empty: readonly number[];
  /** Starts of minutes whose row may be among those that were refused: nothing is known of them still. */
  readonly unread: readonly number[];
  /** Rows that no trade can have made. */
  readonly refused: number;
  /** Rows outside continuous trading and the closing auction. */
  readonly outside: number;
}

/** A minute without a row, and without a later row, is believed to have none when Kite was asked so long after its end. */
const EMPTY_AFTER_MS = 25_000;

/** Reads an answer minute by minute. `unitsOf`: null for a row that no trade can have made. */
export function answeredMinutes(
  day: SegmentDay,
  answer: HistoryAnswer,
  unitsOf: (row: KiteCandle) => UnitCandle | null,
): AnsweredMinutes {
  const { rows, fromMs, askedMs } = answer;
  const refused = [...(answer.refused ?? [])];
  const listed: UnitCandle[] = [];
  let outside = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const { startMs } = row;
    if (startMs < day.startMs || startMs >= day.endMs || startMs + MINUTE_MS > askedMs) continue;
    const units = unitsOf(row);
    if (!isInWindow(day, startMs)) outside++;
    // What begins off the minute tells of no minute, and its own stays open.
    else if (units === null || (startMs - day.startMs) % MINUTE_MS !== 0) refused.push(startMs);
    else {
      listed.push(units);
      lastMs = Math.max(lastMs, startMs);
    }
  }
  const known = new Set(listed.map(({ startMs }) => startMs));
  const rest = minutesOf(day, fromMs, askedMs).filter((startMs) => {
    const isFinal = startMs < lastMs || startMs + MINUTE_MS + EMPTY_AFTER_MS <= askedMs;
    return isFinal && !known.has(startMs);
  });
  const isUnread = (startMs: number): boolean =>
    refused.some((each) => each === null || (each >= startMs && each < startMs + MINUTE_MS));
  return {
    listed,
    empty: rest.filter((startMs) => !isUnread(startMs)),
    unread: rest.filter(isUnread),
    refused: refused.length,
    outside,
  };
}
