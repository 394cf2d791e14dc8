import type { Settings } from '../contract/settings.ts';
import type { DeskState, StepState } from '../contract/state.ts';
import { unknownHours } from '../contract/unknown-hours.ts';
import { causeAdvice } from '../feed/causes.ts';
import type { ResolutionProblem } from '../kite/instruments.ts';
import type { AlertInput } from '../notify/alert-center.ts';
import { clockSkewAlert } from './clock-alert.ts';
import { feedStopAlert } from './feed-stop-alert.ts';
import { problemsText } from './problem-words.ts';
import { silentAlert } from './silent-alert.ts';
import { storageAlert } from './storage-alert.ts';

/** A standing condition, and how long it must have stood before it leaves the window. */
export interface DueAlert {
  readonly alert: AlertInput;
  /** The instant from which the trader is notified outside the window; null: shown in the window only. */
  readonly notifyAt: number | null;
}

/** An outage shorter than this heals unseen; ms. */
const FEED_LOST_NOTIFY_MS = 30_000;
/** One that is old when it is noticed, as after a sleep, gets so long to heal; ms. */
const JUST_NOTICED_MS = 10_000;
/** Kite is asked what a refusal means before the trader is told; ms. */
const REFUSAL_JUDGED_MS = 1_000;
/** Kite's time-out and a little. */
const FIRST_ANSWER_MS = 10_000;
/** Real ms. */
const STORAGE_GRACE_MS = 3_000;
/** Good news is gone again by itself after this; ms. */
const GOOD_NEWS_SHOWN_MS = 60_000;

/** The alerts these rules own: one that is no longer due is withdrawn. */
export const ruleAlertIds = [
  'token',
  'feed',
  'fallback',
  'fallback-left',
  'calendar',
  'paused',
  'silent-instruments',
  'feed-stops',
  'market-open',
  'instruments',
  'clock-skew',
  'storage',
  'notices',
] as const;

/** The alert with this id as it stands now; null when it does not. */
export type Standing = (id: (typeof ruleAlertIds)[number]) => AlertInput | null;

/** What needs the trader at `nowMs`. Pure and level-triggered: called at every change, it only states what is so. */
export function alertsDue(state: DeskState, nowMs: number, standing: Standing = () => null): readonly DueAlert[] {
  return [
    outageAlert(state, nowMs, standing),
    fallbackAlert(state),
    silentDue(state, nowMs),
    feedStopDue(state, nowMs),
    fallbackLeftAlert(state, nowMs),
    calendarAlert(state),
    pausedAlert(state, nowMs),
    clockAlert(state, nowMs),
    storageDue(state, nowMs),
    marketOpenAlert(state, nowMs),
    noticesAlert(state),
  ].filter((due) => due !== null);
}

/** Something asked for has no token today: it is named, the others run. */
export function instrumentAlerts(problems: readonly ResolutionProblem[]): readonly DueAlert[] {
  // A list that is missing has an alert of its own (`listAlert`).
  const [first, ...others] = problems.filter(({ severity, code }) => severity === 'error' && code !== 'missing-dump');
  if (first === undefined) return [];
  const body = problemsText(others);
  return [
    { alert: { id: 'instruments', severity: 'warning', title: first.message, body, action: null }, notifyAt: null },
  ];
}

/**
 * One outage is one alert. A Kite that cannot be reached shows in two places, at the login's checks and at the feed: it
 * keeps the name under which it was told first. A login that Kite itself has turned down is another matter, and comes first.
 */
function outageAlert(state: DeskState, nowMs: number, standing: Standing): DueAlert | null {
  const login = loginAlert(state, nowMs);
  const feed = feedAlert(state, nowMs, standing);
  if (feed === null || (login !== null && state.auth.state !== 'unverified')) return login;
  const isToldAsLogin = standing('token')?.action === 'retry-feed' && isOutage(state.feed);
  if (isToldAsLogin) return login ?? { ...feed, alert: { ...feed.alert, id: 'token' } };
  return login === null ? feed : { ...feed, alert: { ...feed.alert, body: feed.alert.body && UNREACHABLE } };
}

const SOCKET_REFUSED_NEXT =
  'If a new login does not help: turn off any VPN, or try another network. Then see at developers.kite.trade whether the app is active and its plan includes market data.';

const UNREACHABLE = 'Reconnecting by itself; the login is checked as soon as Kite can be reached.';

/** From the morning's token check until the feed stops, a login that does not work is the trader's first business. */
function loginAlert(state: DeskState, nowMs: number): DueAlert | null {
  if (!isBetween(state.schedule.steps, 'token-check', 'feed-stop', nowMs)) return null;
  const words = tokenWords(state.auth.state);
  if (words === null) return null;
  if (state.auth.state === 'unverified') {
    // Prices that flow prove the login; and a refusal is about to be judged.
    if (state.feed.source !== 'none' || isBeingJudged(state.feed, nowMs)) return null;
    // Right after the start the first answer is still on its way.
    if (nowMs - state.app.startedAt < FIRST_ANSWER_MS) return null;
  }
  return {
    alert: {
      id: 'token',
      severity: 'action',
      title: words.title,
      body: state.auth.reason ?? words.body,
      action: words.action,
    },
    notifyAt: nowMs,
  };
}

function tokenWords(
  auth: DeskState['auth']['state'],
): { title: string; body: string; action: AlertInput['action'] } | null {
  switch (auth) {
    case 'valid':
    // Being checked: it is on its way to one of the others.
    case 'suspect':
      return null;
    case 'unconfigured':
      return {
        title: 'Kite is not connected yet.',
        body: 'Enter your Kite Connect api key to get prices today.',
        action: 'open-settings',
      };
    case 'signed-out':
      return { title: "Sign in to Kite for today's prices.", body: 'You are not signed in.', action: 'sign-in' };
    case 'expired':
      return {
        title: 'Your Kite login has expired.',
        body: 'Kite refused it.',
        action: 'sign-in',
      };
    case 'unverified':
      return {
        title: 'Kite cannot be reached to check your login.',
        body: 'Trying again by itself.',
        action: 'retry-feed',
      };
  }
}

function feedAlert({ feed, auth, market }: DeskState, nowMs: number, standing: Standing): DueAlert | null {
  if (!isLost(feed) || feed.source === 'rest') return null;
  // Without a login, or a word on it, that is what has to be told.
  const mayHaveLogin = auth.state === 'valid' || (auth.state === 'unverified' && feed.cause !== null);
  if (!mayHaveLogin) return null;
  if (isBeingJudged(feed, nowMs) || isTriedAgain(feed, standing)) return asItStands(standing('feed'));
  // A halt is the market's own doing: said in the window, and nobody is called for it.
  if (feed.cause === 'exchange-quiet') return quietAlert(feed);
  const lostAt = feed.gaps.find((gap) => gap.to === null)?.from ?? feed.since;
  // An outage that begins before the market does is told when it opens, if it stands by then.
  const notifyAt =
    market.phase === 'closed' ? null : Math.max(lostAt + FEED_LOST_NOTIFY_MS, feed.since + JUST_NOTICED_MS);
  return {
    alert: {
      id: 'feed',
      severity: feed.state === 'blocked' ? 'action' : 'warning',
      title: feed.causeText ?? 'The live feed is interrupted.',
      body: feed.state === 'blocked' ? blockedBody(feed) : 'Reconnecting by itself.',
      action: actionFor(feed),
    },
    notifyAt: feed.state === 'blocked' ? feed.since : notifyAt,
  };
}

/** The first remedy is the button; what to try after it. */
function blockedBody({ cause }: DeskState['feed']): string | null {
  return cause === 'socket-refused' ? SOCKET_REFUSED_NEXT : null;
}

/** Where another login is the first remedy, that is the button. */
function actionFor({ state, cause }: DeskState['feed']): AlertInput['action'] {
  const isLogin = state === 'blocked' && cause !== null && causeAdvice[cause].action === 'sign-in';
  return isLogin ? 'sign-in' : 'retry-feed';
}

function asItStands(alert: AlertInput | null): DueAlert | null {
  return alert === null ? null : { alert, notifyAt: null };
}

function quietAlert({ causeText }: DeskState['feed']): DueAlert {
  const title = causeText ?? 'The exchange is sending no new prices.';
  return { alert: { id: 'feed', severity: 'info', title, body: null, action: 'open-doctor' }, notifyAt: null };
}

/** One outage is one alert: a further attempt on its way does not end it. The first attempt of all is no outage. */
function isLost({ desired, state, attempt }: DeskState['feed']): boolean {
  if (desired === 'off') return false;
  return state === 'backoff' || state === 'blocked' || state === 'stale' || (state === 'connecting' && attempt > 0);
}

/** A refusal that was told is tried again: what it comes to is known in a moment, and until then the alert is the same. */
function isTriedAgain({ state }: DeskState['feed'], standing: Standing): boolean {
  return state === 'connecting' && standing('feed')?.severity === 'action';
}

/** Turned down just now, and Kite has not said yet what that means. */
function isBeingJudged({ state, since }: DeskState['feed'], nowMs: number): boolean {
  return state === 'blocked' && nowMs - since < REFUSAL_JUDGED_MS;
}

/** Lost to the network or the server, and not by a refusal or a market at rest. */
function isOutage({ state, cause }: DeskState['feed']): boolean {
  return state !== 'blocked' && cause !== 'exchange-quiet';
}

function fallbackAlert(state: DeskState): DueAlert | null {
  if (state.feed.source !== 'rest') return null;
  return {
    alert: {
      id: 'fallback',
      severity: 'warning',
      title: 'Prices come once a second by REST: the live socket is down.',
      body: state.feed.causeText,
      action: actionFor(state.feed),
    },
    notifyAt: state.settings.notify.fallback ? state.feed.since : null,
  };
}

/** For traders who wanted to know of the fallback: its end too, said once, and gone again by itself. */
function fallbackLeftAlert({ feed, settings }: DeskState, nowMs: number): DueAlert | null {
  const backAt = feed.backFromRestAt;
  if (!settings.notify.fallback || backAt === null || nowMs - backAt > GOOD_NEWS_SHOWN_MS) return null;
  return {
    alert: {
      id: 'fallback-left',
      severity: 'info',
      title: 'The live socket is back: prices no longer come by REST.',
      body: null,
      action: null,
    },
    notifyAt: backAt,
  };
}

function calendarAlert(state: DeskState): DueAlert | null {
  const { market } = state;
  const words = unknownHours(market, state.schedule.steps);
  if (words === null) return null;
  const title =
    market.day === 'unknown'
      ? `${words.title}: open or closed is not established.`
      : `${words.title}: the exchange's hours are not in the calendar.`;
  return {
    alert: { id: 'calendar', severity: 'warning', title, body: words.detail, action: null },
    notifyAt: null,
  };
}

function pausedAlert(state: DeskState, nowMs: number): DueAlert | null {
  if (!state.feed.paused || !isBetween(state.schedule.steps, 'feed-start', 'feed-stop', nowMs)) return null;
  return {
    alert: { id: 'paused', severity: 'warning', title: 'The feed is paused.', body: null, action: 'resume-feed' },
    notifyAt: null,
  };
}

function clockAlert(state: DeskState, nowMs: number): DueAlert | null {
  const alert = clockSkewAlert(state, nowMs);
  return alert && { alert, notifyAt: alert.severity === 'action' ? nowMs : null };
}

/** The line works and one instrument on it does not: as an outage, it is told outside the window when it lasts. */
function silentDue(state: DeskState, nowMs: number): DueAlert | null {
  const silent = silentAlert(state, nowMs);
  return silent && { alert: silent.alert, notifyAt: silent.sinceMs + FEED_LOST_NOTIFY_MS };
}

function feedStopDue(state: DeskState, nowMs: number): DueAlert | null {
  const alert = feedStopAlert(state, nowMs);
  return alert && { alert, notifyAt: null };
}

/** A lock or a full disk of a moment heals unseen. */
function storageDue({ machine, app }: DeskState, nowMs: number): DueAlert | null {
  const { storage } = machine;
  if (storage === null || nowMs - storage.since < STORAGE_GRACE_MS * app.speed) return null;
  return { alert: storageAlert(storage), notifyAt: nowMs };
}

/** What the start found amiss (no keychain, a file set aside): in the window until the trader has seen it. */
function noticesAlert({ app }: DeskState): DueAlert | null {
  const [title, ...others] = app.notices;
  if (title === undefined) return null;
  const body = others.length === 0 ? null : others.join(' ');
  return { alert: { id: 'notices', severity: 'info', title, body, action: null }, notifyAt: null };
}

/** For traders who asked for it: said once, and gone again by itself. */
function marketOpenAlert({ market, settings }: DeskState, nowMs: number): DueAlert | null {
  if (!settings.notify.marketOpen || market.phase !== 'live' || market.phaseSince === null) return null;
  if (nowMs - market.phaseSince > GOOD_NEWS_SHOWN_MS) return null;
  return {
    alert: { id: 'market-open', severity: 'info', title: 'The market is open.', body: market.reason, action: null },
    notifyAt: nowMs,
  };
}

/** Whether `nowMs` lies in any of the day's stretches from one step's time to the next other step's. */
function isBetween(
  steps: readonly StepState[],
  from: StepState['step'],
  to: StepState['step'],
  nowMs: number,
): boolean {
  const last = steps.findLast((step) => (step.step === from || step.step === to) && step.plannedAt <= nowMs);
  return last?.step === from;
}

/** Whether the trader's settings let an alert leave the window. */
export function isWanted({ id, action }: AlertInput, { notify }: Settings): boolean {
  switch (id) {
    case 'token':
      // Kite that cannot be reached is a lost feed as well.
      return notify.tokenDead || (action === 'retry-feed' && notify.feedLost);
    case 'feed':
    case 'silent-instruments':
      return notify.feedLost;
    case 'fallback':
    case 'fallback-left':
      return notify.fallback;
    case 'market-open':
      return notify.marketOpen;
    default:
      return true;
  }
}
