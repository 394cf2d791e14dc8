import type { MarketDay } from './calendar.ts';
import type { Segment, SegmentPhase } from './segments.ts';

export type SessionPart = 'pre-open' | 'continuous' | 'closing-auction';

/** What a phase is a part of; the others (transition, post-close, halts) are of none. */
const partOfPhase: Readonly<Partial<Record<SegmentPhase, SessionPart>>> = {
  'pre-open-entry': 'pre-open',
  'pre-open-limit': 'pre-open',
  'pre-open-matching': 'pre-open',
  buffer: 'pre-open',
  continuous: 'continuous',
  'auction-reference': 'closing-auction',
  'auction-entry': 'closing-auction',
  'auction-limit': 'closing-auction',
  'auction-matching': 'closing-auction',
  frozen: 'closing-auction',
  'close-discovery': 'closing-auction',
};

/** A stretch of a segment's day without a break, ms since the epoch, the end exclusive. */
export interface SessionStretch {
  readonly part: SessionPart;
  readonly startMs: number;
  readonly endMs: number;
}

export function isPartOf(phase: SegmentPhase, part: SessionPart): boolean {
  return partOfPhase[phase] === part;
}

/** The parts of a segment's day, in order. */
export function sessionStretches(day: MarketDay, segment: Segment): readonly SessionStretch[] {
  const intervals = (day.segments.get(segment) ?? []).flatMap(({ phase, startMs, endMs }) => {
    const part = partOfPhase[phase];
    return part === undefined ? [] : [{ part, startMs, endMs }];
  });
  return joinAdjacent(intervals, (a, b) => a.part === b.part);
}

/** Stretches that follow each other without a break, and belong together, as one. */
export function joinAdjacent<Stretch extends { readonly startMs: number; readonly endMs: number }>(
  stretches: readonly Stretch[],
  belongTogether: (a: Stretch, b: Stretch) => boolean,
): readonly Stretch[] {
  const joined: Stretch[] = [];
  for (const stretch of stretches) {
    const last = joined.at(-1);
    if (last?.endMs === stretch.startMs && belongTogether(last, stretch)) {
      joined[joined.length - 1] = { ...last, endMs: stretch.endMs };
    } else joined.push(stretch);
  }
  return joined;
}
