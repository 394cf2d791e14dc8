import type { CandleRow } from '../../../src/contract/commands.ts';
import type { SessionWindow } from '../../../src/contract/state.ts';
import { axisTime } from '../../format/ist.ts';

export const MINUTE_MS = 60_000;

/** A stretch of time, ms since the epoch; both ends are starts of minutes and both belong to it. */
export interface MinuteSpan {
  readonly from: number;
  readonly to: number;
}

/** The start (ms) of the minute an instant is in. */
export function minuteOf(instantMs: number): number {
  return Math.floor(instantMs / MINUTE_MS) * MINUTE_MS;
}

/** The starts (ms) of the minutes after `afterMs` up to and with the minute of `untilMs`. */
export function minutesAfter(afterMs: number, untilMs: number): number[] {
  const starts: number[] = [];
  for (let start = minuteOf(afterMs) + MINUTE_MS; start <= untilMs; start += MINUTE_MS) starts.push(start);
  return starts;
}

/**
 * The minutes a day's chart spans, with or without a candle in them: an outage stays open and an auction has its place.
 * From the first session (or price) to the last candle, and while a session runs to `now`. Null when there is nothing.
 * `sessions`: those of the instrument on the charted day; empty for a day that is not the market's.
 */
export function daySpan(
  rows: readonly CandleRow[],
  indicative: readonly (readonly [number, number])[],
  sessions: readonly SessionWindow[],
  now: number,
): MinuteSpan | null {
  const begun = sessions.filter((session) => session.from <= now);
  const prices = [...indicative.map(([at]) => at), ...rows.map((row) => row[0])];
  if (prices.length === 0) return null;
  const starts = [...prices, ...begun.map((session) => session.from)];
  const ends = [...prices, ...begun.map((session) => Math.min(now, session.to - MINUTE_MS))];
  return { from: minuteOf(Math.min(...starts)), to: minuteOf(Math.max(...ends)) };
}

/** Indicative prices as one point a minute, the last of each: the axis has room for minutes only. */
export function indicativeByMinute(
  points: readonly (readonly [number, number])[],
): { readonly time: number; readonly value: number }[] {
  const byMinute = new Map<number, number>();
  for (const [ms, rupees] of points) if (rupees > 0) byMinute.set(minuteOf(ms), rupees);
  return [...byMinute].sort(([a], [b]) => a - b).map(([minute, value]) => ({ time: axisTime(minute), value }));
}
