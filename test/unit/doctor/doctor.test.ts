import { describe, expect, it } from 'vitest';
import type { DoctorState } from '../../../src/contract/doctor.ts';
import { broken, type Check, fine } from '../../../src/doctor/check.ts';
import { Doctor } from '../../../src/doctor/doctor.ts';
import { formatDoctorReport } from '../../../src/doctor/report-text.ts';
import { redactSecrets } from '../../../src/kite/redact.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { feedState } from './feed-state.ts';

const SECRET = 'verysecrettoken42';

function check(id: Check['id'], examine: Check['examine'], lateFinding?: Check['lateFinding']): Check {
  return {
    id,
    title: id.toUpperCase(),
    limitMs: 5_000,
    examine,
    ...(lateFinding === undefined ? {} : { lateFinding }),
  };
}

const well = (id: Check['id']): Check => check(id, () => fine('Well.'));
const hangs = (id: Check['id']): Check => check(id, () => new Promise(() => undefined));

function open(checks: readonly Check[]) {
  const clock = new VirtualClock('2026-11-23T09:15:00+05:30');
  const told: DoctorState[] = [];
  const doctor = new Doctor({
    clock,
    realClock: clock,
    checks: () => checks,
    feed: () => feedState({ state: 'live', source: 'websocket' }),
    redact: (text) => redactSecrets(text, [SECRET]),
    changed: (state) => told.push(state),
  });
  return { clock, doctor, told };
}

describe('an examination', () => {
  it('makes the checks in order, tells each as it is done, and ends with a verdict', async () => {
    const { doctor, told } = open([well('dns'), check('tcp', () => broken('Refused.')), well('disk')]);
    const report = await doctor.run('asked');
    expect(report.checks.map(({ id, result }) => `${id} ${result}`)).toEqual(['dns ok', 'tcp failed', 'disk ok']);
    expect(report.verdict).toMatchObject({ result: 'failed', check: 'tcp', sentence: 'Refused.' });
    expect(told.map(({ running }) => running?.checks.length ?? null)).toEqual([0, 1, 2, 3, 3, null]);
    expect(doctor.state).toEqual({ running: null, report });
  });

  it('goes on after a check that hangs, with what giving up proves', async () => {
    const { clock, doctor } = open([
      check('dns', () => new Promise(() => undefined), broken('No name server answers.')),
      hangs('proxy'),
      well('disk'),
    ]);
    const running = doctor.run('asked');
    await clock.advance(10_000);
    const { checks } = await running;
    expect(checks.map(({ result, durationMs }) => [result, durationMs])).toEqual([
      ['failed', 5_000],
      ['skipped', 5_000],
      ['ok', 0],
    ]);
  });

  it('aborts what a late check has under way', async () => {
    let aborted = false;
    const { clock, doctor } = open([
      check('tcp', ({ signal }) => {
        signal.addEventListener('abort', () => {
          aborted = true;
        });
        return new Promise(() => undefined);
      }),
    ]);
    const running = doctor.run('asked');
    await clock.advance(4_999);
    expect(aborted).toBe(false);
    await clock.advance(1);
    await running;
    expect(aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('does not blame the patient for a check that throws', async () => {
    const { doctor } = open([
      check('proxy', () => {
        throw Object.assign(new Error(`tool failed with ${SECRET}`), { code: 'ENOENT' });
      }),
    ]);
    const report = await doctor.run('asked');
    expect(report.checks).toMatchObject([{ result: 'skipped', evidence: 'ENOENT' }]);
    expect(report.verdict.result).toBe('ok');
  });

  it('is one at a time: who asks meanwhile gets the same report', async () => {
    const { clock, doctor } = open([hangs('dns')]);
    const both = [doctor.run('asked'), doctor.run('asked')];
    await clock.advance(5_000);
    const [first, second] = await Promise.all(both);
    expect(second).toBe(first);
  });

  it('can be given up, and the report before it stays', async () => {
    const checks = [well('dns')];
    const { doctor, clock } = open(checks);
    const before = await doctor.run('asked');
    checks.push(hangs('tcp'));
    const running = doctor.run('asked');
    doctor.cancel();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(doctor.state).toEqual({ running: null, report: before });
    expect(clock.pending).toBe(0);
  });

  it('lets no secret out, whether in a sentence, in evidence or in the text to copy', async () => {
    const { doctor } = open([check('token', () => broken(`Kite says ${SECRET}.`, `access_token=${SECRET}`))]);
    const report = await doctor.run('asked');
    expect(JSON.stringify(report)).not.toContain(SECRET);
    const subject = { version: '1.0', simulated: false, platform: 'test' };
    const text = formatDoctorReport({ ...report, verdict: { ...report.verdict, sentence: SECRET } }, subject, (line) =>
      redactSecrets(line, [SECRET]),
    );
    expect(text).not.toContain(SECRET);
    expect(text).toContain('FAILED   TOKEN');
  });
});

describe('a feed that keeps failing', () => {
  const failing = (attempt: number) => feedState({ state: 'backoff', cause: 'network', attempt });

  it('calls the doctor after five failed attempts, once, and again in the next failure', async () => {
    const { doctor } = open([well('dns')]);
    expect(doctor.feedChanged(failing(4))).toBeNull();
    expect((await doctor.feedChanged(failing(5)))?.reason).toBe('feed-failing');
    expect(doctor.feedChanged(failing(6))).toBeNull();
    expect(doctor.feedChanged(feedState({ state: 'live', attempt: 0 }))).toBeNull();
    expect(doctor.feedChanged(failing(5))).not.toBeNull();
  });
});
