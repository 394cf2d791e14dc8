import { createHash } from 'node:crypto';
import { type LoginOutcome, wrongAddressWords } from './login-flow.ts';

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
  return page(words(outcome));
}

/** The page for a request that is no answer of Kite's. */
export function refusalPage(): string {
  return page(NOT_HERE);
}

interface PageWords {
  readonly title: string;
  readonly text: string;
}

function page({ title, text }: PageWords): string {
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    `<title>${title}</title><style>${STYLE}</style></head>`,
    `<body><h1>${title}</h1><p>${text}</p></body></html>`,
  ].join('');
}

const NOT_HERE: PageWords = {
  title: 'Nothing to see here',
  text: "Kite's login comes back to this address. To sign in, go to MyDailyTradingSignals and press Sign in there.",
};

/** Fixed sentences; of the request only an address without its query comes back, escaped. */
function words(outcome: LoginOutcome): PageWords {
  switch (outcome.outcome) {
    case 'signed-in':
      return { title: 'Signed in to Kite', text: 'You can close this tab and go back to MyDailyTradingSignals.' };
    case 'cancelled':
      return {
        title: 'Sign-in cancelled',
        text: 'Nothing has changed. You can close this tab; to sign in, press Sign in in MyDailyTradingSignals.',
      };
    case 'wrong-state':
      return {
        title: 'This sign-in was not used',
        text: 'MyDailyTradingSignals was not waiting for it: it came too late, was cancelled in the app, or is not the sign-in that was started there. Go back to the app and press Sign in.',
      };
    case 'not-ours':
      return NOT_HERE;
    case 'wrong-address':
      return {
        title: 'The redirect URLs differ',
        text: `${escaped(wrongAddressWords(outcome.address, outcome.expected))} At Kite it is changed at developers.kite.trade, in the app's details.`,
      };
    case 'failed':
      return {
        title: 'Sign-in failed',
        text: 'MyDailyTradingSignals says why. You can close this tab and press Sign in there again.',
      };
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
