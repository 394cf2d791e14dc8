import type { IstDate } from './ist.ts';
import type { MarketPhase, Segment, SegmentPhase } from './segments.ts';

/**
 * `unknown`: a weekday outside the calendar's data. It is neither open nor closed. `weekend` outside the data means
 * closed by rule only: a special session could be on it, and `reason` says that the calendar does not cover the date.
 */
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
   * `known`: from the data. `assumed`: a date outside coverage, a weekday by the nearest known regime, a weekend day by
   * the weekly rule. `unpublished`: a special session whose hours nobody has announced; its segments are then empty.
   */
  readonly hours: 'known' | 'assumed' | 'unpublished';
  /** Phases of each segment in order, without overlap; a segment without an entry does not trade on this day. */
  readonly segments: ReadonlyMap<Segment, readonly PhaseInterval[]>;
  /** When the feed ought to run on a day whose hours are unpublished (history's widest span); null otherwise. */
  readonly watch: { readonly startMs: number; readonly endMs: number } | null;
  /** Where the answer comes from and how far to trust it: the special or closure row, else the weakest regime row. */
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
  /** Precedence: user override, special session, closure, weekend, regime. `RangeError` when `date` is not a date. */
  day(date: IstDate): MarketDay;
  /** The phase interval of `segment` that contains the instant; null when there is none. Assumed phases are included. */
  interval(segment: Segment, instantMs: number): PhaseInterval | null;
  /** `unknown` through the whole of a day of kind `unknown` or with unpublished hours; `closed` outside all phases. */
  segmentPhase(segment: Segment, instantMs: number): SegmentPhase;
  marketPhase(subscribed: readonly Segment[], instantMs: number): MarketPhase;
  /** The first later instant at which `marketPhase` differs; looks ahead 14 days, null beyond. */
  nextChange(subscribed: readonly Segment[], instantMs: number): PhaseChange | null;
  /**
   * The last date before `date` with a full day's session, regular or special (a Budget Sunday). Sessions in windows of
   * their own (Muhurat, drills) are passed over: their close and range are no base for the next day's levels. Null when
   * a date outside coverage comes first, because it is not known whether that one trades.
   */
  previousTradingDay(date: IstDate): IstDate | null;
  /** The first date after `date` with a full day's session; otherwise as `previousTradingDay`. */
  nextTradingDay(date: IstDate): IstDate | null;
  /** The monthly expiry by rule, moved for holidays; null outside the rules or the coverage. A cross-check, not a source. */
  monthlyExpiry(underlying: Underlying, year: number, month: number): IstDate | null;
}

/** The indices followed by default. */
export type Underlying = 'NIFTY' | 'BANKNIFTY' | 'SENSEX';
