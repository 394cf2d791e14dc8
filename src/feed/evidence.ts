import { type ForeignAnswer, foreignWords, isWebPage } from '../kite/foreign-answer.ts';
import type { SocketEnd } from '../kite/ticker-events.ts';

/** What one end of a connection shows beyond its cause, in one sentence for a person. */
const sentences = {
  lookUp: "The name of Kite's server could not be looked up; this PC may be offline, or its DNS is failing.",
  noRoute: 'This PC has no way to the internet at the moment; reconnecting.',
  refused: "Kite's server, or a firewall on the way, turned the connection away; reconnecting.",
  unanswered: "Kite's server did not answer in time; reconnecting.",
  certificateTime: "The certificate of Kite's server is not valid today; look at the date and time of this PC.",
  intercepted: 'Something between this PC and Kite, an antivirus or a proxy, has put its own certificate in place.',
  encryption: 'The encrypted connection to Kite could not be set up; something on the way may be interfering.',
  proxy: 'A proxy or the sign-in page of a network answered in the place of Kite.',
  garbled: 'Something on the way alters the messages of Kite; reconnecting.',
} as const;

/** Codes of Node's resolver, sockets and TLS (https://nodejs.org/api/errors.html, https://nodejs.org/api/tls.html). */
const sentenceOfCode: ReadonlyMap<string, string> = new Map([
  ...['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME', 'ENODATA', 'ESERVFAIL', 'ETIMEOUT'].map(
    (code) => [code, sentences.lookUp] as const,
  ),
  ...['ENETDOWN', 'ENETUNREACH', 'EHOSTUNREACH', 'EHOSTDOWN', 'EADDRNOTAVAIL'].map(
    (code) => [code, sentences.noRoute] as const,
  ),
  ['ECONNREFUSED', sentences.refused],
  ['ETIMEDOUT', sentences.unanswered],
  ['CERT_HAS_EXPIRED', sentences.certificateTime],
  ['CERT_NOT_YET_VALID', sentences.certificateTime],
  ...[
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'CERT_UNTRUSTED',
    'CERT_REJECTED',
    'CERT_SIGNATURE_FAILURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ].map((code) => [code, sentences.intercepted] as const),
  ['EPROTO', sentences.encryption],
]);

/**
 * The sentence for what ended a connection, where it says more than the cause does; null otherwise. Judged by status and
 * code alone, never by a message's text.
 */
export function evidenceOf(end: SocketEnd): string | null {
  switch (end.how) {
    case 'refused':
      return foreignSocketSentence(end.status, end.body);
    case 'failed':
      return end.networkCode === null ? null : ofCode(end.networkCode);
    case 'handshake-timeout':
      return sentences.unanswered;
    case 'closed':
    case 'terminated':
      return null;
  }
}

/** Redirects, demands for credentials, a captive portal, a legal block: statuses Kite's ticker has no use for. */
const BETWEEN_STATUSES: ReadonlySet<number> = new Set([401, 407, 451, 511]);

/** Whether somebody between this PC and Kite turned the socket away, by the status or by the page that came with it. */
export function isFromBetween(status: number, body: string): boolean {
  return foreignSocketSentence(status, body) !== null;
}

function foreignSocketSentence(status: number, body: string): string | null {
  if (status < 400 || BETWEEN_STATUSES.has(status)) return sentences.proxy;
  if (status === 429 || status >= 500) return null;
  return isWebPage('', body) ? foreignWords['web-page'].sentence : null;
}

/** What is told while the live socket is turned away and nobody could say whether the login is good. */
export function unprovenRefusal(foreign: ForeignAnswer | null): string {
  return foreign === null ? sentences.refused : foreignWords[foreign].sentence;
}

function ofCode(code: string): string | null {
  const known = sentenceOfCode.get(code);
  if (known !== undefined) return known;
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) return sentences.encryption;
  return code.startsWith('WS_ERR_') ? sentences.garbled : null;
}

/** Whatever a connection brings, REST or another connection has brought before. */
export const OUTDATED = 'Kite sends prices that are older than those already shown; trying another connection.';

/** Prices come, but late. `behindMs`: later than they did before. */
export function lateSentence(behindMs: number): string {
  return `Prices arrive about ${Math.round(behindMs / 1000)} s late: the line, or Kite, is behind.`;
}

/** Part of what is followed has lost its connection while the rest goes on. */
export function partSentence(count: number, sentence: string): string {
  return `${count} instruments of the watchlist have no live prices. ${sentence}`;
}
