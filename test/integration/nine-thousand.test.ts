/** As many instruments as Kite allows an app, on a whole desk against the simulated exchange. */
import { expect, test } from 'vitest';
import type { InstrumentState } from '../../src/contract/state.ts';
import { KEYS_PER_REQUEST } from '../../src/feed/rest-fallback.ts';
import { watchState } from '../support/state-watch.ts';
import { type Floor, openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const LIMIT = 9_000;
const OWN = 6;

const stale = (floor: Floor): readonly InstrumentState[] => floor.desk.state.instruments.filter((each) => each.stale);

test('9,000 instruments run on three connections, and one that is lost costs only its own', {
  timeout: 240_000,
}, async () => {
  await using floor = await openFloor({ date, at: '10:59:57', optionCount: 10_000 });
  await floor.run(2_000);
  const watchlist = [...(await floor.optionKeys(LIMIT - OWN))];
  await floor.command('settings.update', { watchlist });
  await floor.run(4_000);
  expect(floor.exchange.subscriptions()).toEqual([3_000, 3_000, 3_000]);
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', capacity: { used: LIMIT, limit: LIMIT }, gaps: [] });
  expect(
    floor.desk.state.activity.some(({ text }) => /limit for live instruments is near: 9,000 of 9,000/.test(text)),
  ).toBe(true);
  const priced = floor.desk.health().instruments.filter(({ lastPrice }) => lastPrice !== null);
  expect(priced).toHaveLength(LIMIT);

  // The second of them is cut, and Kite takes no other in its place.
  const lostAt = floor.clock.now();
  using watch = watchState(floor.desk, floor.clock);
  const asked = (): number => floor.exchange.stats.requests['GET /quote'] ?? 0;
  const before = asked();
  floor.exchange.control.apply({ kind: 'refuse', where: 'socket', status: 503 });
  floor.exchange.control.apply({ kind: 'drop', socket: 1 });
  await floor.run(12_000);
  expect(floor.exchange.subscriptions()).toEqual([3_000, 3_000]);
  const { feed } = floor.desk.state;
  expect(feed).toMatchObject({ state: 'stale', source: 'websocket', cause: 'server-error' });
  expect(feed.causeText).toMatch(/^3000 instruments of the watchlist have no live prices/);
  const told = watch.firstAt(({ feed: { state } }) => state === 'stale', lostAt);
  expect((told ?? Number.POSITIVE_INFINITY) - lostAt).toBeLessThanOrEqual(2_000);

  // REST goes round the lost ones, a request's worth at a time; what it has not come to is stale, and nothing else is.
  const requests = asked() - before;
  expect(requests).toBeGreaterThanOrEqual(8);
  const staleKeys = new Set(stale(floor).map(({ key }) => key));
  const [gap] = feed.gaps.filter(({ to }) => to === null);
  const lost = new Set(gap?.keys ?? []);
  expect(lost.size).toBe(3_000);
  expect([...staleKeys].filter((key) => !lost.has(key))).toEqual([]);
  expect(staleKeys.size).toBeGreaterThan(KEYS_PER_REQUEST / 2);
  const byRest = floor.desk
    .health()
    .instruments.filter(({ key, ageMs }) => lost.has(key) && (ageMs ?? Number.POSITIVE_INFINITY) < 11_000);
  expect(byRest.length).toBeGreaterThan(KEYS_PER_REQUEST * 5);
  expect(floor.desk.state.instruments.filter(({ role, stale: isStale }) => role !== 'watch' && isStale)).toEqual([]);

  // It comes back by itself, evenly filled, and is on record with its instruments.
  floor.exchange.control.clear();
  await floor.run(12_000);
  expect(floor.exchange.subscriptions().toSorted()).toEqual([3_000, 3_000, 3_000]);
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', cause: null });
  expect(stale(floor)).toEqual([]);
  const gaps = floor.journal().gaps;
  expect(gaps.map(({ keys, cause, to }) => [keys.length, cause, to !== null])).toEqual([[3_000, 'server-error', true]]);
  const restAfter = asked();

  // Fewer instruments are spread anew over fewer connections.
  await floor.command('settings.update', { watchlist: watchlist.slice(0, 3_500) });
  await floor.run(3_000);
  expect(floor.exchange.subscriptions().toSorted()).toEqual([1_753, 1_754]);
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', capacity: { used: 3_506, limit: LIMIT } });
  expect(asked()).toBe(restAfter);
});
