import { expect, test } from 'vitest';
import type { CandleRow } from '../../src/contract/commands.ts';
import { type CandleUpdate, decodeTickBatch } from '../../src/contract/tick-lane.ts';
import { instantOf } from '../../src/market/ist.ts';
import { malformedSorts } from '../exchange/ticker/malformed-frames.ts';
import { watchState } from '../support/state-watch.ts';
import { type Floor, openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const NIFTY = 'NSE:NIFTY 50';
const FRAMES = 400;

type Figures = readonly [number, number, number, number, number, number];

function figuresOf([start, open, high, low, close, volume]: CandleRow): Figures {
  return [start, open, high, low, close, volume];
}

/** Shows candles of all that is followed, so that each is given out as soon as it is over. */
function showCandles(floor: Floor, visit: (candle: CandleUpdate) => void): Disposable {
  const attachment = floor.desk.attach({
    state: () => {},
    ticks: (batch) => {
      const { seq, candles } = decodeTickBatch(batch);
      for (const candle of candles) visit(candle);
      attachment.acknowledge(seq);
    },
  });
  const slots = floor.desk.state.instruments.map((_instrument, slot) => slot);
  attachment.setInterest({ slots: [], depth: [], candles: slots, hidden: false });
  return attachment;
}

/**
 * Closed candles since a time of the day, as the desk has them and as the exchange has them. None was corrected: what an
 * interface was shown before, made by ticks alone, was right.
 */
async function bothCandles(
  floor: Floor,
  key: string,
  fromTime: string,
  mayDiffer = false,
): Promise<readonly (readonly Figures[])[]> {
  const [fromMs, toMs] = [instantOf(date, fromTime), floor.clock.now() - (floor.clock.now() % 60_000)];
  const within = (rows: readonly CandleRow[]): readonly CandleRow[] =>
    rows.filter(([start]) => start >= fromMs && start < toMs);
  const { candles } = await floor.command('candles.get', { key, date: null });
  if (!mayDiffer) expect(within(candles).filter(([, , , , , , , , corrected]) => corrected)).toEqual([]);
  // Kite answers so many questions a second, whoever asks.
  await floor.run(1_000);
  return [within(candles).map(figuresOf), within(await floor.history(key)).map(figuresOf)];
}

test.each(
  malformedSorts,
)('frames that are wrong (%s) are dropped and counted, and nothing else changes', async (sort) => {
  await using floor = await openFloor({ exactTicks: true, date, at: '10:59:30' });
  await floor.to('11:00');
  const { dropped } = floor.desk.state.feed;
  const upgrades = floor.exchange.stats.upgrades.length;
  using watch = watchState(floor.desk, floor.clock);
  using _shown = showCandles(floor, () => {});
  floor.exchange.control.apply({ kind: 'malformed', sort, count: FRAMES });
  await floor.run(125_000);

  const { feed, alerts } = floor.desk.state;
  expect([feed.state, feed.reconnects, alerts]).toEqual(['live', 0, []]);
  expect(floor.exchange.stats.upgrades).toHaveLength(upgrades);
  expect(watch.seen.filter(({ state }) => state.feed.state !== 'live')).toEqual([]);
  // Noise may happen to be a frame of no packets.
  expect(feed.dropped - dropped).toBeGreaterThanOrEqual(sort === 'random-bytes' ? FRAMES * 0.95 : FRAMES);
  const [ticks, exchange] = await bothCandles(floor, NIFTY, '11:00');
  expect(ticks).toEqual(exchange);
  expect(ticks).toHaveLength(2);
});

test.each(['duplicate', 'outOfOrder'] as const)('%s frames never move a candle back', async (kind) => {
  await using floor = await openFloor({ exactTicks: true, date, at: '10:58:30' });
  await floor.run(1_000);
  const slots = floor.desk.state.instruments.map((_instrument, slot) => slot);
  const updates: CandleUpdate[] = [];
  using _shown = showCandles(floor, (candle) => updates.push(candle));
  await floor.to('11:00');
  floor.exchange.control.apply({ kind, forMs: 600_000 });
  await floor.to('11:10:05');

  expect(updates.length).toBeGreaterThan(5_000);
  for (const slot of slots) {
    const own = updates.filter((update) => update.slot === slot && update.state === 'forming');
    const backward = own.filter((update, index) => {
      const before = own[index - 1];
      if (before === undefined || update.start > before.start) return false;
      const { start, open, high, low, volume } = before;
      const goesBack = update.start < start || update.open !== open || update.volume < volume;
      return goesBack || update.high < high || update.low > low;
    });
    expect([slot, backward]).toEqual([slot, []]);
  }
  for (const { key } of floor.desk.state.instruments) {
    const [ticks = [], exchange = []] = await bothCandles(floor, key, '11:00', kind === 'outOfOrder');
    expect([key, ticks.length]).toEqual([key, 10]);
    // Within one second of the exchange's clock nothing tells which of two prices was the last.
    const told = ([start, open, high, low, close, volume]: Figures): readonly number[] =>
      kind === 'duplicate' ? [start, open, high, low, close, volume] : [start, open, high, low, volume];
    expect([key, ticks.map(told)]).toEqual([key, exchange.map(told)]);
  }
  const { feed, alerts } = floor.desk.state;
  expect([feed.reconnects, alerts, feed.dropped > 500]).toEqual([0, [], kind === 'outOfOrder']);
});

test('HTML in place of JSON is an error with a name: asked again with back-off, and the login is not blamed', async () => {
  await using floor = await openFloor({ date, at: '10:59:30' });
  await floor.to('11:00');
  using watch = watchState(floor.desk, floor.clock);
  const quotes = (): number => floor.exchange.stats.requests['GET /quote'] ?? 0;
  const before = quotes();
  floor.exchange.control.apply({ kind: 'refuse', where: 'both', status: 502, html: true, forMs: 125_000 });
  floor.exchange.control.apply({ kind: 'drop' });
  await floor.run(120_000);
  // After 2.4 s, 4.8, 9.6 and then every 10 s: not a hundred times.
  expect(quotes() - before).toBeGreaterThanOrEqual(10);
  expect(quotes() - before).toBeLessThanOrEqual(16);
  expect(floor.desk.state.auth.state).toBe('unverified');
  expect(watch.seen.filter(({ state }) => state.auth.state === 'expired')).toEqual([]);
  const refused = await floor.command('candles.get', { key: NIFTY, date: null });
  expect([refused.history, refused.reason]).toEqual(['unavailable', expect.stringMatching(/^Kite could not give/)]);

  await floor.run(70_000);
  const { feed, auth, alerts } = floor.desk.state;
  expect([feed.state, feed.source, auth.state, alerts]).toEqual(['live', 'websocket', 'valid', []]);
});

test('an instrument list that comes as HTML is asked for again, and the step waits for it', async () => {
  await using floor = await openFloor({ date, at: '08:29:30', login: 'alive' });
  floor.exchange.control.apply({ kind: 'refuse', where: 'rest', status: 503, html: true, forMs: 90_000 });
  await floor.to('08:30:02');
  expect(floor.step('instruments')).toMatchObject({
    outcome: 'waiting',
    detail: expect.stringMatching(/list could not be loaded/),
  });
  await floor.to('08:32');
  expect(floor.step('instruments')).toMatchObject({
    outcome: 'done',
    detail: expect.stringMatching(/^front month: NIFTY/),
  });
  expect(floor.desk.state.instruments).toHaveLength(6);
});

test('an instrument that does not exist is named in the alert, and the others run', async () => {
  const watchlist = ['NSE:NOSUCHSHARE', 'NSE:RELIANCE', 'NFO:NIFTY26NOV99999CE'];
  await using floor = await openFloor({ date, at: '10:59:30', settings: { watchlist } });
  await floor.to('11:00');
  const { instruments, alerts, feed } = floor.desk.state;
  expect([feed.state, instruments.map(({ key }) => key)]).toEqual(['live', expect.arrayContaining(['NSE:RELIANCE'])]);
  expect(instruments).toHaveLength(7);
  expect(instruments.filter(({ firstTickAt }) => firstTickAt === null)).toEqual([]);
  expect(alerts).toMatchObject([
    { id: 'instruments', title: expect.stringContaining('NSE:NOSUCHSHARE'), body: expect.stringContaining('99999CE') },
  ]);
  // Taken off the list, the alert goes; what was good stays.
  await floor.command('settings.update', { watchlist: ['NSE:RELIANCE'] });
  expect(floor.desk.state.alerts).toEqual([]);
});
