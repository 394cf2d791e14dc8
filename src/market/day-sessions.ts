import type { MarketDay } from './calendar.ts';
import type { Segment, SegmentPhase } from './segments.ts';

/** When the subscribed segments trade on a day: what starting and stopping the feed is planned from. */

/** One unbroken stretch of activity; a drill day has two. Instants in ms since the epoch, `endMs` exclusive. */
export interface TradingSession {
  /** The start of the pre-open, or of continuous trading where there is none. */
  readonly startMs: number;
  /** The first start of continuous trading. */
  readonly continuousFromMs: number;
  /** The last close: the end of continuous trading or of the closing auction, whichever is later. */
  readonly endMs: number;
}

/** Trading at the closing price is no market to follow, and neither is the pause before it. */
const afterTheClose: ReadonlySet<SegmentPhase> = new Set(['transition', 'post-close']);

/**
 * The sessions of a day, over all given segments together, in order. Empty when none of them trades and when the hours
 * are unpublished (see `MarketDay.watch`); on a day of kind `unknown` these are the assumed sessions.
 */
export function sessionsOf(day: MarketDay, segments: readonly Segment[]): readonly TradingSession[] {
  const phases = segments
    .flatMap((segment) => day.segments.get(segment) ?? [])
    .filter(({ phase }) => !afterTheClose.has(phase))
    .sort((a, b) => a.startMs - b.startMs);

  const sessions: TradingSession[] = [];
  for (const { phase, startMs, endMs } of phases) {
    const continuousFromMs = phase === 'continuous' ? startMs : Number.POSITIVE_INFINITY;
    const open = sessions.at(-1);
    if (open === undefined || startMs > open.endMs) {
      sessions.push({ startMs, continuousFromMs, endMs });
    } else {
      sessions[sessions.length - 1] = {
        startMs: open.startMs,
        continuousFromMs: Math.min(open.continuousFromMs, continuousFromMs),
        endMs: Math.max(open.endMs, endMs),
      };
    }
  }
  return sessions.filter((session) => Number.isFinite(session.continuousFromMs));
}

/** The start of the day's first pre-open (of continuous trading where there is none); null when nothing trades. */
export function preOpenStartOf(day: MarketDay, segments: readonly Segment[]): number | null {
  return sessionsOf(day, segments).at(0)?.startMs ?? null;
}

/** The day's first start of continuous trading; null when nothing trades. */
export function firstOpenOf(day: MarketDay, segments: readonly Segment[]): number | null {
  return sessionsOf(day, segments).at(0)?.continuousFromMs ?? null;
}

/** The day's last close; null when nothing trades. */
export function lastCloseOf(day: MarketDay, segments: readonly Segment[]): number | null {
  return sessionsOf(day, segments).at(-1)?.endMs ?? null;
}
