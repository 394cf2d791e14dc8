import { describe, expect, it } from 'vitest';
import { type DoctorCheckId, type DoctorReport, doctorCheckIds } from '../../../src/contract/doctor.ts';
import { deskChecks } from '../../../src/doctor/desk-checks.ts';
import { Doctor } from '../../../src/doctor/doctor.ts';
import type { AnswerFacts, CertificateFacts, DoctorProbes } from '../../../src/doctor/probes.ts';
import { zerodhaEndpoints } from '../../../src/kite/endpoints.ts';
import type { TickerListener } from '../../../src/kite/ticker-events.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { healthyProbes } from '../../support/healthy-probes.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { feedState } from './feed-state.ts';

/** The doctor of an app on Zerodha's own addresses, on a machine or network with one thing wrong. */

const NOW = Date.parse('2026-11-23T09:15:00+05:30');
const DAY_MS = 86_400_000;

const answer: AnswerFacts = {
  status: 400,
  contentType: 'application/json',
  body: '{"status":"error","message":"Invalid `api_key` or `access_token`."}',
  serverTimeMs: NOW,
  elapsedMs: 40,
};
const certificate: CertificateFacts = {
  isTrusted: true,
  errorCode: null,
  issuer: 'Public Authority',
  hasPublicRoot: true,
  validFromMs: NOW - 30 * DAY_MS,
  validToMs: NOW + 60 * DAY_MS,
};
const intercepted = { ...certificate, isTrusted: false, issuer: 'ExampleGuard', hasPublicRoot: false };

function fails(code: string): () => Promise<never> {
  return async () => {
    throw Object.assign(new Error(code), { code });
  };
}

interface Examined {
  readonly report: DoctorReport;
  /** Everything that was asked of the network, in order. */
  readonly asked: readonly string[];
}

async function examine(
  faults: Partial<DoctorProbes>,
  socket: 'opens' | 'refuses' = 'opens',
  tickSkewMs: number | null = null,
): Promise<Examined> {
  const { lag } = feedState({});
  const feed = feedState({ state: 'backoff', cause: 'network', lag: { ...lag, skewMs: tickSkewMs } });
  const clock = new VirtualClock(NOW);
  const asked: string[] = [];
  const calendar = bundledCalendar();
  const probes = healthyProbes(clock, {
    connect: async () => ({ address: '203.0.113.7', elapsedMs: 10 }),
    secure: async () => certificate,
    ask: async (url) => {
      asked.push(`GET ${url}`);
      return answer;
    },
    ...faults,
  });
  const doctor = new Doctor({
    clock,
    realClock: clock,
    redact: (text) => text,
    feed: () => feed,
    changed: () => undefined,
    checks: () =>
      deskChecks({
        clock,
        realClock: clock,
        endpoints: zerodhaEndpoints,
        isSimulated: false,
        dateOffset: () => null,
        storageTrouble: () => null,
        probes,
        connector: {
          ignored: { shortFrames: 0, unreadableTexts: 0 },
          connect: (_session, listener) => {
            asked.push('socket');
            queueMicrotask(() => answerUpgrade(listener, socket));
            return {
              generation: 1,
              isOpen: false,
              subscribe() {},
              unsubscribe() {},
              setMode() {},
              terminate() {},
              [Symbol.dispose]() {},
            };
          },
        },
        login: {
          session: () => ({ apiKey: 'key', accessToken: 'token' }),
          state: () => ({
            state: 'valid',
            userId: 'AB1234',
            userName: null,
            expiresAt: null,
            checkedAt: NOW,
            reason: null,
            pendingLogin: null,
            loginFailure: null,
            apiKeyHint: null,
          }),
          verify: async () => {
            asked.push('profile');
            return 'confirmed';
          },
        },
        feed: () => feed,
        market: () => ({
          date: '2026-11-23',
          previousSession: '2026-11-20',
          day: 'trading',
          reason: '',
          hours: 'known',
          phase: 'live',
          phaseSince: NOW,
          next: null,
          sessions: [],
          calendar: { ...calendar.coverage, version: calendar.version, verifiedOn: calendar.verifiedOn },
        }),
        instruments: {
          facts: () => ({ takenAtMs: NOW, followed: 6, problems: [], failure: null }),
          take: async () => null,
        },
        keychain: { kind: 'keychain', read: async () => null },
      }),
  });
  return { report: await doctor.run('asked'), asked };
}

function answerUpgrade(listener: TickerListener, socket: 'opens' | 'refuses'): void {
  if (socket === 'opens') listener.open();
  else listener.end({ how: 'refused', status: 403, body: '' });
}

describe("the doctor's verdict", () => {
  it.each<[string, Partial<DoctorProbes>, DoctorCheckId | null, RegExp]>([
    ['a healthy machine', {}, null, /^Nothing is wrong on this side/],
    ['DNS that does not know Kite', { resolve: fails('ENOTFOUND') }, 'dns', /api\.kite\.trade cannot be found/],
    ['a PC that is offline', { resolve: fails('EAI_AGAIN') }, 'dns', /offline/],
    ['a hosts file that blocks Kite', { resolve: async () => ['127.0.0.1'] }, 'dns', /leads into this network/],
    ['a firewall that refuses', { connect: fails('ECONNREFUSED') }, 'tcp', /refuses connections on port 443/],
    [
      'an interceptor',
      { secure: async () => ({ ...intercepted, errorCode: 'SELF_SIGNED_CERT_IN_CHAIN' }) },
      'tls',
      /made by ExampleGuard/,
    ],
    [
      'an interceptor this PC trusts',
      { secure: async () => ({ ...certificate, hasPublicRoot: false, issuer: 'ExampleGuard' }) },
      'tls',
      /read on the way.*ExampleGuard/,
    ],
    [
      'a clock that is days off',
      { secure: async () => ({ ...certificate, isTrusted: false, validFromMs: NOW + DAY_MS }) },
      'tls',
      /set the PC's date and time/,
    ],
    [
      'a clock that is minutes off',
      { ask: async () => ({ ...answer, serverTimeMs: NOW - 600_000 }) },
      'clock',
      /10 min ahead/,
    ],
    [
      'a sign-in page of the network',
      { ask: async () => ({ ...answer, status: 302, contentType: 'text/html', body: '' }) },
      'answer',
      /this network answers/,
    ],
    ['a full disk', { disk: async () => ({ freeBytes: 0, writeError: 'ENOSPC' }) }, 'disk', /disk is full/],
  ])('for %s', async (_name, faults, check, words) => {
    const { verdict } = (await examine(faults)).report;
    expect({ check: verdict.check, sentence: verdict.sentence }).toEqual({
      check,
      sentence: expect.stringMatching(words),
    });
  });

  it('for a plan without data: the profile answers and the socket is refused', async () => {
    const { report, asked } = await examine({}, 'refuses');
    expect(report.verdict).toMatchObject({ check: 'plan', result: 'failed' });
    expect(asked).toEqual(['GET https://api.kite.trade/user/profile', 'profile', 'socket']);
  });

  it('for a clock, by the ticks where they tell, not by a server that knows whole seconds', async () => {
    const { report } = await examine({}, 'opens', 4_000);
    expect(report.checks.find(({ id }) => id === 'clock')).toMatchObject({
      result: 'warning',
      sentence: expect.stringMatching(/4 s ahead/),
    });
  });

  it.each(['dns', 'connect', 'secure'] as const)('asks Kite nothing when %s fails first', async (probe) => {
    const name = probe === 'dns' ? 'resolve' : probe;
    const { report, asked } = await examine({ [name]: fails('ECONNRESET') });
    expect(asked).toEqual([]);
    expect(report.checks.find(({ id }) => id === 'token')?.result).toBe('skipped');
  });

  it('looks at every check exactly once, in the order of the contract', async () => {
    const { report } = await examine({});
    expect(report.checks.map(({ id }) => id)).toEqual([...doctorCheckIds]);
  });
});
