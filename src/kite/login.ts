/**
 * The browser's part of a login: where it is sent, and what it comes back with
 * (https://kite.trade/docs/connect/v3/user/). The exchange of the request token is `KiteRest.createSession`.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { addDays, type IstTime, instantOf, istDateOf } from '../market/ist.ts';
import type { KiteEndpoints } from './endpoints.ts';

const STATE_BYTES = 24;
/** Kite ends every session then, on the day after its login. */
const TOKEN_DEADLINE: IstTime = '06:00';
/** Kite's are 32 letters and digits; wide enough for another length, too narrow for anything else. */
const REQUEST_TOKEN = /^[A-Za-z0-9_-]{1,128}$/;

/** What came back from the login page. */
export type LoginCallback =
  | { readonly outcome: 'success'; readonly requestToken: string }
  /** The trader declined. Kite then sends no state, so anyone could have sent it: it may only end a wait. */
  | { readonly outcome: 'cancelled' }
  /** Another login's answer, or a forged one: not to be used. */
  | { readonly outcome: 'wrong-state' }
  /** Not the redirect URL at all (a favicon, a stray request). */
  | { readonly outcome: 'not-ours' }
  /** Kite's answer at another path than the redirect URL's. `address`: without its query. `hasState`: it has the right state. */
  | { readonly outcome: 'wrong-address'; readonly address: string; readonly hasState: boolean }
  /** The redirect URL without a usable request token. `reason`: one sentence for a person. */
  | { readonly outcome: 'failed'; readonly reason: string };

/** A fresh value that ties a callback to the login it belongs to. `randomBytes`: from a cryptographic source. */
export function newState(randomBytes: (size: number) => Uint8Array): string {
  return Buffer.from(randomBytes(STATE_BYTES)).toString('base64url');
}

/** The login page's address. Kite sends the parameters in `redirect_params` back with a success. */
export function loginUrl(endpoints: KiteEndpoints, apiKey: string, state: string): string {
  const redirectParams = new URLSearchParams({ state }).toString();
  const query = new URLSearchParams({ v: '3', api_key: apiKey, redirect_params: redirectParams });
  return `${endpoints.loginRoot}/connect/login?${query}`;
}

/** Reads a request to the redirect URL; `url` is whole, or the path and query of a request to its host. */
export function parseCallback(
  url: string,
  expected: { readonly redirectUrl: string; readonly state: string },
): LoginCallback {
  if (!URL.canParse(url, expected.redirectUrl)) return { outcome: 'not-ours' };
  const callback = new URL(url, expected.redirectUrl);
  const query = callback.searchParams;
  if (!isRedirectAddress(callback.href, expected.redirectUrl)) {
    if (originOf(callback) !== originOf(new URL(expected.redirectUrl)) || !isAnswer(query))
      return { outcome: 'not-ours' };
    const given = query.get('state');
    const hasState = given !== null && isSame(given, expected.state);
    return { outcome: 'wrong-address', address: `${callback.origin}${callback.pathname}`.slice(0, 200), hasState };
  }
  const status = query.get('status');
  const state = query.get('state');
  const requestTokens = query.getAll('request_token');
  if (status === 'cancelled' && requestTokens.length === 0) {
    return state === null || isSame(state, expected.state) ? { outcome: 'cancelled' } : { outcome: 'wrong-state' };
  }
  if (state === null || !isSame(state, expected.state)) return { outcome: 'wrong-state' };
  if (status !== null && status !== 'success') return failed('Kite ended the login without a success.');
  const [requestToken, ...others] = requestTokens;
  if (requestToken === undefined) return failed('Kite sent no request token.');
  if (others.length > 0 || !REQUEST_TOKEN.test(requestToken)) return failed('Kite sent an unusable request token.');
  return { outcome: 'success', requestToken };
}

/** What proves that we know the secret: SHA-256, hex, of the three texts in a row. */
export function checksum(apiKey: string, requestToken: string, apiSecret: string): string {
  return createHash('sha256').update(`${apiKey}${requestToken}${apiSecret}`).digest('hex');
}

/** When a token of a login at that instant ends: the next 06:00 IST strictly after it. Both ms since the epoch. */
export function nextTokenDeadline(loginAtMs: number): number {
  const date = istDateOf(loginAtMs);
  const today = instantOf(date, TOKEN_DEADLINE);
  return today > loginAtMs ? today : instantOf(addDays(date, 1), TOKEN_DEADLINE);
}

function failed(reason: string): LoginCallback {
  return { outcome: 'failed', reason };
}

/**
 * Whether an address is the redirect URL. A slash at the end, the bare root that Kite's console is often given, and the two
 * names of this PC make no difference: it is the state that tells whose answer comes.
 */
export function isRedirectAddress(url: string, redirectUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const [given, expected] = [new URL(url), new URL(redirectUrl)];
  if (originOf(given) !== originOf(expected)) return false;
  const path = withoutSlash(given.pathname);
  return path === withoutSlash(expected.pathname) || (path === '' && isAnswer(given.searchParams));
}

/** What Kite's answers, and nothing else that comes to this port, have in their query. */
export function isAnswer(query: URLSearchParams): boolean {
  return query.has('request_token') || query.has('status');
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}

function originOf(url: URL): string {
  const host = url.hostname === 'localhost' ? '127.0.0.1' : url.hostname;
  return `${url.protocol}//${host}:${url.port}`;
}

function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
