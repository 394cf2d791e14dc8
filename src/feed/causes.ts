import type { AlertAction } from '../contract/state.ts';
import type { FeedCause } from '../contract/states.ts';
import type { ForeignAnswer } from '../kite/foreign-answer.ts';
import type { SocketEnd } from '../kite/ticker-events.ts';
import { DAY_MS, instantOf, istDateOf } from '../market/ist.ts';
import { isFromBetween } from './evidence.ts';

/**
 * What the owner of the token found when it asked Kite about it. `unknown`: Kite could not be asked; a `ForeignAnswer`:
 * somebody else answered in its place. Neither says anything about the token.
 */
export type TokenVerdict = 'token-rejected' | 'token-fine' | 'unknown' | ForeignAnswer;

/** What a person is told about a cause, and the one thing to do about it; null: it mends by itself. */
export interface CauseAdvice {
  readonly sentence: string;
  readonly action: AlertAction | null;
}

export const causeAdvice: Readonly<Record<FeedCause, CauseAdvice>> = {
  'token-expired': {
    sentence: 'The Kite login has expired; prices start again within a second of signing in.',
    action: 'sign-in',
  },
  'logged-in-elsewhere': {
    sentence: 'Another login has ended this one (Kite allows one per app); sign in again here.',
    action: 'sign-in',
  },
  'plan-without-data': {
    sentence: 'The login is good, but Kite refuses live data to this app: its plan may not include market data.',
    action: 'open-doctor',
  },
  'socket-refused': {
    sentence:
      "The login works, but Kite refuses live prices to it. Sign in again; then try without a VPN; then check the app's plan.",
    action: 'sign-in',
  },
  'too-many-connections': {
    sentence: 'Another program holds the live connections Kite allows this app; close it. Trying again every minute.',
    action: 'retry-feed',
  },
  'no-instruments': {
    sentence: "Kite's instrument lists could not be loaded, so some instruments have no prices yet; trying again.",
    action: 'retry-feed',
  },
  network: {
    sentence: 'The connection to Kite was lost; reconnecting.',
    action: 'retry-feed',
  },
  'exchange-quiet': {
    sentence: 'The connection works, but the exchange is sending no new prices.',
    action: 'open-doctor',
  },
  mute: {
    sentence: 'Kite kept the connection open without sending prices; reconnecting.',
    action: 'retry-feed',
  },
  silent: {
    sentence: 'Nothing came from Kite any more, not even a sign of life; reconnecting.',
    action: 'retry-feed',
  },
  'server-error': {
    sentence: "Kite's server reported an error of its own; trying again.",
    action: 'retry-feed',
  },
  unknown: {
    sentence: 'Kite refused the connection without a reason that could be confirmed; trying again by itself.',
    action: 'retry-feed',
  },
};

/** Whether the server turned the credentials down: HTTP 403 to the upgrade, the only evidence there is. */
export function isRefusedLogin(end: SocketEnd): boolean {
  return end.how === 'refused' && end.status === 403;
}

/** Close codes by which a server speaks of its own trouble (RFC 6455 and the IANA registry): error, restart, overload. */
const SERVER_TROUBLE_CLOSES: ReadonlySet<number> = new Set([1011, 1012, 1013, 1014]);

/** Why a connection ended, when it was not a refused login. 1006 is how any cut line looks: it says `network`, no more. */
export function causeOfEnd(end: SocketEnd): FeedCause {
  switch (end.how) {
    case 'refused':
      return causeOfStatus(end.status, end.body);
    case 'failed':
    case 'handshake-timeout':
      return 'network';
    case 'closed':
      return SERVER_TROUBLE_CLOSES.has(end.code) ? 'server-error' : 'network';
    case 'terminated':
      return 'unknown';
  }
}

function causeOfStatus(status: number, body: string): FeedCause {
  if (status === 429) return 'too-many-connections';
  if (isFromBetween(status, body)) return 'network';
  return status >= 500 ? 'server-error' : 'unknown';
}

/** Kite has flushed the previous day's tokens by now: documented for 06:00 IST, by its staff up to 07:35. */
const FLUSH_ENDS = '07:35';

/**
 * Why a login was turned down. `acceptedAtMs`: when Kite last accepted this very token, null: never. A token that worked
 * after the morning's flush does not expire in the same day; somebody else's login must have ended it. That the plan lacks
 * market data is said only where Kite has said it: `lacksData`.
 */
export function causeOfRefusal(
  verdict: TokenVerdict,
  acceptedAtMs: number | null,
  nowMs: number,
  lacksData = false,
): FeedCause {
  switch (verdict) {
    case 'token-rejected':
      return workedSinceFlush(acceptedAtMs, nowMs) ? 'logged-in-elsewhere' : 'token-expired';
    case 'token-fine':
      return lacksData ? 'plan-without-data' : 'socket-refused';
    default:
      return 'network';
  }
}

/** Whether Kite took a token after it last cleared the tokens of the day before; instants in ms since the epoch. */
export function workedSinceFlush(acceptedAtMs: number | null, nowMs: number): boolean {
  return acceptedAtMs !== null && acceptedAtMs >= lastFlush(nowMs);
}

function lastFlush(nowMs: number): number {
  const today = instantOf(istDateOf(nowMs), FLUSH_ENDS);
  return nowMs >= today ? today : today - DAY_MS;
}

/** One line for the log; holds nothing of the server's answer that could be secret. */
export function describeEnd(end: SocketEnd): string {
  switch (end.how) {
    case 'refused':
      return `refused with HTTP ${end.status}`;
    case 'failed':
      return `failed (${end.networkCode ?? 'no code'})`;
    case 'handshake-timeout':
      return 'no answer in time';
    case 'closed':
      return `closed by the other side (${end.code})`;
    case 'terminated':
      return `ended here (${end.why})`;
  }
}
