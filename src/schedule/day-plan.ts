import type { StepId } from '../contract/state.ts';
import type { DayKind, MarketCalendar, MarketDay } from '../market/calendar.ts';
import { sessionsOf } from '../market/day-sessions.ts';
import { type IstDate, type IstTime, instantOf } from '../market/ist.ts';
import type { Segment } from '../market/segments.ts';
import { phaseSteps } from './phase-steps.ts';

/** One thing that ought to happen on a day. */
export interface PlannedStep {
  /** Unique in the day: the step's name, with a suffix from its second time on (`live#2`). */
  readonly id: string;
  readonly step: StepId;
  readonly label: string;
  /** Ms since the epoch. */
  readonly plannedAt: number;
  /**
   * Until when it is worth catching up on, ms since the epoch, exclusive; null: it happens at its time or is missed,
   * because it is the market's doing and not ours.
   */
  readonly usefulUntil: number | null;
}

/** When the feed runs, from its token check to its stop; ms since the epoch. */
export interface FeedWindow {
  readonly checkMs: number;
  readonly startMs: number;
  /** When prices begin: the pre-open, or the first trade where there is none. */
  readonly opensMs: number;
  /** The last close of what is subscribed. */
  readonly closesMs: number;
  readonly stopMs: number;
}

export interface DayPlan {
  readonly date: IstDate;
  readonly kind: DayKind;
  readonly reason: string;
  readonly hours: MarketDay['hours'];
  /** In order of time; none on a day without a session. */
  readonly steps: readonly PlannedStep[];
  readonly feed: readonly FeedWindow[];
}

const MINUTE_MS = 60_000;

/** Our own: early enough to sign in before breakfast is over, should the day need it. */
const PREPARATION: IstTime = '05:00';
/** Kite: "it'll expire at 6 AM on the next day" (https://kite.trade/docs/connect/v3/user/). */
const TOKEN_DEADLINE: IstTime = '06:00';
/** Just past the documented deadline. */
const VERIFY_EARLY: IstTime = '06:05';
/** Past 07:35, the latest time Kite's staff have given for clearing tokens (kite.trade/forum). */
const VERIFY_LATE: IstTime = '07:40';
/** Kite: the dump is made once a day, to be fetched "ideally around 08:30 AM" (docs/connect/v3/market-quotes). */
const INSTRUMENTS: IstTime = '08:30';

/** Before prices begin. */
const TOKEN_CHECK_LEAD_MS = 10 * MINUTE_MS;
const FEED_START_LEAD_MS = 5 * MINUTE_MS;
/** After the token check. */
const REMINDERS_MS = [5 * MINUTE_MS, 10 * MINUTE_MS, 20 * MINUTE_MS] as const;
/** After the last close: late packets and the final open interest still come. */
const FEED_STOP_LAG_MS = 5 * MINUTE_MS;
/** Sessions closer together than this are one window: stopping and proving everything again would take longer. */
const SHORTEST_BREAK_MS = 60 * MINUTE_MS;

/**
 * What should happen on `date`, given which segments are subscribed. Pure; every market time comes from the calendar. A
 * day whose hours are assumed gets the assumed plan and says so in its labels; one whose hours are unpublished gets its
 * feed over the calendar's watch span, and no phases.
 */
export function planDay(calendar: MarketCalendar, date: IstDate, subscribed: readonly Segment[]): DayPlan {
  const day = calendar.day(date);
  const feed = feedWindows(day, subscribed);
  const [first] = feed;
  const drafts = first === undefined ? [] : [...morningSteps(date, first), ...feedSteps(day, subscribed, feed)];
  return {
    date,
    kind: day.kind,
    reason: day.reason,
    hours: day.hours,
    steps: numbered(drafts.toSorted((a, b) => a.plannedAt - b.plannedAt).map((draft) => marked(draft, day))),
    feed,
  };
}

function feedWindows(day: MarketDay, subscribed: readonly Segment[]): readonly FeedWindow[] {
  if (day.hours === 'unpublished' && day.watch !== null) {
    return [feedWindow(day.watch.startMs, day.watch.endMs)];
  }
  const spans: { startMs: number; endMs: number }[] = [];
  for (const { startMs, endMs } of sessionsOf(day, subscribed)) {
    const last = spans.at(-1);
    if (last !== undefined && startMs - last.endMs < SHORTEST_BREAK_MS) last.endMs = endMs;
    else spans.push({ startMs, endMs });
  }
  return spans.map(({ startMs, endMs }) => feedWindow(startMs, endMs));
}

function feedWindow(opensMs: number, closesMs: number): FeedWindow {
  return {
    checkMs: opensMs - TOKEN_CHECK_LEAD_MS,
    startMs: opensMs - FEED_START_LEAD_MS,
    opensMs,
    closesMs,
    stopMs: closesMs + FEED_STOP_LAG_MS,
  };
}

/** A step before it has its number. */
type Draft = Omit<PlannedStep, 'id'>;

/** The fixed times of a trading day. Each check is worth catching up on until a later one makes up for it. */
function morningSteps(date: IstDate, first: FeedWindow): Draft[] {
  const at = (step: StepId, label: string, time: IstTime, usefulUntil: number | null): Draft => ({
    step,
    label,
    plannedAt: instantOf(date, time),
    usefulUntil,
  });
  return [
    at('morning-preparation', 'Morning preparation', PREPARATION, first.stopMs),
    at('token-deadline', 'Logins of yesterday end', TOKEN_DEADLINE, null),
    at('token-verify-early', 'Login checked after the deadline', VERIFY_EARLY, instantOf(date, VERIFY_LATE)),
    at('token-verify-late', 'Login checked again', VERIFY_LATE, Math.max(first.checkMs, instantOf(date, VERIFY_LATE))),
    at('instruments', 'Instruments and futures resolved', INSTRUMENTS, first.stopMs),
  ];
}

function feedSteps(day: MarketDay, subscribed: readonly Segment[], feed: readonly FeedWindow[]): Draft[] {
  const steps = feed.flatMap((window): Draft[] => [
    {
      step: 'token-check',
      label: 'Login check before the market',
      plannedAt: window.checkMs,
      usefulUntil: window.stopMs,
    },
    { step: 'feed-start', label: 'Feed starts', plannedAt: window.startMs, usefulUntil: window.stopMs },
    ...reminderSteps(window),
    ...(day.hours === 'unpublished' ? [] : firstTicksStep(window)),
    { step: 'feed-stop', label: 'Feed stops', plannedAt: window.stopMs, usefulUntil: Number.POSITIVE_INFINITY },
  ]);
  const lastStopMs = Math.max(...feed.map((window) => window.stopMs));
  return [
    ...steps,
    ...(day.hours === 'unpublished' ? [] : phaseSteps(day, subscribed)),
    { step: 'certificate', label: 'Day certificate', plannedAt: lastStopMs, usefulUntil: Number.POSITIVE_INFINITY },
  ];
}

const reminderIds = ['token-reminder-1', 'token-reminder-2', 'token-reminder-3'] as const;

/** A reminder that was slept through is not worth making up for once the next is due. */
function reminderSteps(window: FeedWindow): Draft[] {
  return REMINDERS_MS.map((afterMs, index) => ({
    step: reminderIds[index] ?? 'token-reminder-3',
    label: `Login reminder ${index + 1}`,
    plannedAt: window.checkMs + afterMs,
    usefulUntil: window.checkMs + (REMINDERS_MS[index + 1] ?? window.stopMs - window.checkMs),
  }));
}

function firstTicksStep(window: FeedWindow): Draft[] {
  return [
    {
      step: 'first-ticks',
      label: 'First tick of every instrument',
      plannedAt: window.opensMs,
      usefulUntil: window.stopMs,
    },
  ];
}

const hoursMarks = { known: '', assumed: ' (assumed hours)', unpublished: ' (hours not published)' } as const;
const marketTimed: ReadonlySet<StepId> = new Set<StepId>([
  'token-check',
  'feed-start',
  'first-ticks',
  'pre-open',
  'pre-open-limit',
  'pre-open-matching',
  'buffer',
  'live',
  'closing-auction',
  'spot-close',
  'derivatives-close',
  'feed-stop',
]);

function marked(draft: Draft, day: MarketDay): Draft {
  return marketTimed.has(draft.step) ? { ...draft, label: draft.label + hoursMarks[day.hours] } : draft;
}

function numbered(drafts: readonly Draft[]): readonly PlannedStep[] {
  const counts = new Map<StepId, number>();
  return drafts.map((draft) => {
    const count = (counts.get(draft.step) ?? 0) + 1;
    counts.set(draft.step, count);
    return { id: count === 1 ? draft.step : `${draft.step}#${count}`, ...draft };
  });
}
