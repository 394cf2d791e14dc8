import type { AuthState, PendingLogin } from '../contract/state.ts';
import type { AuthStateName } from '../contract/states.ts';
import type { KiteErrorCode } from '../kite/errors.ts';
import { type ForeignAnswer, foreignWords } from '../kite/foreign-answer.ts';
import { nextTokenDeadline } from '../kite/login.ts';

/**
 * What is known about the login, and what follows from it. The state is always worked out anew from facts and the time,
 * so a clock that jumps either way only needs asking again. Nothing here is secret.
 */
export interface AuthFacts {
  /** The api key in part; null: no key. */
  readonly apiKeyHint: string | null;
  readonly token: TokenFacts | null;
  readonly pendingLogin: PendingLogin | null;
  /** Why the last login ended without a sign-in. */
  readonly loginFailure: string | null;
  /** What became of the last token, where that is worth a sentence and there is no token to say it of. */
  readonly note: string | null;
}

/** What is known about one token. Instants in ms since the epoch. */
export interface TokenFacts {
  readonly userId: string | null;
  readonly userName: string | null;
  readonly loginAtMs: number | null;
  readonly adoptedAtMs: number;
  /** When the last question that Kite answered with yes was asked. */
  readonly confirmedAtMs: number | null;
  /** The same, also in earlier runs. */
  readonly provenAtMs: number | null;
  /** When Kite last answered about it, either way. */
  readonly answeredAtMs: number | null;
  /** Kite's no. */
  readonly rejection: 'token' | 'credentials' | null;
  /** Questions in a row without an answer about the token, and the last of them. */
  readonly failures: number;
  readonly lastFailure: { readonly code: FailureCode; readonly atMs: number } | null;
}

/**
 * Failures that say nothing about the token. A `ForeignAnswer`: somebody else answered in Kite's place; `other-user`: the
 * answer was about another user's login; `unknown`: an error that is not Kite's.
 */
export type FailureCode =
  | Exclude<KiteErrorCode, 'token-rejected' | 'credentials-invalid'>
  | ForeignAnswer
  | 'other-user'
  | 'unknown';

/** Failures after which Kite is asked again soon: whoever stands in between is gone from one moment to the next. */
const PASSING_CODES: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'web-page',
  'network-sign-in',
  'not-kite',
  'other-user',
]);

export function isPassing(code: FailureCode): boolean {
  return PASSING_CODES.has(code);
}

/** The outcome of asking Kite about a token. `confirmed` without a user: it is not said whose it is. */
export type Verdict =
  | {
      readonly type: 'confirmed';
      readonly askedAtMs: number;
      readonly user: { readonly userId: string; readonly userName: string } | null;
    }
  | { readonly type: 'rejected'; readonly what: 'token' | 'credentials' }
  | { readonly type: 'unanswered'; readonly code: FailureCode };

/** A confirmed token outlives this many failed questions in a row as `valid`; one more and it is `unverified`. */
const FAILURES_BORNE = 3;

/** The facts of a token that nobody has asked Kite about. */
export function newToken({
  provenAtMs = null,
  ...token
}: Pick<TokenFacts, 'userId' | 'userName' | 'loginAtMs' | 'adoptedAtMs'> & {
  readonly provenAtMs?: number | null | undefined;
}): TokenFacts {
  return {
    ...token,
    provenAtMs,
    confirmedAtMs: null,
    answeredAtMs: null,
    rejection: null,
    failures: 0,
    lastFailure: null,
  };
}

/** The facts after Kite was asked. A rejection stands until Kite itself says otherwise. */
export function afterVerdict(token: TokenFacts, verdict: Verdict, nowMs: number): TokenFacts {
  switch (verdict.type) {
    case 'confirmed':
      return {
        ...token,
        userId: verdict.user?.userId ?? token.userId,
        userName: verdict.user?.userName ?? token.userName,
        confirmedAtMs: Math.max(verdict.askedAtMs, token.confirmedAtMs ?? verdict.askedAtMs),
        provenAtMs: Math.max(verdict.askedAtMs, token.provenAtMs ?? verdict.askedAtMs),
        answeredAtMs: nowMs,
        rejection: null,
        failures: 0,
        lastFailure: null,
      };
    case 'rejected':
      return { ...token, rejection: verdict.what, answeredAtMs: nowMs };
    case 'unanswered':
      return { ...token, failures: token.failures + 1, lastFailure: { code: verdict.code, atMs: nowMs } };
  }
}

/**
 * The 06:00 IST after which the token is suspect: the next one after the login, or after the last time Kite confirmed
 * it, because a token that outlived one deadline (Kite clears them some time between 06:00 and 07:40) meets the next.
 */
export function suspectFrom(token: TokenFacts): number {
  const knownAtMs = Math.max(token.confirmedAtMs ?? 0, token.provenAtMs ?? 0);
  return nextTokenDeadline(Math.max(token.loginAtMs ?? token.adoptedAtMs, knownAtMs));
}

/** The token's 06:00 IST, as far as it is known: by its login, or for a token from elsewhere by Kite's last yes. */
function deadlineOf({ loginAtMs, confirmedAtMs }: TokenFacts): number | null {
  const knownAtMs = loginAtMs ?? confirmedAtMs;
  return knownAtMs === null ? null : nextTokenDeadline(knownAtMs);
}

export function stateName({ apiKeyHint, token }: AuthFacts, nowMs: number): AuthStateName {
  if (apiKeyHint === null) return 'unconfigured';
  if (token === null) return 'signed-out';
  if (token.rejection !== null) return 'expired';
  const deadlineMs = suspectFrom(token);
  if (nowMs >= deadlineMs) {
    const wasAskedSince = token.lastFailure !== null && token.lastFailure.atMs >= deadlineMs;
    return wasAskedSince ? 'unverified' : 'suspect';
  }
  return token.confirmedAtMs !== null && token.failures <= FAILURES_BORNE ? 'valid' : 'unverified';
}

/** Whether the token may be used now: confirmed, or not yet confirmed and before its deadline. */
export function isUsable(facts: AuthFacts, nowMs: number): boolean {
  const name = stateName(facts, nowMs);
  if (facts.token === null || (name !== 'valid' && name !== 'unverified')) return false;
  return nowMs < suspectFrom(facts.token);
}

/** What interfaces are told. */
export function authState(facts: AuthFacts, nowMs: number): AuthState {
  const { token } = facts;
  const name = stateName(facts, nowMs);
  return {
    state: name,
    userId: token?.userId ?? null,
    userName: token?.userName ?? null,
    expiresAt: token === null ? null : deadlineOf(token),
    checkedAt: token?.answeredAtMs ?? null,
    reason: reasonFor(name, facts),
    pendingLogin: facts.pendingLogin,
    loginFailure: facts.loginFailure,
    apiKeyHint: facts.apiKeyHint,
  };
}

function reasonFor(name: AuthStateName, { token, note }: AuthFacts): string | null {
  switch (name) {
    case 'unconfigured':
      return 'Enter your Kite Connect API key to begin.';
    case 'signed-out':
      return note;
    case 'suspect':
      return 'Kite ends logins at 06:00 IST, and this one has not been checked since.';
    case 'expired':
      return token === null ? null : expiryReason(token);
    case 'unverified':
      if (token === null || token.lastFailure === null) return 'The login has not been checked with Kite yet.';
      return `The login could not be checked: ${failureWords[token.lastFailure.code]}.`;
    case 'valid':
      if (token === null || token.lastFailure === null) return null;
      return `Confirmed earlier; the last check failed: ${failureWords[token.lastFailure.code]}.`;
  }
}

function expiryReason(token: TokenFacts): string {
  if (token.rejection === 'credentials') {
    return 'Kite does not recognise this API key and token. Sign in again, or check the API key.';
  }
  const endedEarly = token.answeredAtMs !== null && token.answeredAtMs < suspectFrom(token);
  return endedEarly && token.confirmedAtMs !== null
    ? 'Kite ended this login before its time, as it does after a login elsewhere or a sign-out. Sign in again.'
    : 'Kite no longer accepts this login. Sign in again.';
}

/** Each failure as the end of a sentence. */
export const failureWords: Readonly<Record<FailureCode, string>> = {
  'rate-limited': 'Kite asks for fewer requests',
  'bad-request': 'Kite did not understand the request',
  'server-error': 'Kite has a server error',
  'bad-response': "Kite's answer could not be read",
  'not-permitted': 'Kite refused the question without a word on the login',
  'web-page': foreignWords['web-page'].phrase,
  'network-sign-in': foreignWords['network-sign-in'].phrase,
  'not-kite': foreignWords['not-kite'].phrase,
  'other-user': 'the answer was about another user',
  network: 'Kite cannot be reached',
  timeout: 'Kite did not answer in time',
  cancelled: 'the check was given up',
  unknown: 'an unexpected error',
};

/** `abcd…wxyz`; a key too short to be shown in part is not shown at all. */
export function apiKeyHintOf(apiKey: string): string {
  return apiKey.length < 12 ? '…' : `${apiKey.slice(0, 4)}…${apiKey.slice(-4)}`;
}
