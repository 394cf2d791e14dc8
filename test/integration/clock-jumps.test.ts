import { expect, test } from 'vitest';
import { instantOf } from '../../src/market/ist.ts';
import { watchState } from '../support/state-watch.ts';
import { type Floor, openFloor } from '../support/trading-floor.ts';

const HOUR_MS = 3_600_000;

const historyRequests = ({ exchange }: Floor): number =>
  exchange.stats.requests['GET /instruments/historical/:token/:interval'] ?? 0;

test('a PC that sleeps from 08:30 to 11:30 is right within a second of waking, and says what it made up for', async () => {
  const date = '2026-11-23';
  await using floor = await openFloor({ date, at: '08:30' });
  await floor.run(500);
  floor.clock.jump(3 * HOUR_MS);
  const wokeAt = floor.clock.now();
  await floor.run(1_000);

  const { market, feed, auth, alerts } = floor.desk.state;
  expect([market.phase, feed.state, feed.source, auth.state, alerts]).toEqual([
    'live',
    'live',
    'websocket',
    'valid',
    [],
  ]);
  expect((feed.lastTickAt ?? 0) >= wokeAt).toBe(true);
  expect(floor.desk.health().status).toBe('ok');
  const steps = Object.fromEntries(floor.journal().steps.map((step) => [step.id, step]));
  const woke = expect.stringMatching(/woke at 11:30:0\d/);
  expect(steps).toMatchObject({
    instruments: { outcome: 'done', actualAt: instantOf(date, '08:30') },
    'token-check': { outcome: 'done', detail: woke },
    'feed-start': { outcome: 'done', detail: woke },
    'first-ticks': { outcome: 'done', detail: woke },
    // What the market did meanwhile cannot be made up for.
    'pre-open': { outcome: 'missed', detail: woke, actualAt: null },
    live: { outcome: 'missed', detail: woke, actualAt: null },
    'closing-auction': { outcome: 'pending' },
  });
  expect(floor.journal().activity.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/^Woke at 11:30:0\d: slept, or the clock was set ahead by \d+ s\.$/),
  );
});

test('a PC that sleeps in the middle of the session has its gap in the record and its prices back within a second', async () => {
  const date = '2026-11-23';
  await using floor = await openFloor({ date, at: '10:59' });
  await floor.to('11:00');
  floor.clock.jump(HOUR_MS / 2);
  const wokeAt = floor.clock.now();
  await floor.run(1_000);
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', source: 'websocket' });
  expect(floor.desk.health().instruments.map(({ ageMs, stale }) => [(ageMs ?? Number.NaN) <= 1_000, stale])).toEqual(
    Array(6).fill([true, false]),
  );
  // How long it was is for the exchange's time to say, once live prices have told it.
  await floor.run(3_000);
  expect(floor.journal().gaps).toEqual([
    { from: expect.any(Number), to: expect.any(Number), cause: 'silent', keys: [] },
  ]);
  const [gap] = floor.journal().gaps;
  expect([(gap?.from ?? 0) <= instantOf(date, '11:00'), (gap?.to ?? 0) >= wokeAt]).toEqual([true, true]);
  // The minutes that were slept through are the exchange's own before anyone asks for them.
  await floor.run(80_000);
  const asked = historyRequests(floor);
  const { candles } = await floor.command('candles.get', { key: 'NSE:NIFTY 50', date: null });
  expect(candles.filter(([start]) => start >= instantOf(date, '11:00') && start < wokeAt)).toHaveLength(30);
  expect([asked > 0, historyRequests(floor)]).toEqual([true, asked]);
});

test('a clock set back by two hours takes the day back with it, and nothing gets a negative age', async () => {
  const date = '2026-11-23';
  await using floor = await openFloor({ date, at: '10:54' });
  await floor.to('11:00');
  floor.clock.jump(-2 * HOUR_MS);
  await floor.run(1_000);
  const { market, feed } = floor.desk.state;
  expect([market.phase, market.next?.phase, feed.state]).toEqual(['pre-open', 'pre-open-matching', 'live']);
  expect(floor.step('live')).toMatchObject({ outcome: 'pending', detail: null });
  expect(floor.journal().activity.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/the clock was set back by 7200 s/),
  );
  await floor.to('09:15:05');
  expect([floor.desk.state.market.phase, floor.step('live').outcome]).toEqual(['live', 'done']);
  const health = floor.desk.health();
  expect([health.status, health.feed.state]).toEqual(['ok', 'live']);
  expect(
    health.instruments.filter(({ ageMs, stale }) => stale || !((ageMs ?? -1) >= 0 && (ageMs ?? -1) <= 15_000)),
  ).toEqual([]);
});

test('from one close to the next morning: certificate, dead token at 06:00, sign-in, and a day of its own', async () => {
  const [date, next] = ['2026-11-25', '2026-11-26'];
  await using floor = await openFloor({ date, at: '15:39' });
  using watch = watchState(floor.desk, floor.clock);
  await floor.to('15:46');
  expect(floor.step('certificate').outcome).toBe('done');
  expect(floor.desk.state.feed.state).toBe('off');
  const evening = floor.journal();

  await floor.to('00:00:01', next);
  expect([floor.desk.state.market.date, floor.desk.state.schedule.date]).toEqual([next, next]);
  expect(floor.desk.state.instruments.map(({ firstTickAt }) => firstTickAt)).toEqual(Array(6).fill(null));
  await floor.to('06:00:01', next);
  expect(floor.desk.state.auth.state).toBe('suspect');
  await floor.to('06:05:05', next);
  expect([floor.desk.state.auth.state, floor.step('token-verify-early').detail]).toEqual([
    'expired',
    'login expired: sign in to Kite',
  ]);
  expect(floor.desk.state.alerts).toEqual([]);
  await floor.to('08:50:01', next);
  expect(floor.desk.state.alerts.map(({ id, action }) => [id, action])).toEqual([['token', 'sign-in']]);
  expect(floor.step('instruments').outcome).toBe('done');
  await floor.to('08:57', next);
  expect([floor.desk.state.feed.state, floor.step('feed-start').outcome]).toEqual(['blocked', 'waiting']);
  await floor.signIn();
  await floor.run(300);
  expect([floor.desk.state.feed.state, floor.desk.state.alerts, floor.step('feed-start').outcome]).toEqual([
    'live',
    [],
    'done',
  ]);
  await floor.to('09:16:10', next);

  expect(floor.desk.state.market.phase).toBe('live');
  // Prices were due from the start of the feed to the sign-in.
  const [start, signedIn] = [instantOf(next, '08:55'), instantOf(next, '08:57')];
  expect(floor.journal()).toMatchObject({
    date: next,
    reconnects: 0,
    gaps: [{ from: start, to: signedIn, cause: 'token-expired', keys: [] }],
  });
  expect(floor.journal().firstTicks.map(({ at }) => at >= instantOf(next, '08:57'))).toEqual(Array(6).fill(true));
  expect(await floor.desk.journal(date)).toEqual({ ...evening, aliveAt: expect.any(Number) });
  const { candles } = await floor.command('candles.get', { key: 'NSE:NIFTY 50', date: null });
  expect(candles.map(([start]) => start)).toEqual([instantOf(next, '09:15'), instantOf(next, '09:16')]);
  // Overnight nothing wanted a socket.
  expect(
    watch.seen.filter(
      ({ at, state }) =>
        state.feed.desired === 'on' && at > instantOf(date, '15:45:01') && at < instantOf(next, '08:55'),
    ),
  ).toEqual([]);
});
