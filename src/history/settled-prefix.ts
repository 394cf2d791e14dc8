import { isInWindow, type SegmentDay } from '../feed/segment-day.ts';
import { type IstDate, istDateOf } from '../market/ist.ts';
import { MINUTE_MS } from './candle-series.ts';

/** How far a stretch of days is settled without a break. */
export interface SettledStretch {
  /** Every minute that starts before it has been answered for, ms since the epoch; null: not even the first. */
  readonly settledTo: number | null;
  /** Nothing of the stretch is left open: what follows may go on from here. */
  readonly isWhole: boolean;
}

/**
 * How far an answer of Kite's settles the days it was asked for, in order and all with trading. `refused`: starts of the
 * rows that cannot be right, null for one whose time cannot be read; of whole days, where `isDaily`.
 */
export function settledPrefix(
  days: readonly SegmentDay[],
  refused: readonly (number | null)[],
  isDaily: boolean,
): SettledStretch {
  if (refused.includes(null)) return { settledTo: null, isWhole: false };
  const starts = refused.filter((start) => start !== null);
  const refusedDates = new Set<IstDate>(starts.map((start) => istDateOf(start)));
  let settledTo: number | null = null;
  for (const day of days) {
    if (refusedDates.has(day.date)) {
      if (isDaily) return { settledTo, isWhole: false };
      // What lies outside the windows is no candle, whether it can be right or not.
      const own = starts.filter((start) => istDateOf(start) === day.date && isInWindow(day, start));
      if (own.length > 0) {
        const openMs = Math.floor(Math.min(...own) / MINUTE_MS) * MINUTE_MS;
        const hasEarlier = openMs > (day.windows[0]?.startMs ?? openMs);
        return { settledTo: hasEarlier ? openMs : settledTo, isWhole: false };
      }
    }
    settledTo = day.windows.at(-1)?.endMs ?? settledTo;
  }
  return { settledTo, isWhole: true };
}

/** The end of the settled minutes that begin with the first stretch; null: none. */
export function joinedPrefix(stretches: readonly SettledStretch[]): number | null {
  let end: number | null = null;
  for (const { settledTo, isWhole } of stretches) {
    end = settledTo ?? end;
    if (!isWhole) break;
  }
  return end;
}
