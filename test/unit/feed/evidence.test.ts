import { describe, expect, it } from 'vitest';
import { causeOfEnd } from '../../../src/feed/causes.ts';
import { evidenceOf, lateSentence, partSentence } from '../../../src/feed/evidence.ts';
import type { SocketEnd } from '../../../src/kite/ticker-events.ts';

const failed = (networkCode: string | null): SocketEnd => ({ how: 'failed', networkCode, message: 'secret' });
const PAGE = '\n<!DOCTYPE html><html><body>secret</body></html>';
const refused = (status: number): SocketEnd => ({ how: 'refused', status, body: 'secret' });

describe('the evidence of an ended connection', () => {
  it.each<[string, SocketEnd, RegExp]>([
    ['a name that is not found', failed('ENOTFOUND'), /DNS/],
    ['a resolver that does not answer', failed('EAI_AGAIN'), /DNS/],
    ['no network at all', failed('ENETUNREACH'), /no way to the internet/],
    ['a host that cannot be reached', failed('EHOSTUNREACH'), /no way to the internet/],
    ['a port that is shut', failed('ECONNREFUSED'), /firewall/],
    ['a connection that times out', failed('ETIMEDOUT'), /did not answer/],
    ['a handshake without an answer', { how: 'handshake-timeout' }, /did not answer/],
    ['a certificate of an antivirus', failed('SELF_SIGNED_CERT_IN_CHAIN'), /antivirus or a proxy/],
    ['a certificate of another name', failed('ERR_TLS_CERT_ALTNAME_INVALID'), /antivirus or a proxy/],
    ['an issuer nobody knows', failed('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), /antivirus or a proxy/],
    ['a certificate that is over', failed('CERT_HAS_EXPIRED'), /date and time of this PC/],
    ['a certificate of the future', failed('CERT_NOT_YET_VALID'), /date and time of this PC/],
    ['TLS that cannot be spoken', failed('EPROTO'), /encrypted/],
    ['another TLS failure', failed('ERR_SSL_WRONG_VERSION_NUMBER'), /encrypted/],
    ['frames that are none', failed('WS_ERR_INVALID_OPCODE'), /alters the messages/],
    ['a redirect', refused(302), /proxy or the sign-in page/],
    ['a proxy that wants a password', refused(407), /proxy or the sign-in page/],
    ['a captive portal', refused(511), /proxy or the sign-in page/],
    ['a gateway that wants a password', refused(401), /proxy or the sign-in page/],
    ['a legal block', refused(451), /proxy or the sign-in page/],
    ['a web page with any other refusal', { how: 'refused', status: 404, body: PAGE }, /A web page came instead/],
  ])('of %s is a sentence of its own, and the cause is the network', (_, end, words) => {
    expect(causeOfEnd(end)).toBe('network');
    expect(evidenceOf(end)).toMatch(words);
    expect(evidenceOf(end)).toMatch(/^[A-Z].{20,140}\.$/);
    expect(evidenceOf(end)).not.toMatch(/secret|\d{3}/);
  });

  it.each<[string, SocketEnd]>([
    ['a line that was cut', { how: 'closed', code: 1006, reason: 'token is invalid' }],
    ['a reset', failed('ECONNRESET')],
    ['an error without a code', failed(null)],
    ['a message that speaks of names', { how: 'failed', networkCode: null, message: 'getaddrinfo ENOTFOUND' }],
    ['a server error', refused(503)],
    ['too many connections', refused(429)],
    ['our own end', { how: 'terminated', why: 'stall' }],
  ])('of %s adds nothing to its cause', (_, end) => {
    expect(evidenceOf(end)).toBeNull();
  });

  it('counts seconds and instruments', () => {
    expect(lateSentence(7_400)).toBe('Prices arrive about 7 s late: the line, or Kite, is behind.');
    expect(partSentence(1_500, 'Reconnecting.')).toBe(
      '1500 instruments of the watchlist have no live prices. Reconnecting.',
    );
  });
});
