import { describe, expect, it } from 'vitest';
import type { DoctorResult } from '../../../src/contract/doctor.ts';
import type { AuthState } from '../../../src/contract/state.ts';
import type { Finding } from '../../../src/doctor/check.ts';
import { readReply } from '../../../src/doctor/checks/answer.ts';
import { readSkew, skewOf } from '../../../src/doctor/checks/clock.ts';
import { readLookUps } from '../../../src/doctor/checks/dns.ts';
import { readInstruments } from '../../../src/doctor/checks/instruments.ts';
import { readCalendar, readDisk, readEventLoop, readKeychain } from '../../../src/doctor/checks/local.ts';
import { readProxies } from '../../../src/doctor/checks/proxy.ts';
import { readPlan, readSocket, type SocketTrial } from '../../../src/doctor/checks/socket.ts';
import { readConnections } from '../../../src/doctor/checks/tcp.ts';
import { readHandshake } from '../../../src/doctor/checks/tls.ts';
import { readToken, type TokenAnswer } from '../../../src/doctor/checks/token.ts';
import type { AnswerFacts, CertificateFacts } from '../../../src/doctor/probes.ts';
import { causeAdvice } from '../../../src/feed/causes.ts';
import { feedState } from './feed-state.ts';

const host = 'api.kite.trade';
const target = { host, port: 443, isSecure: true };
const GB = 1024 ** 3;

/** Name of the case, the finding, its result, and what its sentence must say. */
type Row = readonly [string, Finding, DoctorResult, RegExp | string];

function expectRows(rows: readonly Row[]): void {
  it.each(rows)('%s', (_name, finding, result, words) => {
    expect({ result: finding.result, sentence: finding.sentence }).toEqual({
      result,
      sentence: typeof words === 'string' ? words : expect.stringMatching(words),
    });
  });
}

describe('DNS', () => {
  const found = { host, addresses: ['104.18.0.1'] };
  expectRows([
    ['nothing to look up', readLookUps([]), 'skipped', /by address/],
    ['found', readLookUps([found]), 'ok', /are found/],
    [
      'one of two is missing',
      readLookUps([found, { host: 'ws.kite.trade', errorCode: 'ENOTFOUND' }]),
      'failed',
      /ws\.kite\.trade cannot be found/,
    ],
    ['no name server answers', readLookUps([{ host, errorCode: 'EAI_AGAIN' }]), 'failed', /offline/],
    ['an empty answer', readLookUps([{ host, addresses: [] }]), 'failed', /cannot be found/],
    ['diverted to a router', readLookUps([{ host, addresses: ['192.168.1.1'] }]), 'failed', /leads into this network/],
    ['blocked by a filter', readLookUps([{ host, addresses: ['0.0.0.0', '::'] }]), 'failed', /leads into this network/],
    ['one public address is enough', readLookUps([{ host, addresses: ['10.0.0.1', '104.18.0.1'] }]), 'ok', /are found/],
  ]);
});

describe('TCP', () => {
  const refused = (errorCode: string): Finding => readConnections([{ target, errorCode }]);
  expectRows([
    [
      'connected',
      readConnections([{ target, facts: { address: '104.18.0.1', elapsedMs: 12.4 } }]),
      'ok',
      /take connections/,
    ],
    ['refused', refused('ECONNREFUSED'), 'failed', /refuses connections on port 443/],
    ['no route', refused('ENETUNREACH'), 'failed', /no way to the internet/],
    ['cut', refused('ECONNRESET'), 'failed', /firewall/],
    ['anything else', refused('EPERM'), 'failed', /No connection to api\.kite\.trade/],
  ]);
});

describe('TLS', () => {
  const nowMs = Date.parse('2026-11-23T04:00:00Z');
  const good: CertificateFacts = {
    isTrusted: true,
    errorCode: null,
    issuer: 'Public Authority',
    hasPublicRoot: true,
    validFromMs: Date.parse('2026-10-01T00:00:00Z'),
    validToMs: Date.parse('2026-12-30T00:00:00Z'),
  };
  const read = (certificate: Partial<CertificateFacts>): Finding =>
    readHandshake({ host, certificate: { ...good, ...certificate } }, nowMs);
  const untrusted = { isTrusted: false, issuer: 'ExampleGuard Root', hasPublicRoot: false };
  expectRows([
    ['a public certificate', read({}), 'ok', /end to end/],
    ['a chain that cannot be followed to its root', read({ hasPublicRoot: null }), 'ok', /end to end/],
    [
      'an interceptor nobody trusts',
      read({ ...untrusted, errorCode: 'SELF_SIGNED_CERT_IN_CHAIN' }),
      'failed',
      /made by ExampleGuard Root/,
    ],
    [
      'an interceptor this PC trusts',
      read({ issuer: 'Example Corp', hasPublicRoot: false }),
      'warning',
      /read on the way.*Example Corp/,
    ],
    [
      'another server',
      read({ isTrusted: false, errorCode: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
      'failed',
      /Another server answers/,
    ],
    ['any other refusal', read({ isTrusted: false, errorCode: 'CERT_REVOKED' }), 'failed', /not accepted/],
    [
      'a PC whose clock is years behind',
      read({ validFromMs: nowMs + 1, isTrusted: false, errorCode: 'CERT_NOT_YET_VALID' }),
      'failed',
      /not valid yet: set the PC's date/,
    ],
    [
      'a PC whose clock is ahead',
      read({ validToMs: nowMs - 1, isTrusted: false, errorCode: 'CERT_HAS_EXPIRED' }),
      'failed',
      /out of date: set the PC's date/,
    ],
    ['about to end', read({ validToMs: nowMs + 3_600_000 }), 'warning', /ends within three days/],
    ['a handshake that is cut', readHandshake({ host, errorCode: 'ECONNRESET' }, nowMs), 'failed', /breaks off/],
  ]);
});

describe('proxy', () => {
  const set = [{ from: 'system' as const, name: 'proxy', value: 'proxy.example:8080' }];
  expectRows([
    ['none', readProxies([], true), 'ok', /No proxy/],
    ['one that is not needed', readProxies(set, true), 'ok', /gets through without it/],
    ['one that seems to be the only way out', readProxies(set, false), 'failed', /only through its proxy/],
    ['an outage without any proxy', readProxies([], false), 'ok', /No proxy/],
  ]);
});

describe("Kite's answer", () => {
  const envelope = '{"status":"error","message":"Invalid `api_key` or `access_token`."}';
  const read = (answer: Partial<AnswerFacts>): Finding =>
    readReply({
      answer: {
        status: 400,
        contentType: 'application/json',
        body: envelope,
        serverTimeMs: null,
        elapsedMs: 20,
        ...answer,
      },
    });
  const html = { contentType: 'text/html', body: '<html><title>Sign in</title>' };
  expectRows([
    ['a refusal in its own form, as it should be', read({}), 'ok', /is there and answers/],
    ['too many requests', read({ status: 429 }), 'failed', /fewer requests/],
    ['server trouble', read({ status: 503 }), 'failed', /in trouble themselves \(HTTP 503\)/],
    ['server trouble as a page', read({ status: 502, ...html }), 'failed', /in trouble themselves \(HTTP 502\)/],
    ['a page instead', read({ status: 200, ...html }), 'failed', /web page came/],
    ['a page that refuses', read({ status: 403, ...html }), 'failed', /web page came/],
    ['a redirection', read({ status: 302, ...html }), 'failed', /this network answers/],
    ['a proxy that wants a password', read({ status: 407, ...html }), 'failed', /this network answers/],
    [
      'an unknown form',
      read({ status: 200, contentType: 'text/plain', body: 'hello' }),
      'warning',
      /form it has not used/,
    ],
    ['none at all', readReply({ errorCode: 'ECONNRESET' }), 'failed', /cuts it when it is asked/],
  ]);
});

describe('clock', () => {
  const skew = (skewMs: number): Finding => readSkew({ skewMs, uncertaintyMs: 510 });
  expectRows([
    ['right', skew(0), 'ok', /agrees/],
    ['off by less than can be told', skew(2_400), 'ok', /agrees/],
    ['seconds ahead', skew(3_000), 'warning', /3 s ahead/],
    ['seconds behind', skew(-3_000), 'warning', /3 s behind/],
    ['hours behind', skew(-5.5 * 3_600_000), 'failed', /5 h 30 min behind/],
  ]);

  it('is compared with the middle of what the server may have meant', () => {
    const serverMs = Date.parse('2026-11-23T04:00:00Z');
    expect(skewOf(serverMs, 200, serverMs + 600)).toEqual({ skewMs: 0, uncertaintyMs: 600 });
  });
});

describe('token', () => {
  const read = (state: AuthState['state'], answer: TokenAnswer, reason: string | null = null): Finding =>
    readToken(
      {
        state,
        reason,
        userId: 'AB1234',
        userName: null,
        expiresAt: null,
        checkedAt: 0,
        pendingLogin: null,
        loginFailure: null,
        apiKeyHint: null,
      },
      answer,
    );
  expectRows([
    ['confirmed', read('valid', 'confirmed'), 'ok', /confirms/],
    ['no key', read('unconfigured', 'no-token'), 'failed', /API key has not been entered/],
    ['no login', read('signed-out', 'no-token'), 'failed', /Nobody is signed in/],
    ['dead', read('expired', 'rejected', 'Kite ended it.'), 'failed', /Kite ended it/],
    ['dead, and known to be without asking again', read('expired', null), 'failed', /no longer accepts/],
    [
      'a silence says nothing about the token',
      read('valid', 'unanswered', 'The last check failed.'),
      'skipped',
      /last check failed/,
    ],
    ['nor does a network that is down', read('suspect', null), 'skipped', /cannot be reached/],
  ]);
});

describe('live socket and plan', () => {
  const opened: SocketTrial = { tried: true, opened: true, elapsedMs: 40 };
  const ended = (end: Extract<SocketTrial, { opened: false }>['end']): SocketTrial => ({
    tried: true,
    opened: false,
    end,
  });
  const refused = (status: number): SocketTrial => ended({ how: 'refused', status, body: '' });
  const left: SocketTrial = { tried: false, why: 'It is not tried.' };
  const idle = feedState({ desired: 'off', state: 'off' });
  expectRows([
    ['opens', readSocket(opened, idle), 'ok', /opens/],
    ['is live already', readSocket(left, feedState({ state: 'live', source: 'websocket' })), 'ok', /not tried/],
    [
      'opens, but the feed hears nothing',
      readSocket(opened, feedState({ state: 'stale', cause: 'silent' })),
      'warning',
      causeAdvice.silent.sentence,
    ],
    ['refuses a good login', readSocket(refused(403), idle), 'failed', /refuses the live socket/],
    [
      'has too many connections',
      readSocket(refused(429), idle),
      'failed',
      causeAdvice['too-many-connections'].sentence,
    ],
    [
      'is known to have too many',
      readSocket(left, feedState({ state: 'backoff', cause: 'too-many-connections' })),
      'failed',
      /not tried/,
    ],
    ['reports an error of its own', readSocket(refused(503), idle), 'failed', causeAdvice['server-error'].sentence],
    [
      'cannot be connected',
      readSocket(ended({ how: 'failed', networkCode: 'ECONNRESET', message: '' }), idle),
      'failed',
      causeAdvice.network.sentence,
    ],
    ['is left alone', readSocket(left, idle), 'skipped', /not tried/],
    ['plan: shown by an open socket', readPlan(opened, true, idle), 'ok', /includes live data/],
    [
      'plan: a good login and a refused socket',
      readPlan(refused(403), true, idle),
      'failed',
      /does not include market data/,
    ],
    [
      'plan: a refused socket proves nothing without a good login',
      readPlan(refused(403), false, idle),
      'skipped',
      /telling/,
    ],
    ['plan: nor does a server error', readPlan(refused(503), true, idle), 'skipped', /telling/],
    [
      'plan: shown by the feed itself',
      readPlan(left, true, feedState({ state: 'live', source: 'websocket' })),
      'ok',
      /Prices come in/,
    ],
    ['plan: not tried', readPlan(left, true, idle), 'skipped', /not tried/],
  ]);
});

describe('instrument list', () => {
  const facts = { takenAtMs: 0, followed: 6, problems: [], failure: null };
  expectRows([
    ["today's", readInstruments(facts), 'ok', /is there/],
    ['a name that is not in it', readInstruments({ ...facts, problems: ['NFO:X is not known.'] }), 'warning', /NFO:X/],
    [
      'none, but an older one',
      readInstruments({ ...facts, takenAtMs: null, failure: 'It could not be had.' }),
      'warning',
      /earlier list/,
    ],
    [
      'none at all',
      readInstruments({ ...facts, takenAtMs: null, followed: 0, failure: 'It could not be had.' }),
      'failed',
      /nothing to follow/,
    ],
  ]);
});

describe('this PC', () => {
  const calendar = { from: '2024-01-01', to: '2026-12-31', version: '1', verifiedOn: '2026-09-07' };
  expectRows([
    ['disk: room', readDisk({ freeBytes: 10 * GB, writeError: null }), 'ok', /room on the disk/],
    ['disk: little room', readDisk({ freeBytes: 0.3 * GB, writeError: null }), 'warning', /nearly full/],
    ['disk: no room', readDisk({ freeBytes: 1_000_000, writeError: null }), 'failed', /disk is full/],
    ['disk: a quota', readDisk({ freeBytes: 10 * GB, writeError: 'EDQUOT' }), 'failed', /disk is full/],
    ['disk: read-only', readDisk({ freeBytes: 10 * GB, writeError: 'EROFS' }), 'failed', /may not write/],
    ['keychain: works', readKeychain({ kind: 'keychain', isSimulated: false }, null), 'ok', /system keychain/],
    [
      'keychain: refuses',
      readKeychain({ kind: 'keychain', isSimulated: false }, 'secret-store'),
      'failed',
      /cannot be read/,
    ],
    ['keychain: none', readKeychain({ kind: 'memory', isSimulated: false }, null), 'warning', /gone after a restart/],
    ['keychain: none is needed', readKeychain({ kind: 'memory', isSimulated: true }, null), 'skipped', /simulated/],
    ['pace: kept', readEventLoop({ p99Ms: 2, maxMs: 90 }, 0), 'ok', /keeps up/],
    ['pace: slow', readEventLoop({ p99Ms: 150, maxMs: 400 }, 0), 'warning', /late/],
    ['pace: held up', readEventLoop({ p99Ms: 150, maxMs: 1_500 }, 0), 'failed', /seconds at a time/],
    ['pace: kept now, not earlier', readEventLoop({ p99Ms: 2, maxMs: 9 }, 7_400), 'ok', /keeps up/],
    ['calendar: covers', readCalendar({ date: '2026-11-23', calendar }), 'ok', /covers today/],
    ['calendar: ends soon', readCalendar({ date: '2026-12-20', calendar }), 'warning', /ends in 11 days/],
    ['calendar: over', readCalendar({ date: '2027-01-04', calendar }), 'failed', /nothing about 4 Jan/],
    [
      'calendar: not checked for long',
      readCalendar({ date: '2026-11-23', calendar: { ...calendar, verifiedOn: '2026-01-05' } }),
      'warning',
      /half a year/,
    ],
  ]);
});
