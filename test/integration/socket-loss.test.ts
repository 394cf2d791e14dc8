import { expect, test } from 'vitest';
import type { CandleRow } from '../../src/contract/commands.ts';
import type { AlertState } from '../../src/contract/state.ts';
import { instantOf, istTimeOf } from '../../src/market/ist.ts';
import { watchState } from '../support/state-watch.ts';
import { openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const ELEVEN = instantOf(date, '11:00');
const MINUTE_MS = 60_000;

test('a socket cut at 11:00 is back within 250 ms, and the trader is not bothered', async () => {
  await using floor = await openFloor({ date, at: '10:59:30' });
  await floor.to('11:00');
  const { frames } = floor.desk.state.feed;
  using watch = watchState(floor.desk, floor.clock);
  floor.exchange.control.apply({ kind: 'drop' });
  await floor.run(250);

  const { feed, alerts } = floor.desk.state;
  expect([feed.state, feed.source, feed.reconnects, alerts]).toEqual(['live', 'websocket', 1, []]);
  expect(feed.lastTickAt).toBeGreaterThanOrEqual(ELEVEN);
  expect(feed.frames).toBeGreaterThan(frames);
  expect(watch.firstAt(({ feed }) => feed.state !== 'live')).toBe(ELEVEN);
  expect(floor.journal()).toMatchObject({ reconnects: 1, gaps: [] });
});

test('a fiftieth drop is mended as fast as the first', async () => {
  await using floor = await openFloor({ date, at: '10:59:30' });
  await floor.to('11:00');
  const returns: number[] = [];
  for (let drop = 1; drop <= 50; drop++) {
    floor.exchange.control.apply({ kind: 'drop' });
    const cutAt = floor.clock.now();
    for (let waited = 0; floor.desk.state.feed.reconnects < drop && waited < 2_000; waited += 50) await floor.run(50);
    returns.push((floor.desk.state.feed.lastTickAt ?? Number.NaN) - cutAt);
    await floor.run(2_000);
  }
  expect(returns.filter((ms) => !(ms <= 250))).toEqual([]);
  expect(returns).toHaveLength(50);
});

test('with the ticker refusing sockets for 20 s, prices come by REST and go back to the socket by themselves', async () => {
  await using floor = await openFloor({ date, at: '10:59:30' });
  await floor.desk.invoke('settings.update', { notify: { fallback: true } });
  await floor.to('11:00');
  using watch = watchState(floor.desk, floor.clock);
  const answers: number[] = [];
  using _market = floor.desk.watchMarket((message) => {
    if (message.type === 'ticks' && floor.desk.state.feed.source !== 'websocket') answers.push(floor.clock.now());
  });
  floor.exchange.control.apply({ kind: 'refuse', where: 'socket', status: 503, forMs: 20_000 });
  floor.exchange.control.apply({ kind: 'drop' });

  await floor.run(3_000);
  expect(floor.desk.state.feed).toMatchObject({ source: 'rest', cause: 'server-error' });
  expect(floor.desk.state.alerts.map(({ id, severity }) => [id, severity])).toEqual([['fallback', 'warning']]);
  // Every age and origin is said as it is, all the way through.
  for (let second = 3; second < 20; second++) {
    const health = floor.desk.health();
    expect(health.status).toBe('degraded');
    expect(health.feed.source).toBe('rest');
    const indices = health.instruments.filter(({ role }) => role === 'spot');
    expect(indices.map(({ ageMs, stale, kind }) => [ageMs !== null && ageMs <= 1_200, stale, kind])).toEqual(
      indices.map(() => [true, false, 'live']),
    );
    await floor.run(1_000);
  }
  await floor.run(20_000);

  expect(answers.slice(1).filter((at, index) => at - (answers[index] ?? 0) > 1_200)).toEqual([]);
  expect(answers[0]).toBeLessThanOrEqual(ELEVEN + 3_000);
  const backAt = watch.firstAt(({ feed }) => feed.source === 'websocket', ELEVEN + 1);
  expect(backAt).toBeGreaterThan(ELEVEN + 20_000);
  expect(backAt).toBeLessThanOrEqual(ELEVEN + 32_000);
  // From the first answer by REST to the return, the source was one or the other, without a hole.
  const restAt = watch.firstAt(({ feed }) => feed.source === 'rest') ?? 0;
  expect(watch.seen.filter(({ at, state }) => at > restAt && state.feed.source === 'none')).toEqual([]);
  expect(floor.desk.state.alerts.map(({ id }) => id)).toEqual(['fallback-left']);
  expect(floor.desk.health().status).toBe('ok');
  await floor.run(60_000);
  expect(floor.desk.state.alerts).toEqual([]);

  const { gaps, reconnects, alerts, feed } = floor.journal();
  expect(gaps).toEqual([{ from: expect.any(Number), to: backAt, cause: 'server-error', keys: [] }]);
  expect((gaps[0]?.from ?? 0) - ELEVEN).toBeLessThanOrEqual(0);
  expect(reconnects).toBe(1);
  expect(alerts.map(({ id, raisedAt, withdrawnAt }) => [id, raisedAt, withdrawnAt])).toEqual([
    ['feed', ELEVEN, restAt],
    ['fallback', restAt, backAt],
    ['fallback-left', backAt, expect.any(Number)],
  ]);
  expect(feed.map(({ source }) => source).filter((source, index, all) => source !== all[index - 1])).toEqual([
    'none',
    'websocket',
    'none',
    'rest',
    'websocket',
  ]);
});

test('the candles of the minutes without a socket are the exchange’s own in the end', async () => {
  await using floor = await openFloor({ date, at: '10:58:30' });
  await floor.to('11:00:20');
  floor.exchange.control.apply({ kind: 'refuse', where: 'socket', status: 503, forMs: 75_000 });
  floor.exchange.control.apply({ kind: 'refuse', where: 'rest', status: 503, forMs: 70_000 });
  floor.exchange.control.apply({ kind: 'drop' });
  await floor.to('11:04:30');
  // Nobody has asked for history here: what the desk keeps has been mended by itself.
  const fault = floor.exchange.control.apply({ kind: 'refuse', where: 'rest', status: 503 });
  const { candles, history } = await floor.command('candles.get', { key: 'NSE:NIFTY 50', date: null });
  expect(history).toBe('complete');
  expect(candles.slice(0, -1).map(([, , , , , , , state]) => state)).not.toContain('doubtful');
  floor.exchange.control.clear(fault);
  await floor.run(1_000);
  const closed = (rows: readonly CandleRow[]): readonly number[][] =>
    rows
      .filter(([start]) => start >= ELEVEN - MINUTE_MS && start < ELEVEN + 4 * MINUTE_MS)
      .map(([start, open, high, low, close, volume]) => [start, open, high, low, close, volume]);
  expect(closed(candles)).toEqual(closed(await floor.history('NSE:NIFTY 50')));
  expect(closed(candles)).toHaveLength(5);
});

test('an outage of everything is told once, as what it is, however often the line and the login are tried', async () => {
  const shown: string[] = [];
  const withdrawn: string[] = [];
  const channel = {
    name: 'test',
    show: ({ title }: { readonly title: string }) => void shown.push(title),
    withdraw: (id: string) => void withdrawn.push(id),
  };
  await using floor = await openFloor({ date, at: '10:59:30', channels: [channel] });
  await floor.to('11:00');
  using watch = watchState(floor.desk, floor.clock);
  floor.exchange.control.apply({ kind: 'refuseConnections', how: 'reset', forMs: 180_000 });
  floor.exchange.control.apply({ kind: 'drop' });
  await floor.run(120_000);
  const { auth, feed } = floor.desk.state;
  // A line that is down says nothing about the token.
  expect([auth.state, feed.state === 'backoff' || feed.state === 'connecting', feed.cause]).toEqual([
    'unverified',
    true,
    'network',
  ]);
  expect(watch.seen.filter(({ state }) => state.auth.state === 'expired' || state.feed.state === 'blocked')).toEqual(
    [],
  );
  expect(shown).toEqual(['The connection to Kite was lost; reconnecting.']);
  expect(watch.seen.filter(({ state }) => state.alerts.length > 1)).toEqual([]);
  expect(floor.desk.state.alerts).toMatchObject([
    { id: 'feed', body: expect.stringMatching(/login is checked as soon/) },
  ]);
  expect(floor.desk.health().status).toBe('down');

  await floor.run(120_000);
  expect([floor.desk.state.feed.source, floor.desk.state.auth.state, floor.desk.state.alerts]).toEqual([
    'websocket',
    'valid',
    [],
  ]);
  expect([shown.length, withdrawn]).toEqual([1, ['feed']]);
});

test('an outage that begins before the feed is told of the login, and keeps that name until prices flow', async () => {
  const shown: string[] = [];
  const channel = {
    name: 'test',
    show: ({ id }: { readonly id: string }) => void shown.push(`${id} ${istTimeOf(floor.clock.now()).slice(0, 5)}`),
    withdraw: (id: string) => void shown.push(`${id} over`),
  };
  await using floor = await openFloor({ date, at: '08:48', channels: [channel] });
  await floor.run(1_000);
  floor.line.fault = 'unknown name';
  await floor.to('09:03');
  expect(floor.desk.state.alerts).toMatchObject([{ id: 'token', action: 'retry-feed' }]);
  // Once when the login's check fails, then the day's reminders; nothing of the feed besides.
  expect(shown).toEqual(['token 08:50', 'token 08:55', 'token 09:00']);
  floor.line.fault = null;
  await floor.run(70_000);
  expect(floor.desk.state.feed.state).toBe('live');
  expect([floor.desk.state.alerts, shown.slice(3)]).toEqual([[], ['token over']]);
});

test('a network that is back seconds before a reminder: Kite is asked first, and nobody is reminded', async () => {
  const shown: string[] = [];
  const channel = {
    name: 'test',
    show: ({ id }: { readonly id: string }) => void shown.push(`${id} ${istTimeOf(floor.clock.now()).slice(0, 5)}`),
    withdraw: () => undefined,
  };
  await using floor = await openFloor({ date, at: '08:49', lineFault: 'unknown name', channels: [channel] });
  await floor.to('08:59:55');
  expect(floor.desk.state.auth.state).toBe('unverified');
  floor.line.fault = null;
  await floor.to('09:00:10');
  expect([shown, floor.desk.state.auth.state]).toEqual([['token 08:50', 'token 08:55'], 'valid']);
  expect(floor.step('token-reminder-2')).toMatchObject({ outcome: 'not-needed', detail: 'login valid' });
});

test('a token that died during the outage is told as soon as Kite says so', async () => {
  const shown: string[] = [];
  const channel = {
    name: 'test',
    show: ({ id, action }: AlertState) => void shown.push(`${id} ${action}`),
    withdraw: () => undefined,
  };
  await using floor = await openFloor({ date, at: '10:59:30', channels: [channel] });
  await floor.to('11:00');
  floor.line.fault = 'no way out';
  floor.exchange.control.apply({ kind: 'killToken' });
  await floor.run(120_000);
  expect(shown).toEqual(['feed retry-feed']);
  floor.line.fault = null;
  await floor.run(20_000);
  expect([shown, floor.desk.state.alerts.map(({ id }) => id)]).toEqual([
    ['feed retry-feed', 'token sign-in'],
    ['token'],
  ]);
});
