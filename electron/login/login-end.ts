import type { CommandError } from '../../src/contract/result.ts';

/** How a login window ended. A wrong password ends nothing: Kite's page says so and stays. */
export type LoginEnd =
  | { readonly end: 'signed-in' }
  /** The trader closed the window first. */
  | { readonly end: 'closed' }
  /** The trader gave the login up in the app. */
  | { readonly end: 'withdrawn' }
  /** The page did not come up; `reason` is Chromium's name for it (`ERR_NAME_NOT_RESOLVED`). */
  | { readonly end: 'unreachable'; readonly host: string; readonly reason: string }
  | { readonly end: 'page-crashed' }
  /** Kite's answer went to an address that is not the settings': both without their query, which holds a token. */
  | { readonly end: 'sent-elsewhere'; readonly address: string; readonly expected: string }
  /** The desk would not begin or finish the login: cancelled on Kite's page, bad secret, used token, busy port… */
  | { readonly end: 'refused'; readonly error: CommandError };

/** What the trader is told. Texts never hold an address with a query. */
export interface LoginMessage {
  readonly severity: 'info' | 'warning';
  readonly message: string;
  readonly detail: string;
}

/** The words for a login that did not succeed; null when there is nothing to say. */
export function loginMessage(end: LoginEnd): LoginMessage | null {
  switch (end.end) {
    case 'signed-in':
    case 'withdrawn':
      return null;
    case 'closed':
      return {
        severity: 'info',
        message: 'The sign-in window was closed before the login was finished.',
        detail: 'Nothing has changed.',
      };
    case 'unreachable':
      return {
        severity: 'warning',
        message: `The login page at ${end.host} could not be loaded.`,
        detail: `Check the internet connection (${end.reason}).`,
      };
    case 'page-crashed':
      return {
        severity: 'warning',
        message: 'The login page crashed.',
        detail: 'Nothing has changed. Sign in again.',
      };
    case 'sent-elsewhere':
      return {
        severity: 'warning',
        message: 'The redirect URL of your app at Kite is not the one in the settings.',
        detail: `At Kite it is ${end.address}, here ${end.expected}. Make them the same, then sign in again.`,
      };
    case 'refused': {
      const severity = end.error.code === 'login-cancelled' ? 'info' : 'warning';
      return { severity, message: end.error.message, detail: 'Nothing has changed.' };
    }
  }
}
