import type { IstDate } from '../market/ist.ts';
import type { ActivityEntry, FeedLag, GapState, ScreenLag, StepState } from './state.ts';
import type { FeedCause, FeedSource, FeedStateName } from './states.ts';

/** The record of one IST day: what was planned, what happened, and when. Instants in ms since the epoch. */
export interface Journal {
  readonly date: IstDate;
  readonly day: { readonly kind: string; readonly reason: string };
  readonly simulated: boolean;
  readonly version: string;
  readonly startedAt: number;
  /** When the app last wrote: a run that was killed ran until then. Null in records of versions that did not say. */
  readonly aliveAt: number | null;
  readonly steps: readonly StepState[];
  readonly firstTicks: readonly { readonly key: string; readonly at: number }[];
  readonly feed: readonly FeedChange[];
  readonly reconnects: number;
  readonly gaps: readonly GapState[];
  /** What ticks took on this day, one record for each run of the app. */
  readonly lag: readonly LagRecord[];
  readonly alerts: readonly JournalAlert[];
  readonly activity: readonly ActivityEntry[];
}

/** The lag of a run, as it stood at `at`; a run is known by when it began. */
export interface LagRecord extends FeedLag {
  readonly runStartedAt: number;
  readonly at: number;
  /** Null while no interface has shown anything, and in records of versions that did not measure it. */
  readonly screen: ScreenLag | null;
}

/** A change of the feed's state or source. */
export interface FeedChange {
  readonly at: number;
  readonly state: FeedStateName;
  readonly source: FeedSource;
  readonly cause: FeedCause | null;
}

export interface JournalAlert {
  readonly id: string;
  readonly title: string;
  readonly raisedAt: number;
  readonly withdrawnAt: number | null;
}
