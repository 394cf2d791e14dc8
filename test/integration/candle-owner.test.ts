import { expect, test } from 'vitest';
import type { ApiCandles } from '../../src/contract/candles-api.ts';
import type { CandleRow } from '../../src/contract/commands.ts';
import type { MarketCandle } from '../../src/contract/health.ts';
import { parseCandleQuery } from '../../src/history/candle-query.ts';
import { instantOf } from '../../src/market/ist.ts';
import { settleDelays } from '../support/settle-delays.ts';
import { type Floor, openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const NIFTY = 'NSE:NIFTY 50';
const at = (time: string): number => instantOf(date, time);

const asked = ({ exchange }: Floor): number =>
  exchange.stats.requests['GET /instruments/historical/:token/:interval'] ?? 0;

function figuresOf([start, open, high, low, close, volume]: CandleRow): readonly number[] {
  return [start, open, high, low, close, volume];
}

/** The rows of closed minutes before `untilMs`, by the desk and by the exchange. */
async function both(floor: Floor, key: string, untilMs: number) {
  const { candles } = await floor.command('candles.get', { key, date: null });
  await floor.run(1_000);
  const before = (rows: readonly CandleRow[]): readonly CandleRow[] => rows.filter(([start]) => start < untilMs);
  return { desk: before(candles), exchange: before(await floor.history(key)) };
}

async function candlesOf(floor: Floor, query: string): Promise<ApiCandles> {
  const parsed = parseCandleQuery(new URLSearchParams(query), floor.desk.today);
  if (!parsed.ok) throw new Error(parsed.message);
  let answer: Awaited<ReturnType<Floor['desk']['candles']>> | null = null;
  void floor.desk.candles(parsed.query).then((given) => {
    answer = given;
  });
  for (let step = 0; answer === null && step < 60; step++) await floor.run(100);
  const given = answer as Awaited<ReturnType<Floor['desk']['candles']>> | null;
  if (given?.ok !== true) throw new Error(given?.error.message ?? 'no answer');
  return given.value;
}

test.each<[string, string, (floor: Floor) => Promise<void>]>([
  ['a start in mid-minute', '10:00:25', async () => {}],
  [
    'an outage',
    '10:00:00',
    async (floor) => {
      floor.exchange.control.apply({ kind: 'refuse', where: 'both', status: 503, forMs: 180_000 });
      floor.exchange.control.apply({ kind: 'drop' });
      await floor.run(190_000);
    },
  ],
  [
    'a socket that is away while REST gives prices',
    '10:00:00',
    async (floor) => {
      floor.exchange.control.apply({ kind: 'refuse', where: 'socket', status: 503, forMs: 180_000 });
      floor.exchange.control.apply({ kind: 'drop' });
      await floor.run(190_000);
    },
  ],
  [
    'a pause',
    '10:00:00',
    async (floor) => {
      await floor.command('feed.pause', {});
      await floor.run(180_000);
      await floor.command('feed.resume', {});
    },
  ],
])('after %s every closed minute is the exchange’s own, without anybody asking', async (_, start, trouble) => {
  await using floor = await openFloor({ date, at: start });
  await floor.to('10:03:30');
  await trouble(floor);
  await floor.to('10:10:40');
  for (const { key } of floor.desk.state.instruments) {
    const { desk, exchange } = await both(floor, key, at('10:10'));
    expect(desk.map(figuresOf)).toEqual(exchange.map(figuresOf));
    expect(desk.filter((row) => row[7] !== 'settled')).toEqual([]);
  }
});

test('a paused feed does not stop the back-fill: it needs a login only', async () => {
  await using floor = await openFloor({ date, at: '10:00:00' });
  await floor.to('10:02:00');
  await floor.command('feed.pause', {});
  await floor.to('10:20:00');
  const { desk, exchange } = await both(floor, NIFTY, at('10:18'));
  expect(desk.map(figuresOf)).toEqual(exchange.map(figuresOf));
});

test('on a calm day each minute is settled within half a minute, by one request an instrument', async () => {
  await using floor = await openFloor({ date, at: '10:59:30' });
  await floor.to('11:01:00');
  const before = asked(floor);
  for (let minute = 1; minute <= 5; minute++) {
    await floor.to(`11:0${minute}:30`);
    const rows = await Promise.all(
      floor.desk.state.instruments.map(({ key }) => floor.command('candles.get', { key, date: null })),
    );
    for (const { candles } of rows) expect(candles.filter((row) => row[7] !== 'settled')).toHaveLength(1);
  }
  expect(asked(floor) - before).toBeLessThanOrEqual(5 * 6 + 3);
});

test('on a calm day no minute waits more than half a minute to be Kite’s own row', async () => {
  const delays = await settleDelays(date, '11:00:10', 15);
  expect(delays).toHaveLength(15 * 6);
  expect(Math.max(...delays)).toBeLessThanOrEqual(30_000);
});

test('in an hour of drops history is asked for no more than once a minute for each instrument', async () => {
  await using floor = await openFloor({ date, at: '11:00:00' });
  await floor.to('11:01:00');
  const before = asked(floor);
  for (let minute = 0; minute < 20; minute++) {
    for (let drop = 0; drop < 4; drop++) {
      floor.exchange.control.apply({ kind: 'drop' });
      await floor.run(15_000);
    }
  }
  expect(asked(floor) - before).toBeLessThanOrEqual(20 * 6 * 2);
});

test('after the close an index has every row of the exchange, the closing auction’s too', async () => {
  await using floor = await openFloor({ date, at: '15:10:00' });
  await floor.to('15:50:00');
  const { candles } = await floor.command('candles.get', { key: NIFTY, date: null });
  await floor.run(1_000);
  const exchange = await floor.history(NIFTY);
  expect(candles.map(figuresOf)).toEqual(exchange.map(figuresOf));
  expect([candles[0]?.[0], candles.filter((row) => row[7] === 'doubtful' || row[7] === 'forming')]).toEqual([
    at('09:15'),
    [],
  ]);
});

test('the local API gives all intervals from the session’s open, with their states', async () => {
  await using floor = await openFloor({ date, at: '09:59:30' });
  await floor.to('10:12:20');
  const minutes = await candlesOf(floor, `key=${encodeURIComponent(NIFTY)}`);
  expect(minutes).toMatchObject({ interval: '1', history: 'complete', reason: null });
  expect(minutes.settledTo).toBe(`${date}T10:12:00+05:30`);
  expect(minutes.candles.at(-1)).toMatchObject({
    start: `${date}T10:12:00+05:30`,
    state: 'forming',
    oi: null,
    volume: 0,
  });
  expect(minutes.candles[0]).toMatchObject({ start: `${date}T09:15:00+05:30`, state: 'settled' });
  const hours = await candlesOf(floor, `key=${encodeURIComponent(NIFTY)}&interval=60`);
  expect(hours.candles.map(({ start, state }) => `${start.slice(11, 16)} ${state}`)).toEqual(['09:15 forming']);
  const fives = await candlesOf(floor, `key=${encodeURIComponent(NIFTY)}&interval=5`);
  expect(fives.candles.map(({ start }) => start.slice(11, 16)).slice(0, 2)).toEqual(['09:15', '09:20']);
  expect(fives.candles[0]?.high).toBe(Math.max(...minutes.candles.slice(0, 5).map(({ high }) => high)));
  const day = await candlesOf(floor, `key=${encodeURIComponent(NIFTY)}&interval=day`);
  expect(day.candles).toMatchObject([{ start: `${date}T00:00:00+05:30`, state: 'forming' }]);
  const future = await candlesOf(floor, `key=NFO:NIFTY26DECFUT&date=2026-11-20`);
  expect(future.candles.length).toBeGreaterThan(300);
  expect(future.candles.every(({ state }) => state === 'settled')).toBe(true);
  const sunday = await candlesOf(floor, `key=${encodeURIComponent(NIFTY)}&date=2026-11-22`);
  expect([sunday.candles, sunday.reason]).toEqual([[], expect.stringContaining('closed')]);
  const unknown = await floor.desk.candles({ key: 'NSE:NOBODY', interval: '1', from: date, to: date });
  expect(unknown).toMatchObject({ ok: false, error: { code: 'unknown-instrument' } });
});

test('the market stream tells of a minute when it closes and when it is settled, not while it forms', async () => {
  await using floor = await openFloor({ date, at: '10:59:30' });
  const told: MarketCandle[] = [];
  using _watch = floor.desk.watchMarket((message) => {
    if (message.type === 'candle' && message.key === NIFTY) told.push(message);
  });
  await floor.to('11:02:30');
  const first = told.filter(({ start }) => start === `${date}T11:01:00+05:30`);
  expect(first.map(({ state }) => state)).toEqual(['provisional', 'settled']);
  expect(told.filter(({ state }) => state === 'forming')).toEqual([]);
});

test.each([
  ['', 'key'],
  ['key=NSE:NIFTY 50&interval=2', 'interval'],
  ['key=NSE:NIFTY 50&date=2026-02-30', 'date'],
  ['key=NSE:NIFTY 50&date=2026-11-20&from=2026-11-20', 'either'],
  ['key=NSE:NIFTY 50&to=2026-11-20', 'to needs from'],
  ['key=NSE:NIFTY 50&from=2026-11-21&to=2026-11-20', 'after'],
  ['key=NSE:NIFTY 50&from=2026-09-01&to=2026-11-20', '60 days'],
  ['key=NSE:NIFTY 50&interval=day&from=2020-01-01&to=2026-11-20', '2000 days'],
])('a query that cannot be answered is refused: %s', (query, why) => {
  const parsed = parseCandleQuery(new URLSearchParams(query), date);
  expect(parsed).toMatchObject({ ok: false, message: expect.stringContaining(why) });
});

test('a range of 60 days is the most of minutes', () => {
  expect(parseCandleQuery(new URLSearchParams('key=A2:B&from=2026-09-25&to=2026-11-23'), date).ok).toBe(false);
  expect(parseCandleQuery(new URLSearchParams('key=NSE:B&from=2026-09-25&to=2026-11-23'), date).ok).toBe(true);
});
