import type { MarketCalendar, MarketDay } from '../market/calendar.ts';
import { istDateOf } from '../market/ist.ts';
import { type Segment, segments } from '../market/segments.ts';
import type { SubscribedSegment } from './freshness.ts';
import { hasTradedBy, type SegmentDay, segmentDay, stageAt } from './segment-day.ts';

/** The hours of every segment on the day at hand. */
export class SessionDays {
  private readonly calendar: MarketCalendar;
  /** One per segment, and last the one for instruments without hours. */
  private days: readonly SegmentDay[] = [];
  private marketDay: MarketDay | null = null;
  private startMs = 0;
  private endMs = 0;

  constructor(calendar: MarketCalendar) {
    this.calendar = calendar;
  }

  /** Where `at` finds a segment's day; null: no hours are known. */
  static indexOf(segment: Segment | null): number {
    return segment === null ? segments.length : segments.indexOf(segment);
  }

  /** Goes over to the IST day of `nowMs` where it is another one; returns whether it is. */
  ensure(nowMs: number): boolean {
    return nowMs >= this.startMs && nowMs < this.endMs ? false : this.load(nowMs);
  }

  /** Asks the calendar for the day of `nowMs` again: its rows may have changed. Returns whether it is another day. */
  load(nowMs: number): boolean {
    const marketDay = this.calendar.day(istDateOf(nowMs));
    if (marketDay === this.marketDay) return false;
    const isNewDay = marketDay.date !== this.marketDay?.date;
    this.marketDay = marketDay;
    this.days = [...segments, null].map((segment) => segmentDay(marketDay, segment));
    this.startMs = this.days[0]?.startMs ?? 0;
    this.endMs = this.days[0]?.endMs ?? 0;
    return isNewDay;
  }

  /** Undefined before any day has been looked at. */
  at(index: number): SegmentDay | undefined {
    return this.days[index];
  }

  /** Where the days of `wanted` stand at `nowMs`; instruments without hours have no say. */
  stagesOf(wanted: Iterable<Segment | null>, nowMs: number): SubscribedSegment[] {
    return [...new Set(wanted)].flatMap((segment) => {
      const day = segment === null ? undefined : this.days[SessionDays.indexOf(segment)];
      return day === undefined
        ? []
        : [{ isIndex: day.isIndex, stage: stageAt(day, nowMs), hasTraded: hasTradedBy(day, nowMs) }];
    });
  }
}
