/** What is known of one followed instrument's minutes; all instants ms since the epoch by the exchange's present. */
export interface FollowedMinutes {
  readonly slot: number;
  /** Somebody looks at a chart, or waits for an answer, that needs it. */
  readonly isWaitedFor: boolean;
  /** The first closed minute that Kite has to be asked for; null: none. */
  readonly firstMs: number | null;
  /** Start of the day's trading: the first minute that may be asked for. */
  readonly dayOpenMs: number;
  /** One of them is in doubt, rather than only not confirmed yet. */
  readonly hasDoubt: boolean;
  /** The whole day is to be asked for again: the exchange corrects its rows. */
  readonly isWholeDayDue: boolean;
  /** Not to be asked before: the last answer was a failure, or left something open. */
  readonly notBeforeMs: number;
}

export interface WantedHistory {
  readonly slot: number;
  /** Everything from this minute to the last that is over: one request. */
  readonly fromMs: number;
}

/** Kite may be late with a row or two: these many minutes before the first open one are asked for along with it. */
const OVERLAP_MS = 3 * 60_000;

/**
 * What has to be asked of the exchange's history now, the most urgent first: what is waited for, then what is in doubt,
 * then what is only to be confirmed. One request an instrument, whatever number of holes it has.
 */
export function wanted(followed: readonly FollowedMinutes[], nowMs: number): readonly WantedHistory[] {
  const rank = ({ isWaitedFor, hasDoubt }: FollowedMinutes): number => (isWaitedFor ? 0 : 2) + (hasDoubt ? 0 : 1);
  return followed
    .filter(({ firstMs, isWholeDayDue, notBeforeMs }) => (firstMs !== null || isWholeDayDue) && notBeforeMs <= nowMs)
    .toSorted((a, b) => rank(a) - rank(b) || (a.firstMs ?? nowMs) - (b.firstMs ?? nowMs))
    .map(({ slot, firstMs, dayOpenMs, isWholeDayDue }) => ({
      slot,
      fromMs: isWholeDayDue || firstMs === null ? dayOpenMs : Math.max(dayOpenMs, firstMs - OVERLAP_MS),
    }));
}
