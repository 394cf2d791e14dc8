import { type SegmentDay, stageAt } from '../feed/segment-day.ts';
import { MINUTE_MS } from './candle-series.ts';

/** Minutes of the day's windows that start at or after `fromMs` and are over at `untilMs`; starts, ms since the epoch. */
export function minutesOf(day: SegmentDay, fromMs: number, untilMs: number): number[] {
  const starts: number[] = [];
  for (const window of day.windows) {
    const skipped = Math.max(0, Math.ceil((fromMs - window.startMs) / MINUTE_MS));
    for (let startMs = window.startMs + skipped * MINUTE_MS; startMs < window.endMs; startMs += MINUTE_MS) {
      if (startMs + MINUTE_MS > untilMs) return starts;
      starts.push(startMs);
    }
  }
  return starts;
}

/** Whether the segment's instruments have contracts that are open. */
export function hasOpenInterest({ segment, isIndex }: SegmentDay): boolean {
  return !isIndex && (segment === null || segment.startsWith('NFO') || segment.startsWith('BFO'));
}

/** Whether the instant lies in continuous trading; where hours are unknown, or not kept at all, nothing speaks against it. */
export function isTrading(day: SegmentDay, instantMs: number): boolean {
  if (day.segment === null) return instantMs >= day.startMs && instantMs < day.endMs;
  const stage = stageAt(day, instantMs);
  return stage === 'continuous' || stage === 'unknown';
}
