import { describe, expect, test } from 'vitest';
import type { HealthInstrument } from '../../src/contract/health.ts';
import type { KiteRest } from '../../src/kite/session.ts';
import { type Floor, type FloorOptions, openFloor } from '../support/trading-floor.ts';

/** A floor whose `/quote` requests are noted with their time. */
async function watched(
  options: FloorOptions,
): Promise<{ readonly floor: Floor; readonly asked: { readonly keys: readonly string[]; readonly atMs: number }[] }> {
  const asked: { keys: readonly string[]; atMs: number }[] = [];
  const clock = { now: () => 0 };
  const rest = (real: KiteRest): KiteRest => ({
    createSession: real.createSession.bind(real),
    endSession: real.endSession.bind(real),
    profile: real.profile.bind(real),
    instruments: real.instruments.bind(real),
    candles: real.candles.bind(real),
    quotes: (session, keys) => {
      asked.push({ keys, atMs: clock.now() });
      return real.quotes(session, keys);
    },
  });
  const floor = await openFloor({ ...options, rest });
  clock.now = () => floor.clock.now();
  return { floor, asked };
}

const summary = ({ lastPrice, kind, stale }: HealthInstrument) => ({ hasPrice: (lastPrice ?? 0) > 0, kind, stale });

describe('with a good login the last closes are there while the feed is off', () => {
  test.each([
    ['at 08:52 on a trading day', '2026-11-23', '08:51:30', 'previous-close'],
    ['on a Sunday', '2026-11-22', '11:00:00', 'previous-close'],
    ['on a holiday', '2026-11-24', '11:00:00', 'previous-close'],
    ['after 15:45', '2026-11-23', '15:50:00', 'frozen'],
  ] as const)('%s', async (_, date, at, kind) => {
    const { floor, asked } = await watched({ date, at });
    await using open = floor;
    await open.run(10_000);
    expect(open.desk.state.feed.state).toBe('off');
    expect(open.desk.health().instruments.map(summary)).toEqual(
      Array.from({ length: 6 }, () => ({ hasPrice: true, kind, stale: false })),
    );
    // One request for all, however long it goes on; after a session the official closes are checked one by one.
    await open.run(120_000);
    expect(asked.filter(({ keys }) => keys.length > 1).map(({ keys }) => keys.length)).toEqual([6]);
    if (kind === 'previous-close') expect(asked).toHaveLength(1);
    expect(open.journal().gaps).toEqual([]);
  });

  test('they are the closes of the session that the chart of that day shows', async () => {
    const { floor } = await watched({ date: '2026-11-22', at: '11:00:00' });
    await using open = floor;
    await open.run(10_000);
    const previous = open.desk.state.market.previousSession;
    expect(previous).toBe('2026-11-20');
    for (const { key, lastPrice, role } of open.desk.health().instruments) {
      const { candles, official } = await open.command('candles.get', { key, date: previous });
      expect(candles.length).toBeGreaterThan(370);
      const close = role === 'spot' ? official?.close : candles.at(-1)?.[4];
      expect([key, lastPrice]).toEqual([key, close]);
    }
  });
});

describe('Kite is not asked', () => {
  test.each([
    ['without a login', { login: 'none' }],
    ['with a login that has died', { login: 'dead' }],
  ] as const)('%s', async (_, options) => {
    const { floor, asked } = await watched({ date: '2026-11-22', at: '11:00:00', ...options });
    await using open = floor;
    await open.run(60_000);
    expect(asked).toEqual([]);
    expect(open.desk.health().instruments.map(({ lastPrice }) => lastPrice)).toEqual(Array(6).fill(null));
  });

  test('by a feed that is paused', async () => {
    const { floor, asked } = await watched({ date: '2026-11-23', at: '10:00:00' });
    await using open = floor;
    await open.run(5_000);
    await open.command('feed.pause', {});
    await open.run(60_000);
    expect(asked).toEqual([]);
  });
});

test('a login at 08:52 brings them at once, and one that fails is asked for again, not in a storm', async () => {
  const { floor, asked } = await watched({ date: '2026-11-23', at: '08:50:30', login: 'none' });
  await using open = floor;
  await open.to('08:52:00');
  open.exchange.control.apply({ kind: 'refuse', where: 'rest', status: 503, count: 1 });
  await open.signIn().catch(() => undefined);
  await open.signIn();
  await open.run(3_000);
  expect(open.desk.health().instruments.every(({ lastPrice }) => (lastPrice ?? 0) > 0)).toBe(true);
  expect(asked.length).toBeLessThanOrEqual(2);

  const failing = await watched({ date: '2026-11-22', at: '11:00:00' });
  await using sunday = failing.floor;
  sunday.exchange.control.apply({ kind: 'wrongPlan', forMs: 300_000 });
  await sunday.run(300_000);
  expect(failing.asked.length).toBeGreaterThan(2);
  expect(failing.asked.length).toBeLessThanOrEqual(10);
});

test('what is added on a day without trading comes too, alone', async () => {
  const { floor, asked } = await watched({ date: '2026-11-22', at: '11:00:00' });
  await using open = floor;
  await open.run(10_000);
  await open.command('settings.update', { watchlist: ['NSE:RELIANCE'] });
  await open.run(10_000);
  expect(asked.map(({ keys }) => keys.length)).toEqual([6, 1]);
  expect(open.desk.health().instruments.at(-1)).toMatchObject({ key: 'NSE:RELIANCE', kind: 'previous-close' });
});
