import { randomBytes } from 'node:crypto';
import type { PendingLogin as PendingLoginState } from '../contract/state.ts';
import type { KiteEndpoints } from '../kite/endpoints.ts';
import { KiteError } from '../kite/errors.ts';
import { foreignWords } from '../kite/foreign-answer.ts';
import { type LoginCallback, loginUrl, newState, parseCallback } from '../kite/login.ts';

/** How a login that was started in a browser ended. */
export type LoginOutcome =
  | { readonly outcome: 'signed-in'; readonly userId: string; readonly userName: string }
  /** The trader declined on Kite's page. */
  | { readonly outcome: 'cancelled' }
  /** Not the answer to the login that is waited for: forged, or too late. Nothing changes. */
  | { readonly outcome: 'wrong-state' }
  /** Not a login callback at all. Nothing changes. */
  | { readonly outcome: 'not-ours' }
  /** Kite's answer at another address than the redirect URL. `endedLogin`: it was the answer to the login waited for. */
  | {
      readonly outcome: 'wrong-address';
      readonly address: string;
      readonly expected: string;
      readonly endedLogin: boolean;
    }
  | LoginFailure;

/** `message`: one sentence for a person. */
export interface LoginFailure {
  readonly outcome: 'failed';
  /** Kite's error code, or our own: `login-failed`, `no-api-secret`, `superseded`, `unknown`. */
  readonly code: string;
  readonly message: string;
}

interface PendingLogin extends PendingLoginState {
  /** Counted from 1: a timer or an answer of an earlier login must not touch a later one. */
  readonly id: number;
  readonly url: string;
  readonly state: string;
}

/** Turns a one-time request token into a login; what the owner of the login supplies. `isWanted`: not given up meanwhile. */
export type ExchangeRequestToken = (requestToken: string, isWanted: () => boolean) => Promise<LoginOutcome>;

/** A callback that has been acted on: coming again, it gets the same answer. */
interface Handled {
  readonly url: string;
  /** Null where Kite sends none: it has then to be the same address to the letter. */
  readonly state: string | null;
  readonly outcome: Promise<LoginOutcome>;
}

/** As many ended logins as a trader may have pages of open. */
const MOST_HANDLED = 8;

/**
 * The login that is waited for. One at a time: starting again while one is pending gives the same page, so that it does
 * not matter which of two open pages the trader finishes. Each callback is acted on once; a reload gets the same answer.
 * Giving up ends every login begun before, also one whose token is just being fetched.
 */
export class LoginFlow {
  private pending: PendingLogin | null = null;
  private handled: readonly Handled[] = [];
  private begun = 0;
  /** Logins up to this one have been given up. */
  private givenUp = 0;

  get pendingLogin(): PendingLoginState | null {
    return this.pending === null ? null : { startedAt: this.pending.startedAt, stage: this.pending.stage };
  }

  /** Which login is pending; null for none. */
  get pendingId(): number | null {
    return this.pending?.id ?? null;
  }

  /** The login page for this app; a new one while the last login is only being finished. */
  begin(endpoints: KiteEndpoints, apiKey: string, nowMs: number): string {
    if (this.pending?.stage !== 'waiting') {
      const state = newState(randomBytes);
      // Every refusal without a state comes back by the same URL: what the last one meant says nothing about this login.
      this.handled = this.handled.filter((handled) => handled.state !== null);
      const url = loginUrl(endpoints, apiKey, state);
      this.pending = { id: ++this.begun, url, state, startedAt: nowMs, stage: 'waiting' };
    }
    return this.pending.url;
  }

  cancel(): void {
    this.pending = null;
    this.givenUp = this.begun;
  }

  /** Acts on the URL Kite sent the browser to. */
  complete(url: string, redirectUrl: string, exchange: ExchangeRequestToken): Promise<LoginOutcome> {
    const again = this.handled.find((handled) => handled.url === url || isAnswerTo(handled.state, url));
    if (again !== undefined) return again.outcome;
    const waited = this.pending?.stage === 'waiting' ? this.pending : null;
    // Without a login to wait for, no state can be right.
    const callback = parseCallback(url, { redirectUrl, state: waited?.state ?? newState(randomBytes) });
    if (callback.outcome === 'not-ours') return Promise.resolve(callback);
    if (callback.outcome === 'wrong-address') return Promise.resolve(this.misdirected(callback, redirectUrl, waited));
    if (waited === null || callback.outcome === 'wrong-state') return Promise.resolve({ outcome: 'wrong-state' });

    const finishing: PendingLogin = { ...waited, stage: 'finishing' };
    this.pending = finishing;
    const outcome = this.conclude(callback, exchange, waited.id).finally(() => {
      if (this.pending === finishing) this.pending = null;
    });
    const state = callback.outcome === 'cancelled' ? null : waited.state;
    this.handled = [{ url, state, outcome }, ...this.handled].slice(0, MOST_HANDLED);
    return outcome;
  }

  /** The state proves whose answer it is: then there is nothing more to wait for. */
  private misdirected(
    { address, hasState }: Extract<LoginCallback, { outcome: 'wrong-address' }>,
    expected: string,
    waited: PendingLogin | null,
  ): LoginOutcome {
    const endedLogin = waited !== null && hasState;
    if (endedLogin) this.pending = null;
    return { outcome: 'wrong-address', address, expected, endedLogin };
  }

  private async conclude(
    callback: Exclude<LoginCallback, { outcome: 'not-ours' | 'wrong-state' | 'wrong-address' }>,
    exchange: ExchangeRequestToken,
    id: number,
  ): Promise<LoginOutcome> {
    switch (callback.outcome) {
      case 'success':
        return await exchange(callback.requestToken, () => id > this.givenUp);
      case 'cancelled':
        return { outcome: 'cancelled' };
      case 'failed':
        return { outcome: 'failed', code: 'login-failed', message: `${callback.reason} Sign in again.` };
    }
  }
}

function isAnswerTo(state: string | null, url: string): boolean {
  return state !== null && URL.canParse(url) && new URL(url).searchParams.get('state') === state;
}

export const cancelledWords = 'The login was cancelled on the Kite page.';

/** Both addresses at once, so that nobody has to look for the difference. */
export function wrongAddressWords(address: string, expected: string): string {
  return `The redirect URL registered at Kite is ${address}, the one in the settings here is ${expected}. Make them the same, then sign in again.`;
}

/** What a login that ended without a sign-in is to the trader; null for a sign-in, and for what changes nothing. */
export function loginFailureWords(outcome: LoginOutcome): string | null {
  if (outcome.outcome === 'cancelled') return cancelledWords;
  if (outcome.outcome === 'wrong-address') {
    return outcome.endedLogin ? wrongAddressWords(outcome.address, outcome.expected) : null;
  }
  return outcome.outcome === 'failed' && outcome.code !== 'superseded' ? outcome.message : null;
}

/** Why Kite would not exchange a request token. */
export function exchangeFailure(error: unknown): LoginFailure {
  const code = error instanceof KiteError ? error.code : 'unknown';
  if (error instanceof KiteError && error.foreign !== null) {
    return { outcome: 'failed', code, message: `${foreignWords[error.foreign].sentence} Sign in again after that.` };
  }
  switch (code) {
    case 'token-rejected':
      return { outcome: 'failed', code, message: 'That login was used already or took too long. Sign in again.' };
    case 'credentials-invalid':
      return { outcome: 'failed', code, message: 'Kite does not accept the API secret: check it in the settings.' };
    case 'not-permitted':
      return { outcome: 'failed', code, message: 'Kite says this user may not use this app.' };
    case 'network':
    case 'timeout':
      return { outcome: 'failed', code, message: 'Kite could not be reached to finish the login. Sign in again.' };
    case 'server-error':
      return { outcome: 'failed', code, message: "Kite's server failed while finishing the login. Sign in again." };
    case 'rate-limited':
      return { outcome: 'failed', code, message: 'Kite is asked for too much at once. Sign in again in a minute.' };
    case 'bad-request':
    case 'bad-response':
    case 'cancelled':
    case 'unknown':
      return { outcome: 'failed', code, message: 'The login could not be finished. Sign in again.' };
  }
}
