import { randomBytes } from 'node:crypto';
import type { PendingLogin as PendingLoginState } from '../contract/state.ts';
import type { KiteEndpoints } from '../kite/endpoints.ts';
import { KiteError } from '../kite/errors.ts';
import { type LoginCallback, loginUrl, newState, parseCallback } from '../kite/login.ts';

/** How a login that was started in a browser ended. */
export type LoginOutcome =
  | { readonly outcome: 'signed-in'; readonly userId: string; readonly userName: string }
  /** The trader declined on Kite's page. */
  | { readonly outcome: 'cancelled' }
  /** Not the answer to the login that is waited for: forged, or left over from another. Nothing changes. */
  | { readonly outcome: 'wrong-state' }
  /** Not a login callback at all. Nothing changes. */
  | { readonly outcome: 'not-ours' }
  | LoginFailure;

/** `message`: one sentence for a person. */
export interface LoginFailure {
  readonly outcome: 'failed';
  /** Kite's error code, or our own: `login-failed`, `no-api-secret`, `superseded`, `unknown`. */
  readonly code: string;
  readonly message: string;
}

interface PendingLogin extends PendingLoginState {
  readonly url: string;
  readonly state: string;
}

/** Turns a one-time request token into a login; what the owner of the login supplies. */
export type ExchangeRequestToken = (requestToken: string) => Promise<LoginOutcome>;

/**
 * The login that is waited for. One at a time: starting again while one is pending gives the same page, so that it does
 * not matter which of two open pages the trader finishes. Each callback is acted on once; a reload gets the same answer.
 */
export class LoginFlow {
  private pending: PendingLogin | null = null;
  private handled: { readonly url: string; readonly outcome: Promise<LoginOutcome> } | null = null;

  get pendingLogin(): PendingLoginState | null {
    return this.pending === null ? null : { startedAt: this.pending.startedAt, stage: this.pending.stage };
  }

  /** The login page for this app; a new one while the last login is only being finished. */
  begin(endpoints: KiteEndpoints, apiKey: string, nowMs: number): string {
    if (this.pending?.stage !== 'waiting') {
      const state = newState(randomBytes);
      // Every refusal comes back by the same URL: what the last one meant says nothing about this login.
      this.handled = null;
      this.pending = { url: loginUrl(endpoints, apiKey, state), state, startedAt: nowMs, stage: 'waiting' };
    }
    return this.pending.url;
  }

  cancel(): void {
    this.pending = null;
  }

  /** Acts on the URL Kite sent the browser to. */
  complete(url: string, redirectUrl: string, exchange: ExchangeRequestToken): Promise<LoginOutcome> {
    if (this.handled?.url === url) return this.handled.outcome;
    const waited = this.pending?.stage === 'waiting' ? this.pending : null;
    // Without a login to wait for, no state can be right.
    const callback = parseCallback(url, { redirectUrl, state: waited?.state ?? newState(randomBytes) });
    if (callback.outcome === 'not-ours') return Promise.resolve(callback);
    if (waited === null || callback.outcome === 'wrong-state') return Promise.resolve({ outcome: 'wrong-state' });

    const finishing: PendingLogin = { ...waited, stage: 'finishing' };
    this.pending = finishing;
    const outcome = this.conclude(callback, exchange).finally(() => {
      if (this.pending === finishing) this.pending = null;
    });
    this.handled = { url, outcome };
    return outcome;
  }

  private async conclude(
    callback: Exclude<LoginCallback, { outcome: 'not-ours' | 'wrong-state' }>,
    exchange: ExchangeRequestToken,
  ): Promise<LoginOutcome> {
    switch (callback.outcome) {
      case 'success':
        return await exchange(callback.requestToken);
      case 'cancelled':
        return { outcome: 'cancelled' };
      case 'failed':
        return { outcome: 'failed', code: 'login-failed', message: `${callback.reason} Sign in again.` };
    }
  }
}

export const cancelledWords = 'The login was cancelled on the Kite page.';

/** What a login that ended without a sign-in is to the trader; null for a sign-in, and for what changes nothing. */
export function loginFailureWords(outcome: LoginOutcome): string | null {
  if (outcome.outcome === 'cancelled') return cancelledWords;
  return outcome.outcome === 'failed' && outcome.code !== 'superseded' ? outcome.message : null;
}

/** Why Kite would not exchange a request token. */
export function exchangeFailure(error: unknown): LoginFailure {
  const code = error instanceof KiteError ? error.code : 'unknown';
  switch (code) {
    case 'token-rejected':
      return { outcome: 'failed', code, message: 'That login was used already or took too long. Sign in again.' };
    case 'credentials-invalid':
      return { outcome: 'failed', code, message: 'Kite does not accept the API secret: check it in the settings.' };
    case 'not-permitted':
      return { outcome: 'failed', code, message: 'Kite says this user may not use this app.' };
    default:
      return { outcome: 'failed', code, message: 'Kite could not be reached to finish the login. Sign in again.' };
  }
}
