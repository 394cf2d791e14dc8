import { afterEach, describe, expect, it } from 'vitest';
import type { DoctorCheckId, DoctorReport } from '../../../src/contract/doctor.ts';
import type { DoctorProbes } from '../../../src/doctor/probes.ts';
import type { Fault } from '../../exchange/faults.ts';
import { type Floor, openFloor } from '../../support/trading-floor.ts';

/** The doctor of a whole desk, against the exchange with one fault whose cause is outside the app. */

interface Case {
  readonly name: string;
  readonly faults?: readonly Fault[];
  readonly probes?: Partial<DoctorProbes>;
  readonly check: DoctorCheckId | null;
  readonly words: RegExp;
  readonly action: string | null;
}

const MONDAY = '2026-11-23';
let floor: Floor | null = null;

afterEach(async () => {
  await floor?.[Symbol.asyncDispose]();
  floor = null;
});

/** A desk that has been live, then the fault, then long enough for the feed to have noticed. */
async function examined({
  faults = [],
  probes = {},
  afterMs = 3_000,
}: Pick<Case, 'faults' | 'probes'> & { readonly afterMs?: number }): Promise<DoctorReport> {
  floor = await openFloor({ date: MONDAY, at: '09:20', probes });
  await floor.run(5_000);
  expect(floor.desk.state.feed.state).toBe('live');
  for (const fault of faults) floor.exchange.control.apply(fault);
  await floor.run(afterMs);
  return await floor.command('doctor.run', {});
}

const drop: Fault = { kind: 'drop' };
const refuse = (where: 'rest' | 'socket' | 'both', status: number, html = false): Fault => ({
  kind: 'refuse',
  where,
  status,
  html,
});

describe("the doctor's verdict", () => {
  it.each<Case>([
    { name: 'nothing is wrong', check: null, words: /in order/, action: null },
    {
      name: 'the server cuts every connection',
      faults: [drop, { kind: 'refuseConnections', how: 'reset' }],
      check: 'answer',
      words: /cuts it when it is asked/,
      action: 'retry-feed',
    },
    {
      name: 'the token has died',
      faults: [{ kind: 'killToken' }],
      check: 'token',
      words: /[Ss]ign in/,
      action: 'sign-in',
    },
    {
      name: 'every Kite session was logged out',
      faults: [{ kind: 'masterLogout' }],
      check: 'token',
      words: /[Ss]ign in/,
      action: 'sign-in',
    },
    {
      name: 'the plan has no market data',
      faults: [drop, { kind: 'wrongPlan' }],
      check: 'plan',
      words: /does not include market data/,
      action: null,
    },
    {
      name: 'the socket alone refuses the login',
      faults: [drop, refuse('socket', 403)],
      check: 'plan',
      words: /does not include market data/,
      action: 'sign-in',
    },
    {
      name: 'too many connections use the key',
      faults: [drop, refuse('socket', 429)],
      check: 'socket',
      words: /live connections/,
      action: 'retry-feed',
    },
    {
      name: 'too many requests use the key',
      faults: [refuse('rest', 429)],
      check: 'answer',
      words: /fewer requests/,
      action: null,
    },
    {
      name: 'the servers are down',
      faults: [drop, refuse('both', 503)],
      check: 'answer',
      words: /HTTP 503/,
      action: null,
    },
    {
      name: 'the ticker alone is down',
      faults: [drop, refuse('socket', 502)],
      check: 'socket',
      words: /[Ss]erver/,
      action: 'retry-feed',
    },
    {
      name: 'the ticker alone says that the request is wrong',
      faults: [drop, refuse('socket', 400)],
      check: 'socket',
      words: /without a reason that could be confirmed/,
      action: 'retry-feed',
    },
    {
      name: 'a gateway answers with its page',
      faults: [drop, refuse('both', 502, true)],
      check: 'answer',
      words: /HTTP 502/,
      action: null,
    },
    {
      name: 'a filter answers with its page',
      faults: [drop, refuse('both', 403, true)],
      check: 'answer',
      words: /web page came/,
      action: 'retry-feed',
    },
    {
      name: 'the disk is full',
      probes: { disk: async () => ({ freeBytes: 0, writeError: 'ENOSPC' }) },
      check: 'disk',
      words: /disk is full/,
      action: null,
    },
    {
      name: 'this process is held up',
      probes: { eventLoopDelay: async () => ({ p99Ms: 900, maxMs: 4_000 }) },
      check: 'event-loop',
      words: /held up/,
      action: null,
    },
    {
      name: 'this PC is cut off and a proxy is set',
      probes: {
        connect: async () => {
          throw Object.assign(new Error('no route'), { code: 'ENETUNREACH' });
        },
        proxies: async () => [{ from: 'environment', name: 'HTTPS_PROXY', value: 'http://proxy.example:3128' }],
      },
      check: 'proxy',
      words: /only through its proxy/,
      action: null,
    },
  ])('when $name', async ({ faults, probes, check, words, action }) => {
    const { verdict } = await examined({ ...(faults && { faults }), ...(probes && { probes }) });
    expect({ check: verdict.check, sentence: verdict.sentence, action: verdict.fix?.action ?? null }).toEqual({
      check,
      sentence: expect.stringMatching(words),
      action,
    });
  });

  it.each([
    ['mute', { kind: 'mute' }, /without sending prices/],
    ['silent', { kind: 'stall' }, /not even a sign of life/],
    [
      'six seconds late',
      { kind: 'delay', ms: 6_000 },
      /Kite sends prices that are older than those already shown|Prices arrive about \d s late/,
    ],
  ] as const)('says that the fault is not here when the ticker has gone %s', async (_case, fault, words) => {
    const { verdict, checks } = await examined({ faults: [fault], afterMs: 20_000 });
    expect(verdict).toMatchObject({ result: 'warning', sentence: expect.stringMatching(words) });
    expect(checks.filter(({ result }) => result === 'failed')).toEqual([]);
  });

  it('comes by itself when one connection after the other opens and stays mute', async () => {
    floor = await openFloor({ date: MONDAY, at: '09:20' });
    await floor.run(5_000);
    floor.exchange.control.apply({ kind: 'mute' });
    await floor.run(150_000);
    expect(floor.desk.state.feed.attempt).toBeGreaterThanOrEqual(5);
    expect(floor.desk.state.doctor?.report).toMatchObject({
      reason: 'feed-failing',
      verdict: { result: 'warning', check: 'socket', sentence: expect.stringMatching(/without sending prices/) },
    });
  });

  it('is not held up by a server that takes the connection and says nothing', async () => {
    floor = await openFloor({ date: MONDAY, at: '09:20' });
    await floor.run(5_000);
    floor.exchange.control.apply({ kind: 'refuseConnections', how: 'hang' });
    const running = floor.desk.invoke('doctor.run', {});
    await floor.run(20_000);
    expect(await running).toMatchObject({
      ok: true,
      value: { verdict: { check: 'answer', sentence: expect.stringMatching(/does not answer/) } },
    });
  });

  it('never tries the socket with a login that Kite refuses', async () => {
    await examined({ faults: [{ kind: 'killToken' }] });
    const before = floor?.exchange.stats.upgrades.length;
    const report = await floor?.command('doctor.run', {});
    expect(report?.checks.find(({ id }) => id === 'socket')?.result).toBe('skipped');
    expect(floor?.exchange.stats.upgrades.length).toBe(before);
  });

  it('is in the state, in the command for its text, and without the token', async () => {
    const report = await examined({});
    expect(floor?.desk.state.doctor).toEqual({ running: null, report });
    const text = (await floor?.command('doctor.report', {}))?.text ?? '';
    expect(text).toContain('Verdict: Everything that was looked at is in order.');
    expect(text).toContain('SIMULATED');
  });

  it('comes by itself when the feed has failed five times', async () => {
    floor = await openFloor({ date: MONDAY, at: '09:20' });
    await floor.run(5_000);
    floor.exchange.control.apply(refuse('both', 503));
    floor.exchange.control.apply(drop);
    await floor.run(60_000);
    expect(floor.desk.state.doctor?.report).toMatchObject({ reason: 'feed-failing', verdict: { check: 'answer' } });
    expect(floor.desk.state.activity.some(({ text }) => /^Doctor: .*HTTP 503/.test(text))).toBe(true);
  });
});
