import { describe, expect, it } from 'vitest';
import type { DoctorCheckId, DoctorReport } from '../../../src/contract/doctor.ts';
import type { DoctorProbes } from '../../../src/doctor/probes.ts';
import { demoUser } from '../../exchange/exchange.ts';
import type { Fault } from '../../exchange/faults.ts';
import type { LineFaultName } from '../../support/faulty-line.ts';
import { type Floor, openFloor } from '../../support/trading-floor.ts';

/** The doctor of a whole desk that was live, on a line that loopback cannot have: called by the trader, and by itself. */

interface Verdict {
  readonly check: DoctorCheckId | null;
  readonly words: RegExp;
  readonly action: string | null;
}

const cut: Fault = { kind: 'drop' };

async function liveFloor(probes: Partial<DoctorProbes> = {}): Promise<Floor> {
  const floor = await openFloor({ date: '2026-11-23', at: '09:59:55', probes });
  await floor.to('10:00');
  expect(floor.desk.state.feed.state).toBe('live');
  return floor;
}

function expectVerdict({ verdict }: DoctorReport, { check, words, action }: Verdict): void {
  expect({ check: verdict.check, sentence: verdict.sentence, action: verdict.fix?.action ?? null }).toEqual({
    check,
    sentence: expect.stringMatching(words),
    action,
  });
}

const lines: readonly (readonly [LineFaultName, Verdict])[] = [
  ['unknown name', { check: 'dns', words: /api\.kite\.trade cannot be found/, action: 'retry-feed' }],
  ['name server down', { check: 'dns', words: /cannot reach a name server/, action: 'retry-feed' }],
  ['no way out', { check: 'tcp', words: /no way to the internet/, action: 'retry-feed' }],
  ['turned away', { check: 'tcp', words: /refuses connections on port 443/, action: 'retry-feed' }],
  ['swallowed on the way', { check: 'tcp', words: /No connection to api\.kite\.trade/, action: 'retry-feed' }],
  ['another certificate', { check: 'tls', words: /made by ExampleGuard/, action: null }],
  ['certificate out of date', { check: 'tls', words: /out of date: set the PC's date/, action: null }],
  ['handshake cut', { check: 'tls', words: /breaks off/, action: 'retry-feed' }],
];

const portals: readonly (readonly [number, Verdict])[] = [
  [302, { check: 'answer', words: /this network answers: it wants a sign-in/, action: 'retry-feed' }],
  [407, { check: 'answer', words: /this network answers/, action: 'retry-feed' }],
  [511, { check: 'answer', words: /this network answers/, action: 'retry-feed' }],
  [200, { check: 'answer', words: /A web page came instead/, action: 'retry-feed' }],
];

describe("the doctor's verdict", () => {
  it.each(lines)('on a line with "%s", asked for and by itself after five attempts', async (fault, verdict) => {
    await using floor = await liveFloor();
    floor.line.fault = fault;
    floor.exchange.control.apply(cut);
    await floor.run(3_000);
    expectVerdict(await floor.command('doctor.run', {}), verdict);
    expect(floor.desk.state.doctor?.report?.reason).toBe('asked');
    await floor.run(60_000);
    expect(floor.desk.state.feed.attempt).toBeGreaterThanOrEqual(5);
    const { report } = floor.desk.state.doctor ?? {};
    expect(report?.reason).toBe('feed-failing');
    if (report) expectVerdict(report, verdict);
    expect(floor.desk.state.activity.filter(({ text }) => text.startsWith('Doctor: '))).toHaveLength(1);
    // The checks behind the broken one are not made up.
    const after = report?.checks.slice(report.checks.findIndex(({ id }) => id === verdict.check) + 1) ?? [];
    expect(after.filter(({ id, result }) => (id === 'token' || id === 'socket') && result !== 'skipped')).toEqual([]);
  });

  it.each(portals)('on a network that answers %i in the place of Kite', async (status, verdict) => {
    await using floor = await liveFloor();
    floor.exchange.control.apply({ kind: 'refuse', where: 'both', status, html: true });
    floor.exchange.control.apply(cut);
    await floor.run(3_000);
    expectVerdict(await floor.command('doctor.run', {}), verdict);
  });

  it.each([
    [180_000, /3 min ahead/],
    [-180_000, /3 min behind/],
    [5_000, /5 s ahead/],
  ])('on a PC whose clock is %i ms off, by the ticks', async (aheadMs, words) => {
    await using floor = await liveFloor();
    floor.pcClock.aheadMs = aheadMs;
    await floor.run(400_000);
    expect(floor.desk.state.feed.state).toBe('live');
    expectVerdict(await floor.command('doctor.run', {}), { check: 'clock', words, action: null });
    expect(floor.desk.state.alerts.map(({ id, action }) => [id, action])).toEqual([['clock-skew', 'open-doctor']]);
  });

  it('on an exchange that stops in an unannounced halt: nothing is wrong here', async () => {
    await using floor = await liveFloor();
    for (const { token } of floor.desk.state.instruments) floor.exchange.control.apply({ kind: 'quiet', token });
    floor.exchange.control.apply({ kind: 'refuse', where: 'rest', status: 503, forMs: 10_000 });
    await floor.run(30_000);
    const report = await floor.command('doctor.run', {});
    expect(report.checks.filter(({ result }) => result === 'failed')).toEqual([]);
    expect(report.verdict.result).toBe('warning');
  });

  it('holds no token, wherever it turns up, neither in the state nor in the text to copy', async () => {
    let planted = '';
    const value = (): string => `http://proxy.example:3128/?access_token=${planted}`;
    const proxies = async () => [{ from: 'system', name: planted, value: value() }] as const;
    await using floor = await liveFloor({ proxies });
    planted = floor.exchange.issueToken({ userId: demoUser.userId, mintedAtMs: floor.clock.now() });
    await floor.command('token.set', { accessToken: planted });
    await floor.run(1_000);
    const report = await floor.command('doctor.run', {});
    expect(report.checks.find(({ id }) => id === 'proxy')?.evidence).toContain('proxy.example');
    const { text } = await floor.command('doctor.report', {});
    expect(`${JSON.stringify(floor.desk.state)}${text}`).not.toContain(planted);
  });
});
