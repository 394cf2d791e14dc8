import type { IstDate } from './ist.ts';
import type { MarketPhase, Segment, SegmentPhase } from './segments.ts';

/** `unknown`: a weekday outside the calendar's data. It is neither open nor closed. */
export type DayKind = 'trading' | 'holiday' | 'weekend' | 'special' | 'unknown';

/** One phase of one segment on one day; instants in ms since the epoch, `endMs` exclusive. */
export interface PhaseInterval {
  readonly phase: SegmentPhase;
  readonly startMs: number;
  readonly endMs: number;
  /** The system closes order entry at a random moment in this interval; null where the end is exact. */
  readonly randomEnd: { readonly fromMs: number; readonly toMs: number } | null;
}

/** Everything the calendar knows about one IST date. */
export interface MarketDay {
  readonly date: IstDate;
  readonly kind: DayKind;
  /** The holiday's or session's name, or why the day is what it is; one short phrase for a person. */
  readonly reason: string;
  /**
   * `known`: from the data. `assumed`: a weekday outside coverage, by the last known regime. `unpublished`: a special
   * session whose hours nobody has announced; its segments are then empty.
   */
  readonly hours: 'known' | 'assumed' | 'unpublished';
  /** Phases of each segment in order, without overlap; a segment without an entry does not trade on this day. */
  readonly segments: ReadonlyMap<Segment, readonly PhaseInterval[]>;
  /** When the feed ought to run on a day whose hours are unpublished (history's widest span); null otherwise. */
  readonly watch: { readonly startMs: number; readonly endMs: number } | null;
  readonly source: string;
  readonly confidence: 'high' | 'medium' | 'low';
}

/** The next change of the market's phase. */
export interface PhaseChange {
  readonly phase: MarketPhase;
  readonly atMs: number;
}

/** Answers about sessions, holidays and expiries. Pure: every instant is an argument. */
export interface MarketCalendar {
  readonly coverage: { readonly from: IstDate; readonly to: IstDate };
  /** Version of the data file, and the date it was last checked against its sources. */
  readonly version: string;
  readonly verifiedOn: IstDate;
  day(date: IstDate): MarketDay;
  /** The phase interval of `segment` that contains the instant; null when there is none. */
  interval(segment: Segment, instantMs: number): PhaseInterval | null;
  segmentPhase(segment: Segment, instantMs: number): SegmentPhase;
  marketPhase(subscribed: readonly Segment[], instantMs: number): MarketPhase;
  /** The first later instant at which `marketPhase` differs; looks ahead 14 days, null beyond. */
  nextChange(subscribed: readonly Segment[], instantMs: number): PhaseChange | null;
  /** The last date before `date` with a regular (not special, not unknown) or full-day session. */
  previousTradingDay(date: IstDate): IstDate | null;
  nextTradingDay(date: IstDate): IstDate | null;
  /** The monthly expiry by rule, moved for holidays; null outside the rules or the coverage. A cross-check, not a source. */
  monthlyExpiry(underlying: Underlying, year: number, month: number): IstDate | null;
}

/** The indices followed by default. */
export type Underlying = 'NIFTY' | 'BANKNIFTY' | 'SENSEX';
