/**
 * What the official `kiteconnect` 5.3.0 ticker does wrong (each found by running it against a local server), and what this
 * feed does instead, over real sockets.
 */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { kiteTickerConnector } from '../../src/kite/ticker-client.ts';
import type { TickerSocket } from '../../src/kite/ticker-events.ts';
import { bundledCalendar } from '../../src/market/bundled-calendar.ts';
import { instantOf } from '../../src/market/ist.ts';
import { demoApp, demoUser, startExchange } from '../exchange/exchange.ts';
import { settleIo } from '../support/settle.ts';
import { watchState } from '../support/state-watch.ts';
import { type Floor, openFloor } from '../support/trading-floor.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const date = '2026-11-23';

beforeEach(() => {
  vi.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('the process was ended');
  });
});

afterEach(() => {
  expect(process.exit).not.toHaveBeenCalled();
});

async function floorAtEleven(): Promise<Floor> {
  const floor = await openFloor({ date, at: '10:59:30' });
  await floor.to('11:00');
  return floor;
}

const attempts = (floor: Floor): number => floor.exchange.stats.upgrades.length;

test('stopping ends the connection, and neither the process nor the next start (there: the process exits)', async () => {
  await using floor = await floorAtEleven();
  await floor.command('feed.pause', {});
  await floor.run(120_000);
  expect([floor.desk.state.feed.state, floor.exchange.stats.openSockets, attempts(floor)]).toEqual(['off', 0, 1]);
  await floor.command('feed.resume', {});
  await floor.run(1_000);
  floor.exchange.control.apply({ kind: 'drop' });
  await floor.run(1_000);
  expect([floor.desk.state.feed.state, attempts(floor)]).toEqual(['live', 3]);
});

test('a login refused with 403 is tried once in an hour (there: 52 times, then the process exits)', async () => {
  await using floor = await openFloor({ date, at: '08:54:30', login: 'dead' });
  await floor.to('09:55');
  expect(floor.exchange.stats.upgrades.filter(({ outcome }) => outcome === 403).length).toBeLessThanOrEqual(1);
  expect(floor.desk.state.feed).toMatchObject({ state: 'blocked', cause: 'token-expired' });
});

test('two tickers are two connections with two tokens and their own ticks (there: one of each)', async () => {
  const clock = new VirtualClock(instantOf(date, '11:00'));
  await using exchange = await startExchange({
    clock,
    calendar: bundledCalendar(),
    dataDir: null,
    oneSessionAtATime: false,
  });
  const endpoints = { apiRoot: exchange.apiRoot, loginRoot: exchange.loginRoot, tickerRoot: exchange.tickerRoot };
  const settle = settleIo(() => exchange.busy());
  const heard: [string, number][] = [];
  const connect = (name: string): TickerSocket => {
    const accessToken = exchange.issueToken({ userId: demoUser.userId, mintedAtMs: clock.now() });
    const socket = kiteTickerConnector({ endpoints, clock }).connect(
      { apiKey: demoApp.apiKey, accessToken },
      {
        open: () => socket.subscribe([name === 'first' ? 256265 : 265]),
        frame: (bytes) => heard.push([name, new DataView(bytes.buffer, bytes.byteOffset).getUint32(4)]),
        heartbeat: () => undefined,
        message: () => undefined,
        end: () => heard.push([name, 0]),
      },
    );
    return socket;
  };
  const [first, second] = [connect('first'), connect('second')];
  for (let turn = 0; exchange.stats.openSockets < 2 && turn < 1_000; turn++) await settle();
  await clock.advance(5_000, settle);
  expect(exchange.stats.openSockets).toBe(2);
  expect(new Set(heard.map(([name, token]) => `${name} ${token}`))).toEqual(new Set(['first 256265', 'second 265']));
  first.terminate('done');
  heard.length = 0;
  await clock.advance(5_000, settle);
  expect(heard.filter(([name, token]) => name === 'first' && token !== 0)).toEqual([]);
  expect(heard.filter(([name]) => name === 'second').length).toBeGreaterThan(5);
  second.terminate('done');
  await settle();
});

test('heartbeats without ticks are noticed within 5 s and mended (there: never)', async () => {
  await using floor = await floorAtEleven();
  const mutedAt = floor.clock.now();
  using watch = watchState(floor.desk, floor.clock);
  floor.exchange.control.apply({ kind: 'mute', forMs: 5_000 });
  await floor.run(20_000);
  const noticedAt = watch.firstAt(({ feed }) => feed.cause === 'mute');
  expect((noticedAt ?? Number.POSITIVE_INFINITY) - mutedAt).toBeLessThanOrEqual(5_000);
  expect(floor.desk.state.feed.state).toBe('live');
});

test('each of ten drops is mended at once (there: every second one is taken for a ghost, and takes six seconds)', async () => {
  await using floor = await floorAtEleven();
  using watch = watchState(floor.desk, floor.clock);
  const returns: number[] = [];
  for (let drop = 1; drop <= 10; drop++) {
    const droppedAt = floor.clock.now();
    floor.exchange.control.apply({ kind: 'drop' });
    await floor.run(3_000);
    const backAt = watch.firstAt(({ feed }) => feed.reconnects === drop && feed.state === 'live', droppedAt);
    returns.push((backAt ?? Number.POSITIVE_INFINITY) - droppedAt);
  }
  expect(Math.max(...returns)).toBeLessThanOrEqual(250);
});

test('after ten logins a drop is noticed as after the first, and no old connection is heard (there: neither)', async () => {
  await using floor = await floorAtEleven();
  for (let login = 0; login < 10; login++) {
    await floor.signIn();
    await floor.run(1_000);
    expect([floor.desk.state.feed.state, floor.exchange.stats.openSockets]).toEqual(['live', 1]);
  }
  const { frames } = floor.desk.state.feed;
  const sent = floor.exchange.stats.dataFrames + floor.exchange.stats.heartbeats;
  floor.exchange.control.apply({ kind: 'drop' });
  await floor.run(5_000);
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', source: 'websocket' });
  // Every frame is heard by one connection: none twice, none by those before.
  const heard = floor.desk.state.feed.frames - frames;
  expect(heard).toBeLessThanOrEqual(floor.exchange.stats.dataFrames + floor.exchange.stats.heartbeats - sent);
});

test('a stop while waiting for the next attempt is a stop (there: it connects all the same)', async () => {
  await using floor = await floorAtEleven();
  floor.exchange.control.apply({ kind: 'refuse', where: 'socket', status: 503 });
  floor.exchange.control.apply({ kind: 'drop' });
  await floor.run(20_000);
  expect(floor.desk.state.feed.state).toBe('backoff');
  await floor.command('feed.pause', {});
  const before = attempts(floor);
  floor.exchange.control.clear();
  await floor.run(120_000);
  expect([attempts(floor), floor.desk.state.feed.state]).toEqual([before, 'off']);
});

test('a silent connection is one loss and one new attempt (there: two of each)', async () => {
  await using floor = await floorAtEleven();
  floor.exchange.control.apply({ kind: 'stall', forMs: 4_500 });
  await floor.run(15_000);
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', reconnects: 1, attempt: 0 });
  expect([attempts(floor), floor.exchange.stats.openSockets]).toEqual([2, 1]);
});

test('a black hole of 45 s leaves one connection, whose own death is noticed (there: two, and one masks the other)', async () => {
  await using floor = await floorAtEleven();
  floor.exchange.control.apply({ kind: 'stall', forMs: 45_000 });
  await floor.run(90_000);
  expect([floor.desk.state.feed.state, floor.exchange.stats.openSockets]).toEqual(['live', 1]);
  const stalledAt = floor.clock.now();
  using watch = watchState(floor.desk, floor.clock);
  floor.exchange.control.apply({ kind: 'stall' });
  await floor.run(10_000);
  const noticedAt = watch.firstAt(({ feed }) => feed.cause === 'silent', stalledAt);
  expect((noticedAt ?? Number.POSITIVE_INFINITY) - stalledAt).toBeLessThanOrEqual(8_000);
  expect(floor.exchange.stats.openSockets).toBeLessThanOrEqual(1);
});

test('a listener that throws costs nobody else a tick (there: no message and no close ever again)', async () => {
  await using floor = await floorAtEleven();
  using _throws = floor.desk.watchMarket((message) => {
    if (message.type === 'ticks') throw new Error('cannot draw');
  });
  const ticks: number[] = [];
  using _after = floor.desk.watchMarket((message) => {
    if (message.type === 'ticks') ticks.push(message.ticks.length);
  });
  await floor.run(60_000);
  expect(ticks.length).toBeGreaterThan(200);
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', reconnects: 0 });
  const said = floor.desk.state.activity.filter(({ text }) => text.includes('cannot draw'));
  expect(said.length).toBeGreaterThan(0);
  expect(said.length).toBeLessThanOrEqual(2);
});

test('a hundred connections leave nothing behind (there: every listener, for the life of the process)', async () => {
  await using floor = await floorAtEleven();
  await floor.run(5_000);
  const timers = floor.clock.pending;
  for (let drop = 0; drop < 100; drop++) {
    floor.exchange.control.apply({ kind: 'drop' });
    await floor.run(6_000);
  }
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', reconnects: 100 });
  expect(Math.abs(floor.clock.pending - timers)).toBeLessThanOrEqual(3);
  expect(floor.exchange.stats.openSockets).toBe(1);
});

test('what Kite says in words is heard (there: dropped)', async () => {
  await using floor = await floorAtEleven();
  const many = Array.from({ length: 3_001 }, (_, index) => index + 1);
  const accessToken = floor.exchange.issueToken({ userId: demoUser.userId, mintedAtMs: floor.clock.now() });
  const texts: string[] = [];
  const { apiRoot, loginRoot, tickerRoot } = floor.exchange;
  const socket = kiteTickerConnector({ endpoints: { apiRoot, loginRoot, tickerRoot }, clock: floor.clock }).connect(
    { apiKey: demoApp.apiKey, accessToken },
    {
      open: () => socket.subscribe(many),
      frame: () => undefined,
      heartbeat: () => undefined,
      message: (message) => texts.push('text' in message ? message.text : message.type),
      end: () => undefined,
    },
  );
  for (let turn = 0; texts.length < 2 && turn < 200; turn++) await floor.settle();
  expect(texts).toContain('Subscription limit of 3000 instruments reached. 1 ignored.');
  socket.terminate('done');
  await floor.settle();
});
