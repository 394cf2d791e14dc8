import { isRedirectAddress } from '../../src/kite/login.ts';

/**
 * Whether the login window may show a document. A Kite login takes place on one host, the login page's own: password,
 * second factor and consent are all on `kite.zerodha.com` (https://kite.trade/docs/connect/v3/user/). The page's address
 * comes from the desk's endpoints, so that another exchange of the same protocol is fenced in just as narrowly.
 */
export function mayShowDuringLogin(url: string, loginUrl: string): boolean {
  return URL.canParse(url) && new URL(url).origin === new URL(loginUrl).origin;
}

/** Whether an address is the redirect URL: same origin and path to the letter, whatever its query. */
export function isCallback(url: string, redirectUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const [given, expected] = [new URL(url), new URL(redirectUrl)];
  return given.origin === expected.origin && given.pathname === expected.pathname;
}

/** Whether a login comes back here: to the redirect URL, or with Kite's answer to another spelling of it (`localhost`, `/`). */
export function comesBackHere(url: string, redirectUrl: string): boolean {
  return isCallback(url, redirectUrl) || (misdirectedAnswer(url) !== null && isRedirectAddress(url, redirectUrl));
}

/**
 * Kite's answer to a login on its way to some other address than ours: the trader has registered another redirect URL
 * with the key. That address without its query, which holds a token; null when it is no such answer.
 */
export function misdirectedAnswer(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { origin, pathname, searchParams } = new URL(url);
  const isAnswer = searchParams.has('request_token') || searchParams.get('status') === 'cancelled';
  return isAnswer && origin !== 'null' ? `${origin}${pathname}` : null;
}
