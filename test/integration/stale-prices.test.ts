import { describe, expect, test } from 'vitest';
import { type Floor, openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const SETTLED_MS = 3_000;

/** Ways in which a feed ends in market hours, each by what the trader or Kite does. */
const ends: readonly (readonly [string, (floor: Floor) => Promise<unknown>])[] = [
  ['paused', async ({ desk }) => desk.invoke('feed.pause', {})],
  ['signed out', async ({ desk }) => desk.invoke('signOut', {})],
  ['without credentials', async ({ desk }) => desk.invoke('credentials.forget', {})],
  [
    'blocked',
    async (floor) => {
      floor.exchange.control.apply({ kind: 'killToken' });
      await floor.run(500);
    },
  ],
  [
    'cut off',
    async (floor) => {
      floor.exchange.control.apply({ kind: 'refuseConnections', how: 'hang' });
      floor.exchange.control.apply({ kind: 'drop' });
      await floor.settle();
    },
  ],
];

describe.each([
  ['in the pre-open', '09:04:00'],
  ['in continuous trading', '11:00:00'],
  ['in the closing auction', '15:22:00'],
])('%s', (_, time) => {
  test.each(ends)('a feed that is %s makes every price stale at once', async (_name, end) => {
    await using floor = await openFloor({ date, at: previousMinute(time) });
    await floor.to(time);
    const before = floor.desk.health();
    expect(before.instruments).toHaveLength(6);
    expect(before.instruments.filter(({ stale }) => stale)).toEqual([]);
    await end(floor);
    const health = floor.desk.health();
    expect(health.feed.source).toBe('none');
    expect(health.instruments.map(({ key, stale }) => [key, stale])).toEqual(
      before.instruments.map(({ key }) => [key, true]),
    );
    // What is shown follows the same word.
    expect(floor.desk.state.instruments.map(({ stale }) => stale)).toEqual(before.instruments.map(() => true));
  });
});

test('a paused feed that goes on takes the mark away with each new price', async () => {
  await using floor = await openFloor({ date, at: '10:59:00' });
  await floor.to('11:00:00');
  await floor.command('feed.pause', {});
  await floor.run(60_000);
  expect(floor.desk.health().instruments.every(({ stale }) => stale)).toBe(true);
  await floor.command('feed.resume', {});
  await floor.run(SETTLED_MS);
  expect(floor.desk.health().instruments.filter(({ stale }) => stale)).toEqual([]);
});

test('a market that opens on a desk without a login has no fresh price', async () => {
  await using floor = await openFloor({ date, at: '08:59:50', login: 'dead' });
  await floor.run(1_000);
  expect(floor.desk.state.instruments.filter(({ stale }) => stale)).toEqual([]);
  await floor.to('09:15:05');
  expect(floor.desk.state.instruments.map(({ stale }) => stale)).toEqual([true, true, true, true, true, true]);
});

test('what was stale when trading ended is no close: it stays stale, and a close that was seen does not become so', async () => {
  await using floor = await openFloor({ date, at: '15:37:00' });
  await floor.to('15:39:00');
  await floor.command('feed.pause', {});
  await floor.to('15:50:00');
  expect(
    floor.desk
      .health()
      .instruments.filter(({ stale }) => stale)
      .map(({ role }) => role),
  ).toEqual(['future', 'future', 'future']);
  await using seen = await openFloor({ date, at: '15:37:00' });
  await seen.to('15:50:00');
  expect(seen.desk.health().instruments.filter(({ stale }) => stale)).toEqual([]);
});

function previousMinute(time: string): string {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const before = hours * 60 + minutes - 1;
  return `${String(Math.floor(before / 60)).padStart(2, '0')}:${String(before % 60).padStart(2, '0')}:30`;
}
