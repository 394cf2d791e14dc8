import type { DayKind } from '../market/calendar.ts';
import type { IstDate } from '../market/ist.ts';
import type { MarketPhase, Segment } from '../market/segments.ts';
import type { Change } from './changes.ts';
import type { DoctorState } from './doctor.ts';
import type { Settings } from './settings.ts';
import type { AuthStateName, FeedCause, FeedSource, FeedStateName, GapCause } from './states.ts';
import type { TransportState } from './transport.ts';

/**
 * All that an interface shows, except ticks: one value, sent whole once and then as patches. Instants are ms since the
 * epoch in the desk's (market) time; ages are for the interface to compute against that time.
 */
export interface DeskState {
  readonly app: AppState;
  readonly market: MarketState;
  readonly auth: AuthState;
  readonly feed: FeedState;
  /** In slot order: a tick batch refers to an instrument by its index here. Never reordered, only appended to. */
  readonly instruments: readonly InstrumentState[];
  readonly schedule: ScheduleState;
  /** What needs the trader, most urgent first; the interface shows the first as its one banner. */
  readonly alerts: readonly AlertState[];
  /** Latest last; the newest `ACTIVITY_LIMIT` entries. */
  readonly activity: readonly ActivityEntry[];
  readonly settings: Settings;
  readonly machine: MachineState;
  /** How simulated time runs; absent where time is real. */
  readonly transport?: TransportState;
  /** Absent until the doctor is first called. */
  readonly doctor?: DoctorState;
}

export const ACTIVITY_LIMIT = 300;

export interface AppState {
  readonly version: string;
  /** True on a simulated exchange: every screen says so. */
  readonly simulated: boolean;
  /** Desk ms per real ms. */
  readonly speed: number;
  readonly startedAt: number;
  /** Where secrets are kept in this run. */
  readonly secretStore: 'keychain' | 'memory';
  /** Notices about set-aside files, missing keychain and the like; each one sentence. */
  readonly notices: readonly string[];
  /** Whether the simulated exchange can be started from here. */
  readonly canSimulate: boolean;
  /** A simulation with an API key of its own: the trader’s has no place in it. */
  readonly bringsKey?: boolean;
}

/** What of this PC bears on the numbers. */
export interface MachineState {
  /** This PC's clock by the `Date` of Kite's answers; null until one has come. */
  readonly clock: ClockOffset | null;
  /** Null while all that should be kept is written. */
  readonly storage: StorageTrouble | null;
}

export const storageCauses = ['full', 'read-only', 'locked', 'removed', 'no-answer', 'failed'] as const;
export type StorageCause = (typeof storageCauses)[number];

/** What should be on the disk waits in memory, since `since` (ms since the epoch). */
export interface StorageTrouble {
  readonly cause: StorageCause;
  readonly since: number;
  /** The home folder. */
  readonly path: string;
}

/** This PC's clock minus Kite's, ms: above 0 when the PC is ahead. */
export interface ClockOffset {
  readonly skewMs: number;
  readonly uncertaintyMs: number;
}

export interface MarketState {
  readonly date: IstDate;
  /** The last date before it with a full day's session; null where that is not known. */
  readonly previousSession: IstDate | null;
  readonly day: DayKind;
  readonly reason: string;
  readonly hours: 'known' | 'assumed' | 'unpublished';
  readonly phase: MarketPhase;
  readonly phaseSince: number | null;
  readonly next: { readonly phase: MarketPhase; readonly at: number } | null;
  /** Sessions of the day for charts and the time line: when continuous trading runs, per segment. */
  readonly sessions: readonly SessionWindow[];
  readonly calendar: {
    readonly from: IstDate;
    readonly to: IstDate;
    readonly version: string;
    readonly verifiedOn: IstDate;
  };
}

/** A stretch of the day in which a segment has one market-wide meaning. */
export interface SessionWindow {
  readonly segment: Segment;
  readonly kind: 'pre-open' | 'continuous' | 'closing-auction';
  readonly from: number;
  readonly to: number;
}

/** `waiting`: for the trader, on Kite's page. `finishing`: Kite has answered and its token is being fetched. */
export interface PendingLogin {
  readonly startedAt: number;
  readonly stage: 'waiting' | 'finishing';
}

export interface AuthState {
  readonly state: AuthStateName;
  readonly userId: string | null;
  readonly userName: string | null;
  /** The token's clock deadline: 06:00 IST after its login, or after Kite's last yes where the login's time is unknown. */
  readonly expiresAt: number | null;
  readonly checkedAt: number | null;
  /** One sentence for a person; null when there is nothing to say. */
  readonly reason: string | null;
  /** A login that has been started and has not ended. */
  readonly pendingLogin: PendingLogin | null;
  /** Why the last login ended without a sign-in, in one sentence; null after a success and while one is under way. */
  readonly loginFailure: string | null;
  /** Api key shown to the trader in part, so that two apps can be told apart; never the secret. */
  readonly apiKeyHint: string | null;
}

export interface FeedState {
  readonly desired: 'on' | 'off';
  /** Why it should be on or off now, one short phrase. */
  readonly desiredReason: string;
  readonly source: FeedSource;
  readonly state: FeedStateName;
  readonly cause: FeedCause | null;
  /** The cause in one sentence for a person; null when there is none. */
  readonly causeText: string | null;
  /** Failed attempts since the last live moment. */
  readonly attempt: number;
  /** When the next attempt is due; null when none is waiting. */
  readonly retryAt: number | null;
  readonly since: number;
  /** When the socket took over again from REST; null where REST has not stood in for the socket of now. */
  readonly backFromRestAt: number | null;
  readonly frames: number;
  readonly ticks: number;
  /** Frames, packets and texts that could not be used. */
  readonly dropped: number;
  readonly reconnects: number;
  readonly lastFrameAt: number | null;
  readonly lastTickAt: number | null;
  readonly paused: boolean;
  readonly gaps: readonly GapState[];
  readonly lag: FeedLag;
  readonly capacity: FeedCapacity;
  /** Followed instruments that send nothing while others tick; absent or empty: none. */
  readonly silent?: readonly SilentInstrument[];
}

/**
 * An instrument without prices on the live feed since `since` (ms since the epoch). `newer-by-rest`: REST has newer prices,
 * and brings them meanwhile; `no-answer`: REST does not answer for it either.
 */
export interface SilentInstrument {
  readonly key: string;
  readonly since: number;
  readonly evidence: 'newer-by-rest' | 'no-answer';
}

/** What half, 95 % and 99 % of a number of samples did not exceed; ms, null until there is a sample. */
export interface LagPercentiles {
  readonly samples: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

/**
 * The day's ticks of continuous trading, from the exchange's time stamp (whole seconds) to our receipt. To 10 ms, by the
 * PC's clock: a skew of that clock is in them.
 */
export interface FeedLag extends LagPercentiles {
  /** The PC's clock minus the exchange's, to about half a second: positive when the PC is ahead; null: not known. */
  readonly skewMs: number | null;
  /** The longest time today that this process could not run while the feed was on. */
  readonly heldUpMs: number;
}

/**
 * The day's ticks as they came on an interface's screen, by the desk's clock alone: until the desk has heard that they are
 * painted, so that no part of the way is left out.
 */
export interface ScreenLag {
  /** From the desk's receipt, real ms, to 1 ms. Of what is painted together the tick that has waited longest. */
  readonly fromReceipt: LagPercentiles;
  /**
   * From the exchange's time stamp, each tick by itself, to 10 ms. A stamp is cut to whole seconds: a figure is up to 1 s
   * too high and never too low, but for a skew of the PC's clock.
   */
  readonly fromExchange: LagPercentiles;
}

/** How many instruments are asked for, of how many Kite gives an app; what is beyond the limit is left out. */
export interface FeedCapacity {
  readonly used: number;
  readonly limit: number;
}

/** An outage: no live data from `from` to `to` (null: still going on). */
export interface GapState {
  readonly from: number;
  readonly to: number | null;
  readonly cause: GapCause;
  /** Instrument keys; empty means all. */
  readonly keys: readonly string[];
}

export type InstrumentRole = 'spot' | 'future' | 'watch';

export interface InstrumentState {
  readonly key: string;
  readonly token: number;
  readonly role: InstrumentRole;
  /** Index it belongs to (`NIFTY`…); its own name for a watched instrument. */
  readonly underlying: string;
  /** What the trader reads: `NIFTY 50`, `NIFTY NOV FUT`. */
  readonly title: string;
  readonly segment: Segment | null;
  readonly expiry: IstDate | null;
  readonly lotSize: number;
  readonly tickSize: number;
  /** Since when this run follows it, ms. */
  readonly followedSince: number;
  /** When its first tick of the day came; null until then. */
  readonly firstTickAt: number | null;
  readonly stale: boolean;
  /** No longer subscribed (rolled, removed); its slot stays so that indices keep their meaning. */
  readonly retired: boolean;
}

export interface ScheduleState {
  readonly date: IstDate;
  readonly steps: readonly StepState[];
}

export const stepIds = [
  'morning-preparation',
  'token-deadline',
  'token-verify-early',
  'token-verify-late',
  'instruments',
  'token-check',
  'feed-start',
  'token-reminder-1',
  'first-ticks',
  'pre-open',
  'token-reminder-2',
  'pre-open-limit',
  'pre-open-matching',
  'token-reminder-3',
  'buffer',
  'live',
  'closing-auction',
  'spot-close',
  'derivatives-close',
  'feed-stop',
  'certificate',
] as const;
export type StepId = (typeof stepIds)[number];

/**
 * `pending`: not yet due. `waiting`: due and held up (say, for a login). `done`. `failed`: tried and could not.
 * `not-needed`: its reason had gone (a reminder with a valid token). `missed`: the app was not running or asleep.
 */
export type StepOutcome = 'pending' | 'waiting' | 'done' | 'failed' | 'not-needed' | 'missed';

export interface StepState {
  /** Unique in the day: the id, with a suffix where a day has several windows (`live#2`). */
  readonly id: string;
  readonly step: StepId;
  readonly label: string;
  readonly plannedAt: number;
  /** When it could first be done: `plannedAt`, or the app's start when that was later. */
  readonly dueAt: number;
  readonly actualAt: number | null;
  readonly outcome: StepOutcome;
  readonly detail: string | null;
}

export type AlertSeverity = 'action' | 'warning' | 'info';

/** Something the trader should know; raised and withdrawn by its id. */
export interface AlertState {
  readonly id: string;
  readonly severity: AlertSeverity;
  /** One sentence. */
  readonly title: string;
  readonly body: string | null;
  readonly raisedAt: number;
  readonly action: AlertAction | null;
}

/** The one button of an alert. */
export type AlertAction = 'sign-in' | 'open-settings' | 'retry-feed' | 'resume-feed' | 'open-doctor';

export interface ActivityEntry {
  readonly at: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly area: 'app' | 'schedule' | 'auth' | 'feed' | 'instruments' | 'alert';
  readonly text: string;
}

/** Whole slices that changed; a slice that is absent is unchanged, or has its changes told by field and row. */
export type StatePatch = Partial<DeskState>;

/** Of the slices that are long, what has changed in them: fields of the feed and the settings, rows of the lists. */
export type SliceChanges = Partial<Readonly<Record<'feed' | 'instruments' | 'activity' | 'settings', Change>>>;

/** The lossless lane. `seq` counts by one from the snapshot's; a receiver that sees a hole asks for a snapshot. */
export type StateMessage =
  | { readonly type: 'snapshot'; readonly seq: number; readonly now: number; readonly state: DeskState }
  | {
      readonly type: 'patch';
      readonly seq: number;
      readonly now: number;
      readonly patch: StatePatch;
      readonly changes?: SliceChanges;
    };
