import { expect, test } from 'vitest';
import type { CandleRow } from '../../src/contract/commands.ts';
import type { SteeringOrder } from '../../src/contract/transport.ts';
import { instantOf } from '../../src/market/ist.ts';
import { type Floor, openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const MINUTE_MS = 60_000;

const jump = (floor: Floor, time: string): Promise<null> =>
  floor.command('simulation.steer', { do: 'jump', to: instantOf(date, time) });

const prices = (rows: readonly CandleRow[]) => rows.map((row) => row.slice(0, 5));

/** What is wrong with the prices of the six: stale ones, and ages that cannot be. */
const oddPrices = ({ desk }: Floor) =>
  desk.health().instruments.filter(({ stale, ageMs }) => stale || !((ageMs ?? -1) >= 0 && (ageMs ?? -1) <= 15_000));

test('a morning moved ahead to 09:15 is a market that has just opened, without a false alarm', async () => {
  await using floor = await openFloor({ date, at: '08:56', isSteerable: true });
  await floor.run(2_000);
  await jump(floor, '09:15');
  await floor.run(3_000);
  const { market, feed, auth, alerts } = floor.desk.state;
  expect([market.phase, feed.state, feed.source, auth.state]).toEqual(['live', 'live', 'websocket', 'valid']);
  expect(alerts).toEqual([]);
  expect(floor.desk.health()).toMatchObject({ status: 'ok', clock: { skewMs: null } });
  expect(oddPrices(floor)).toEqual([]);
  const said = floor.journal().activity.map(({ level, text }) => `${level}: ${text}`);
  expect(said).toContain('info: The simulation was moved ahead to 09:15:00.');
  expect(said.filter((line) => /^(warning|error)|slept|Woke/.test(line))).toEqual([]);
  expect(floor.step('first-ticks').detail ?? '').not.toMatch(/woke/);
  expect(floor.step('pre-open')).toMatchObject({
    outcome: 'missed',
    detail: expect.stringMatching(/moved ahead to 09:15/),
  });
});

test('what a move within the session passes over comes from the exchange’s history, candle for candle', async () => {
  await using floor = await openFloor({ date, at: '10:00', isSteerable: true });
  await floor.to('10:02');
  await jump(floor, '11:30');
  await floor.run(2_000);
  expect(oddPrices(floor)).toEqual([]);
  await floor.run(2 * MINUTE_MS);
  for (const { key } of floor.desk.health().instruments) {
    const { candles } = await floor.command('candles.get', { key, date: null });
    const until = instantOf(date, '11:31');
    const closed = (rows: readonly CandleRow[]) => prices(rows.filter(([start]) => start < until));
    expect(closed(candles)).toEqual(closed(await floor.history(key)));
    await floor.run(1_000);
  }
  expect(floor.desk.state.alerts).toEqual([]);
  // Nobody lost a minute of the market: there was none between the two.
  expect(floor.journal().gaps).toEqual([]);
});

test('paused for an hour of real time, nothing ages, nothing goes stale, and a chart is still loaded', async () => {
  await using floor = await openFloor({ date, at: '10:00', isSteerable: true });
  await floor.run(5_000);
  await floor.command('simulation.steer', { do: 'pause' });
  const [before] = [floor.desk.health()];
  expect(floor.desk.state.transport).toEqual({ paused: true, speed: 1, leadsTo: 'end' });
  await floor.run(60 * MINUTE_MS);
  expect(floor.desk.health().clock.now).toBe(before.clock.now);
  expect(floor.desk.health().instruments).toEqual(before.instruments);
  for (const day of ['2026-11-20', '2026-11-19', '2026-11-18', '2026-11-17', '2026-11-16']) {
    expect(await floor.command('candles.get', { key: 'NSE:NIFTY 50', date: day })).toMatchObject({
      history: 'complete',
    });
  }
  await floor.command('simulation.steer', { do: 'resume' });
  await floor.run(3_000);
  expect([floor.desk.state.feed.state, floor.desk.state.alerts, floor.journal().gaps]).toEqual(['live', [], []]);
  expect(oddPrices(floor)).toEqual([]);
});

test('at another speed the day goes on without a reconnect, and its clock is in the state at once', async () => {
  await using floor = await openFloor({ date, at: '10:00', isSteerable: true });
  await floor.run(5_000);
  const { reconnects } = floor.desk.state.feed;
  for (const speed of [60, 5, 120, 1]) {
    await floor.command('simulation.steer', { do: 'speed', speed });
    expect([floor.desk.state.app.speed, floor.desk.state.transport?.speed]).toEqual([speed, speed]);
    await floor.run(3_000);
    expect([floor.desk.state.feed.state, floor.desk.state.alerts]).toEqual(['live', []]);
  }
  expect(floor.desk.state.feed.reconnects).toBe(reconnects);
  expect(floor.journal().gaps).toEqual([]);
});

test('real time cannot be steered, and no simulation goes back', async () => {
  await using real = await openFloor({ date, at: '10:00' });
  expect(await real.desk.invoke('simulation.steer', { do: 'pause' })).toMatchObject({
    error: { code: 'not-simulated' },
  });
  expect(real.desk.state.transport).toBeUndefined();
  await using floor = await openFloor({ date, at: '10:00', isSteerable: true });
  await expect(jump(floor, '09:15')).rejects.toThrow('It is past 09:15 already: a simulation cannot go back.');
});

test('orders that an exchange hears late, refuses or does not answer never set the desk’s clock back', async () => {
  await using floor = await openFloor({ date, at: '10:00', isSteerable: true });
  await floor.run(5_000);
  const { steering } = floor;
  const inStep = (): void => expect(Math.abs(floor.deskClock.now() - floor.exchangeClock.now())).toBeLessThan(1);
  const steer = async (order: SteeringOrder): Promise<boolean> => {
    let isOk: boolean | null = null;
    void floor.desk.invoke('simulation.steer', order).then(({ ok }) => {
      isOk = ok;
    });
    for (let step = 0; isOk === null && step < 200; step++) await floor.run(100);
    return isOk ?? expect.fail('no answer');
  };
  steering.answersAfterMs = 500;
  for (const order of [{ do: 'speed', speed: 10 }, { do: 'pause' }, { do: 'resume' }] as const) {
    expect(await steer(order)).toBe(true);
    inStep();
  }
  steering.answersAfterMs = 0;
  steering.refuses = true;
  expect(await steer({ do: 'pause' })).toBe(false);
  inStep();
  steering.refuses = false;
  // It answers the question and takes the course, and is silent from then on.
  steering.answersAfterMs = 10;
  floor.clock.setTimeout(() => {
    steering.answersAfterMs = Number.POSITIVE_INFINITY;
  }, 5);
  expect(await steer({ do: 'speed', speed: 5 })).toBe(false);
  expect([floor.desk.state.transport?.paused, floor.deskClock.isPaused]).toEqual([true, true]);
  steering.answersAfterMs = 0;
  await floor.run(1_500);
  inStep();
  expect(floor.desk.state).toMatchObject({ app: { speed: 5 }, transport: { paused: false, speed: 5 }, alerts: [] });
  expect(await steer({ do: 'speed', speed: 1 })).toBe(true);
  await floor.run(3_000);
  expect([floor.desk.state.feed.state, floor.desk.state.auth.state, oddPrices(floor)]).toEqual(['live', 'valid', []]);
  const said = floor.journal().activity.map(({ level, text }) => `${level}: ${text}`);
  expect(said.filter((line) => /^(warning|error)|set back|slept|Woke/.test(line))).toEqual([]);
});
