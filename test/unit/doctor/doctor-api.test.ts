import { afterEach, describe, expect, it } from 'vitest';
import { type DoctorReport, doctorCheckIds } from '../../../src/contract/doctor.ts';
import { type LocalServer, serveLocally } from '../../support/local-server.ts';
import { type Floor, openFloor } from '../../support/trading-floor.ts';

let floor: Floor | null = null;
let local: LocalServer | null = null;

afterEach(async () => {
  await local?.[Symbol.asyncDispose]();
  await floor?.[Symbol.asyncDispose]();
});

describe('GET /api/doctor', () => {
  it('examines the desk and answers with the report, to whoever has the key', async () => {
    floor = await openFloor({ date: '2026-11-23', at: '09:20' });
    await floor.run(5_000);
    local = await serveLocally(floor.desk);
    const answer = await local.fetch('/api/doctor');
    const report = (await answer.json()) as DoctorReport;
    expect(answer.status).toBe(200);
    expect(report.checks.map(({ id }) => id)).toEqual([...doctorCheckIds]);
    expect(report).toEqual(floor.desk.state.doctor?.report);
    expect((await local.fetch('/api/doctor', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
    expect((await local.fetch('/api/doctor', { method: 'POST' })).status).toBe(405);
  });
});
