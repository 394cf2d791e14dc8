import type { MarketDay, PhaseChange, PhaseInterval } from './calendar.ts';
import { addDays, DAY_MS, type IstDate, instantOf, istDateOf } from './ist.ts';
import type { MarketPhase, Segment, SegmentPhase } from './segments.ts';
import { isPartOf } from './session-windows.ts';

/** The market as one, seen from the segments of what is subscribed. */

const LOOK_AHEAD_MS = 14 * DAY_MS;

const derivativeSegments: ReadonlySet<Segment> = new Set(['NFO_FUT', 'BFO_FUT', 'NFO_OPT', 'BFO_OPT']);

/** Whether nobody knows what trades at any moment of this day: beyond the data, or a session without published hours. */
export function isUnknowable(day: MarketDay): boolean {
  return day.kind === 'unknown' || day.hours === 'unpublished';
}

/** The interval of `segment` on `day` that contains the instant. */
export function intervalAt(day: MarketDay, segment: Segment, instantMs: number): PhaseInterval | null {
  const intervals = day.segments.get(segment);
  if (intervals === undefined) return null;
  for (const interval of intervals) {
    if (instantMs < interval.endMs) return instantMs >= interval.startMs ? interval : null;
  }
  return null;
}

/** What `segment` does at an instant of `day`. */
export function segmentPhaseAt(day: MarketDay, segment: Segment, instantMs: number): SegmentPhase {
  if (isUnknowable(day)) return 'unknown';
  return intervalAt(day, segment, instantMs)?.phase ?? 'closed';
}

/**
 * What the market does at an instant of `day`. An auction among the subscribed wins over continuous trading, because it
 * decides how prices are to be read; post-close trading counts as closed.
 */
export function marketPhaseAt(day: MarketDay, subscribed: readonly Segment[], instantMs: number): MarketPhase {
  if (isUnknowable(day)) return 'unknown';

  const seen = new Set<SegmentPhase>();
  let followsSpot = false;
  let spotTrades = false;
  let inClosingAuction = false;
  for (const segment of subscribed) {
    const phase = intervalAt(day, segment, instantMs)?.phase ?? 'closed';
    seen.add(phase);
    inClosingAuction ||= isPartOf(phase, 'closing-auction');
    if (!derivativeSegments.has(segment)) {
      followsSpot = true;
      spotTrades ||= phase === 'continuous';
    }
  }

  if (inClosingAuction) return 'closing-auction';
  if (seen.has('continuous')) return followsSpot && !spotTrades ? 'derivatives-only' : 'live';
  if (seen.has('halted')) return 'halted';
  if (seen.has('pre-open-entry') || seen.has('pre-open-limit')) return 'pre-open';
  if (seen.has('pre-open-matching')) return 'pre-open-matching';
  return seen.has('buffer') ? 'buffer' : 'closed';
}

/** The first instant after `instantMs`, at most 14 days on, at which the market's phase is another one. */
export function nextMarketPhase(
  dayOn: (date: IstDate) => MarketDay,
  subscribed: readonly Segment[],
  instantMs: number,
): PhaseChange | null {
  const horizonMs = instantMs + LOOK_AHEAD_MS;
  let date = istDateOf(instantMs);
  const current = marketPhaseAt(dayOn(date), subscribed, instantMs);
  while (instantOf(date, '00:00') <= horizonMs) {
    const day = dayOn(date);
    for (const atMs of boundariesOf(day, subscribed)) {
      if (atMs <= instantMs) continue;
      if (atMs > horizonMs) return null;
      const phase = marketPhaseAt(day, subscribed, atMs);
      if (phase !== current) return { phase, atMs };
    }
    date = addDays(date, 1);
  }
  return null;
}

/** Every instant of the day at which the phase can change, in order: its midnight, and each start and end. */
function boundariesOf(day: MarketDay, subscribed: readonly Segment[]): number[] {
  const nextMidnightMs = instantOf(day.date, '24:00');
  const edges = subscribed
    .flatMap((segment) => day.segments.get(segment) ?? [])
    .flatMap(({ startMs, endMs }) => [startMs, endMs])
    .filter((atMs) => atMs < nextMidnightMs);
  return [...new Set([instantOf(day.date, '00:00'), ...edges])].sort((a, b) => a - b);
}
