/**
 * Answers that somebody else gives in Kite's name: a firewall's page, the sign-in page of a network, a gateway's JSON, an
 * empty body. They say nothing about a token, whatever their status. The words for them are here, for everyone.
 */
import { parseJson } from './json.ts';

/** An HTTP answer as far as it shows who gave it. `contentType`: lower case, empty for none; `body` may be cut short. */
export interface AnswerHead {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** With more keys than that, JSON is no answer to what was asked; absent: as many as any answer of Kite's has. */
  readonly mostKeys?: number;
}

/** `network-sign-in`: a redirect, or a proxy's or portal's demand. `not-kite`: JSON, text or nothing, in another form. */
export type ForeignAnswer = 'web-page' | 'network-sign-in' | 'not-kite';

interface ForeignWords {
  /** One sentence for a person. */
  readonly sentence: string;
  /** The end of a sentence: "The login could not be checked: …". */
  readonly phrase: string;
}

export const foreignWords: Readonly<Record<ForeignAnswer, ForeignWords>> = {
  'web-page': {
    sentence: "A web page came instead of Kite's answer: a filter or the sign-in page of this network is in between.",
    phrase: "a web page came instead of Kite's answer",
  },
  'network-sign-in': {
    sentence:
      'Not Kite but this network answers: it wants a sign-in first. Open any web page in a browser and sign in there.',
    phrase: 'not Kite but this network answers, and wants a sign-in first',
  },
  'not-kite': {
    sentence: 'Something other than Kite answers in its place: a filter, a proxy or another server on the way.',
    phrase: 'something other than Kite answered in its place',
  },
};

/** A proxy wants a password; a network wants a sign-in. */
const NETWORK_STATUSES: ReadonlySet<number> = new Set([407, 511]);

/** Redirects, a proxy's demand for credentials and a captive portal: statuses that Kite's services have no use for. */
export function isFromNetwork(status: number): boolean {
  return (status >= 300 && status < 400) || NETWORK_STATUSES.has(status);
}

/** Whether a body is a web page, by what it is called or how it begins. */
export function isWebPage(contentType: string, body: string): boolean {
  return contentType.includes('html') || /^[\s\uFEFF]*<(?:!doctype|html|head|body|\?xml|!--)/i.test(body);
}

/**
 * Who else has answered; null where it is Kite, or where the status alone says what matters: too many requests, or a
 * server's own trouble, which Kite too has behind gateways.
 */
export function foreignAnswerOf(answer: AnswerHead): ForeignAnswer | null {
  const { status, contentType, body } = answer;
  if (isFromNetwork(status)) return 'network-sign-in';
  if (status === 429 || status >= 500) return null;
  if (envelopeOf(answer) !== null) return null;
  return isWebPage(contentType, body) ? 'web-page' : 'not-kite';
}

/** Kite's envelope (https://kite.trade/docs/connect/v3/response-structure/). */
export type KiteEnvelope =
  | { readonly status: 'success'; readonly data: unknown }
  | { readonly status: 'error'; readonly errorType: string; readonly message: string };

/** The envelope of an answer; null for anything that is not one, whatever it says. */
export function envelopeOf({ contentType, body, mostKeys }: AnswerHead): KiteEnvelope | null {
  const value = contentType.includes('application/json') ? parseJson(body, mostKeys) : null;
  if (value === null || typeof value !== 'object') return null;
  const { status, data, error_type: errorType, message } = value as Readonly<Record<string, unknown>>;
  if (status === 'success') return 'data' in value ? { status, data } : null;
  if (status !== 'error' || typeof errorType !== 'string') return null;
  return { status, errorType, message: typeof message === 'string' ? message : '' };
}
