import { createHash } from 'node:crypto';
import type { LoginOutcome } from './login-flow.ts';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:32em;margin:20vh auto;padding:0 1em;color-scheme:light dark}';

/** Nothing runs, nothing is loaded, nothing is kept: the address of this page held a one-time token. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  connection: 'close',
};

/** The page a browser is left with after a login: what happened, and where to go on. */
export function callbackPage(outcome: LoginOutcome): string {
  const { title, text } = words(outcome);
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    `<title>${title}</title><style>${STYLE}</style></head>`,
    `<body><h1>${title}</h1><p>${text}</p></body></html>`,
  ].join('');
}

/** Fixed sentences only: nothing of the request comes back in the page. */
function words(outcome: LoginOutcome): { readonly title: string; readonly text: string } {
  switch (outcome.outcome) {
    case 'signed-in':
      return { title: 'Signed in to Kite', text: 'You can close this tab and go back to MyDailyTradingSignals.' };
    case 'cancelled':
      return { title: 'Sign-in cancelled', text: 'Nothing has changed. You can close this tab.' };
    case 'wrong-state':
    case 'not-ours':
      return {
        title: 'Not the sign-in that was started',
        text: 'MyDailyTradingSignals did not ask for this sign-in, so it was not used. Start again from the app.',
      };
    case 'failed':
      return {
        title: 'Sign-in failed',
        text: 'MyDailyTradingSignals says why. You can close this tab and try again there.',
      };
  }
}
