import { describe, expect, test } from 'vitest';
import { type Floor, openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const NIFTY = 256265;

async function floorAt(at: string, asked: (readonly string[])[] = []): Promise<Floor> {
  return await openFloor({
    date,
    at,
    rest: (rest) => ({
      createSession: rest.createSession.bind(rest),
      endSession: rest.endSession.bind(rest),
      profile: rest.profile.bind(rest),
      instruments: rest.instruments.bind(rest),
      candles: rest.candles.bind(rest),
      quotes: (session, keys) => {
        asked.push(keys);
        return rest.quotes(session, keys);
      },
    }),
  });
}

test('NIFTY silent for 20 s is told, degrades the health, is in the doctor’s report, and comes by REST', async () => {
  const asked: (readonly string[])[] = [];
  await using floor = await floorAt('10:59:00', asked);
  await floor.to('11:00:00');
  expect(floor.desk.health().status).toBe('ok');
  asked.length = 0;
  floor.exchange.control.apply({ kind: 'quiet', token: NIFTY, forMs: 20_000 });
  await floor.run(9_000);
  expect(floor.desk.state.alerts).toMatchObject([
    {
      id: 'silent-instruments',
      severity: 'warning',
      title: 'The live feed sends no prices of NIFTY 50, while the others come.',
      body: expect.stringMatching(/^Since 10:59:59|^Since 11:00:00/),
    },
  ]);
  const health = floor.desk.health();
  expect(health).toMatchObject({ status: 'degraded', feed: { state: 'live', source: 'websocket' } });
  const nifty = health.instruments.find(({ key }) => key === 'NSE:NIFTY 50');
  expect(nifty?.stale).toBe(false);
  expect(nifty?.ageMs).toBeLessThanOrEqual(2_500);
  expect(new Set(asked.flat())).toEqual(new Set(['NSE:NIFTY 50']));
  const report = await floor.command('doctor.run', {});
  const socket = report.checks.find(({ id }) => id === 'socket');
  expect(socket).toMatchObject({ result: 'warning', sentence: expect.stringContaining('NIFTY 50') });

  await floor.to('11:00:24');
  expect(floor.desk.state.alerts).toEqual([]);
  expect(floor.desk.health().status).toBe('ok');
  const asks = asked.length;
  await floor.run(30_000);
  expect(asked.slice(asks).flat()).toEqual([]);
  // What the socket missed is settled from Kite's own history.
  await floor.to('11:02:00');
  const { candles } = await floor.command('candles.get', { key: 'NSE:NIFTY 50', date: null });
  const minute = candles.find(([start]) => start === floor.clock.now() - 120_000);
  expect(minute?.[7]).toBe('settled');
});

describe('a future that never ticks before the open', () => {
  test('is named after 09:00, and asked for by REST once trading is on', async () => {
    await using floor = await floorAt('08:54:30');
    await floor.run(5_000);
    const future = floor.desk.state.instruments.find(
      ({ title }) => title.startsWith('SENSEX') && title.endsWith('FUT'),
    );
    floor.exchange.control.apply({ kind: 'quiet', token: future?.token ?? 0 });
    await floor.to('09:00:00');
    expect(floor.desk.state.alerts).toEqual([]);
    await floor.to('09:00:15');
    expect(floor.desk.state.alerts).toMatchObject([
      { id: 'silent-instruments', title: expect.stringContaining(future?.title ?? '?') },
    ]);
    expect(floor.desk.health().status).toBe('degraded');
    await floor.to('09:15:20');
    expect(floor.desk.state.feed.silent).toMatchObject([{ key: future?.key, evidence: 'newer-by-rest' }]);
    floor.exchange.control.clear();
    await floor.run(3_000);
    expect(floor.desk.state.alerts).toEqual([]);
    expect(floor.desk.health().status).toBe('ok');
  });
});
