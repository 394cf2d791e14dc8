import { expect, test } from 'vitest';
import { instantOf, istTimeOf } from '../../src/market/ist.ts';
import { watchState } from '../support/state-watch.ts';
import { type Floor, openFloor } from '../support/trading-floor.ts';

const kindsOf = (floor: Floor): readonly string[] => [
  ...new Set(floor.desk.health().instruments.map(({ kind }) => kind)),
];

test('beyond the calendar the day is unknown, said as such, and the feed runs by the last known hours', async () => {
  await using floor = await openFloor({ date: '2027-01-04', at: '08:54' });
  await floor.to('08:55:05');
  const { market, feed, alerts } = floor.desk.state;
  expect([market.day, market.phase, market.hours]).toEqual(['unknown', 'unknown', 'assumed']);
  // What comes next is not made up either: only the weekend is known to be closed.
  expect(market.next).toEqual({ phase: 'closed', at: instantOf('2027-01-09', '00:00') });
  expect([feed.desired, feed.state]).toEqual(['on', 'live']);
  expect(feed.desiredReason).toBe('calendar unknown: running by the last known hours until 15:45');
  expect(alerts.map(({ id, severity }) => [id, severity])).toEqual([['calendar', 'warning']]);
  expect(alerts[0]?.title).toContain('2027-01-04');
  expect(floor.desk.health()).toMatchObject({ status: 'degraded', market: { day: 'unknown', phase: 'unknown' } });
  expect(floor.step('live').label).toContain('assumed hours');
});

test('a price on an unknown day is believed as far as the assumed hours go', async () => {
  await using floor = await openFloor({ date: '2027-01-04', at: '09:14' });
  await floor.to('09:14:30');
  expect(kindsOf(floor)).not.toContain('live');
  await floor.to('09:15:30');
  expect([kindsOf(floor), floor.desk.state.market.phase]).toEqual([['live'], 'unknown']);
});

test('a special session without published hours is watched over the widest span, and no phase is made up', async () => {
  const date = '2026-11-08';
  await using floor = await openFloor({ date, at: '08:00' });
  using watch = watchState(floor.desk, floor.clock);
  await floor.run(2_000);
  const { market, alerts, schedule } = floor.desk.state;
  expect([market.day, market.hours, market.phase]).toEqual(['special', 'unpublished', 'unknown']);
  expect(alerts.map(({ id }) => id)).toEqual(['calendar']);
  expect(alerts[0]?.title).toMatch(/Muhurat.*hours are not in the calendar/);
  const start = schedule.steps.find(({ step }) => step === 'feed-start');
  const stop = schedule.steps.find(({ step }) => step === 'feed-stop');
  expect(schedule.steps.filter(({ step }) => step === 'live' || step === 'pre-open')).toEqual([]);
  await floor.to(istTimeOf((start?.plannedAt ?? 0) + 5_000));
  expect([floor.desk.state.feed.desired, floor.desk.state.feed.desiredReason]).toEqual([
    'on',
    expect.stringMatching(/hours not published, watching until/),
  ]);
  expect(stop?.plannedAt).toBeGreaterThan(start?.plannedAt ?? Number.POSITIVE_INFINITY);
  expect(watch.seen.filter(({ state }) => state.market.phase !== 'unknown')).toEqual([]);
  // Nothing proves a session: no price is called live.
  expect(kindsOf(floor)).not.toContain('live');
});

test('Muhurat trading runs by its own windows', async () => {
  await using floor = await openFloor({ date: '2025-10-21', at: '13:20' });
  using watch = watchState(floor.desk, floor.clock);
  await floor.run(1_000);
  expect(floor.desk.state.market).toMatchObject({
    day: 'special',
    hours: 'known',
    reason: expect.stringMatching(/Muhurat/),
  });
  await floor.to('13:46');
  expect([floor.desk.state.market.phase, kindsOf(floor)]).toEqual(['live', ['live']]);
  await floor.to('14:50:10');
  expect([floor.desk.state.market.phase, floor.desk.state.feed.state]).toEqual(['closed', 'off']);
  const phases = watch.seen.map(({ at, state }) => `${istTimeOf(at).slice(0, 5)} ${state.market.phase}`);
  const changes = phases.filter((entry, index) => entry.slice(6) !== phases[index - 1]?.slice(6));
  expect(changes.slice(-2)).toEqual(['13:45 live', '14:45 closed']);
  expect(floor.step('feed-stop').outcome).toBe('done');
  const { candles } = await floor.command('candles.get', { key: 'NSE:NIFTY 50', date: null });
  expect([candles.length, istTimeOf(candles[0]?.[0] ?? 0), istTimeOf(candles.at(-1)?.[0] ?? 0)]).toEqual([
    60,
    '13:45:00',
    '14:44:00',
  ]);
});

test('on a holiday a sign-in works, and still nothing starts', async () => {
  await using floor = await openFloor({ date: '2026-11-24', at: '10:00', login: 'none' });
  const upgrades = floor.exchange.stats.upgrades.length;
  await floor.signIn();
  await floor.run(60_000);
  const { auth, feed, alerts } = floor.desk.state;
  expect([auth.state, feed.state, feed.desiredReason, alerts]).toEqual([
    'valid',
    'off',
    'holiday: Guru Nanak Jayanti',
    [],
  ]);
  expect(floor.exchange.stats.upgrades).toHaveLength(upgrades);
});

const INDEX_TOKENS = [256265, 260105, 265];

test.each([
  'repeats its last value',
  'stops',
])('an index that %s in the closing auction alarms nobody, and the feed stops at 15:45 exactly', async (what) => {
  const date = '2026-11-23';
  await using floor = await openFloor({ date, at: '15:13' });
  await floor.to('15:14:30');
  if (what === 'stops') {
    const startInMs = instantOf(date, '15:15') - floor.clock.now();
    for (const token of INDEX_TOKENS) floor.exchange.control.apply({ kind: 'quiet', token, startInMs });
  }
  using watch = watchState(floor.desk, floor.clock);
  await floor.to('15:46');

  const during = watch.seen.filter(({ at }) => istTimeOf(at) >= '15:15:00' && istTimeOf(at) < '15:40:00');
  expect(during.length).toBeGreaterThan(1_000);
  expect(during.filter(({ state }) => state.instruments.some(({ stale }) => stale))).toEqual([]);
  expect(during.filter(({ state }) => state.alerts.length > 0 || state.feed.state !== 'live')).toEqual([]);
  expect([floor.journal().gaps, floor.journal().alerts, floor.journal().reconnects]).toEqual([[], [], 0]);

  const off = watch.seen.find(({ state }) => state.feed.state === 'off');
  expect(istTimeOf(off?.at ?? 0)).toBe('15:45:00');
  expect(floor.desk.health().status).toBe('ok');
});

test('in the closing auction the index is frozen while its future is live; then both are', async () => {
  await using floor = await openFloor({ date: '2026-11-23', at: '15:13' });
  const kinds = (): Record<string, string> =>
    Object.fromEntries(floor.desk.health().instruments.map(({ role, kind }) => [role, kind]));
  await floor.to('15:14:59');
  expect([floor.desk.state.market.phase, kinds()]).toEqual(['live', { spot: 'live', future: 'live' }]);
  await floor.to('15:15:01');
  expect([floor.desk.state.market.phase, kinds()]).toEqual(['closing-auction', { spot: 'frozen', future: 'live' }]);
  await floor.to('15:39:59');
  expect([floor.desk.state.market.phase, kinds()]).toEqual(['derivatives-only', { spot: 'frozen', future: 'live' }]);
  await floor.to('15:40:01');
  expect([floor.desk.state.market.phase, kinds()]).toEqual(['closed', { spot: 'frozen', future: 'frozen' }]);
});
