/** What the market does of itself, in each phase and on odd days: no alarm, no outage on record, nobody called. */
import { expect, test } from 'vitest';
import type { AlertState } from '../../src/contract/state.ts';
import { instantOf } from '../../src/market/ist.ts';
import { haltedDay } from '../support/halted-day.ts';
import { type StateWatch, watchState } from '../support/state-watch.ts';
import { type Floor, type FloorOptions, openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const halt = { from: '11:00', preOpenAt: '11:04', until: '11:12' };

interface CalledFloor {
  readonly floor: Floor;
  /** Whatever left the window. */
  readonly called: readonly AlertState[];
}

async function floorWith(options: FloorOptions): Promise<CalledFloor & AsyncDisposable> {
  const called: AlertState[] = [];
  const channel = { name: 'test', show: (alert: AlertState) => void called.push(alert), withdraw: () => undefined };
  const floor = await openFloor({ ...options, channels: [channel] });
  return { floor, called, [Symbol.asyncDispose]: () => floor[Symbol.asyncDispose]() };
}

/** Puts the first option that is found on the watchlist; returns its key. */
async function watchOption(floor: Floor): Promise<string> {
  const [found] = await floor.command('instruments.search', { text: 'nifty ce', limit: 1 });
  await floor.command('settings.update', { watchlist: [found?.key ?? ''] });
  return found?.key ?? '';
}

function expectCalm(floor: Floor, watch: StateWatch, called: readonly AlertState[]): void {
  expect(watch.seen.length).toBeGreaterThan(0);
  expect(watch.seen.filter(({ state: { feed } }) => feed.state !== 'live' || feed.cause !== null)).toEqual([]);
  expect(watch.seen.filter(({ state }) => state.alerts.length > 0)).toEqual([]);
  expect(watch.seen.filter(({ state }) => state.instruments.some(({ stale }) => stale))).toEqual([]);
  expect(floor.journal()).toMatchObject({ gaps: [], reconnects: 0, alerts: [] });
  expect(called).toEqual([]);
}

test('options, which have no pre-open, are silent until 09:15 and live from then', async () => {
  await using open = await floorWith({ date, at: '08:54:30' });
  const { floor, called } = open;
  const key = await watchOption(floor);
  await floor.to('08:55:10');
  using watch = watchState(floor.desk, floor.clock);
  const kind = () => floor.desk.health().instruments.find((instrument) => instrument.key === key)?.kind;
  await floor.to('09:14:59');
  expect(kind()).toBe('previous-close');
  await floor.to('09:15:30');
  expect(kind()).toBe('live');
  expectCalm(floor, watch, called);
});

test('a contract of the watchlist that nobody trades is neither stale nor missed', async () => {
  await using open = await floorWith({ date, at: '10:59:30' });
  const { floor, called } = open;
  const key = await watchOption(floor);
  await floor.run(5_000);
  const token = floor.desk.state.instruments.find((instrument) => instrument.key === key)?.token ?? 0;
  floor.exchange.control.apply({ kind: 'quiet', token });
  using watch = watchState(floor.desk, floor.clock);
  await floor.run(600_000);
  expect(floor.desk.health().instruments.find((instrument) => instrument.key === key)?.ageMs).toBeGreaterThan(500_000);
  expectCalm(floor, watch, called);
});

test('a share that has futures is not live in the closing auction, and not taken for stale', async () => {
  await using open = await floorWith({ date, at: '15:13' });
  const { floor, called } = open;
  const key = 'NSE:RELIANCE';
  await floor.command('settings.update', { watchlist: [key] });
  await floor.run(10_000);
  using watch = watchState(floor.desk, floor.clock);
  const share = () => floor.desk.health().instruments.find((instrument) => instrument.key === key);
  const kinds: (string | undefined)[] = [];
  for (const time of ['15:14:30', '15:16', '15:22', '15:34:30', '15:39']) {
    await floor.to(time);
    kinds.push(`${share()?.kind} ${share()?.stale}`);
  }
  // The auction's own price comes from 15:30 on, and is the day's last.
  expect(kinds).toEqual(['live false', 'frozen false', 'frozen false', 'indicative false', 'frozen false']);
  expectCalm(floor, watch, called);
});

test('Muhurat trading runs and ends without a word', async () => {
  await using open = await floorWith({ date: '2025-10-21', at: '14:29' });
  const { floor, called } = open;
  await floor.to('14:30');
  using watch = watchState(floor.desk, floor.clock);
  expect(floor.desk.state).toMatchObject({ market: { day: 'special', phase: 'live' }, feed: { state: 'live' } });
  await floor.to('14:44:59');
  expectCalm(floor, watch, called);
  await floor.to('15:00');
  expect(floor.desk.state).toMatchObject({ feed: { state: 'off' }, alerts: [] });
  expect([floor.journal().gaps, called]).toEqual([[], []]);
});

test('a halt that is announced stops the market, and ends through a pre-open in the middle of the day', async () => {
  await using open = await floorWith({ date, at: '10:58', overrides: haltedDay(date, halt) });
  const { floor, called } = open;
  await floor.to('10:58:30');
  using watch = watchState(floor.desk, floor.clock);
  const kinds = (of: 'all' | 'spot' = 'all') => {
    const looked = floor.desk.health().instruments.filter(({ role }) => of === 'all' || role === of);
    return [...new Set(looked.map(({ kind }) => kind))];
  };
  await floor.to('11:02');
  expect([floor.desk.state.market.phase, kinds()]).toEqual(['halted', ['frozen']]);
  // The exchange sends nothing of the futures in it.
  await floor.to('11:05');
  expect([floor.desk.state.market.phase, kinds('spot')]).toEqual(['pre-open', ['indicative']]);
  await floor.to('11:14');
  expect([floor.desk.state.market.phase, kinds()]).toEqual(['live', ['live']]);
  expectCalm(floor, watch, called);
});

test('a halt that nobody announced is the exchange’s own doing: said in the window, and nobody is called', async () => {
  await using open = await floorWith({ date, at: '10:58', exchangeOverrides: haltedDay(date, halt) });
  const { floor, called } = open;
  await floor.to('10:59:59');
  using watch = watchState(floor.desk, floor.clock);
  await floor.to('11:14');
  const haltMs = instantOf(date, halt.from);
  const told = watch.firstAt(({ feed }) => feed.cause === 'exchange-quiet', haltMs);
  expect((told ?? Number.POSITIVE_INFINITY) - haltMs).toBeLessThanOrEqual(17_000);
  const alerts = watch.seen.flatMap(({ state }) => state.alerts);
  expect(new Set(alerts.map(({ id, severity }) => `${id} ${severity}`))).toEqual(new Set(['feed info']));
  expect(floor.desk.state).toMatchObject({ feed: { state: 'live', cause: null, reconnects: 0 }, alerts: [] });
  const whole = floor.journal().gaps.filter(({ keys }) => keys.length === 0);
  expect(whole).toMatchObject([{ cause: 'exchange-quiet' }]);
  expect(Math.abs((whole[0]?.to ?? 0) - instantOf(date, halt.until))).toBeLessThanOrEqual(2_000);
  expect(called).toEqual([]);
});
