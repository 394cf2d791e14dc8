import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { Journal } from '../../src/contract/journal.ts';
import { countFileCalls, isProductCode } from '../support/file-calls.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

test('at 11:00 the database locked for a minute, then every file call hanging for a minute: nothing is lost or held up', async () => {
  const home = temporaryHome();
  await using floor = await openFloor({ date, at: '10:56', home });
  await floor.to('11:00');
  using counted = countFileCalls((stack) => !floor.disk.atWork && isProductCode(stack));
  let ticks = floor.desk.health().feed.ticks;
  const secondsWithoutTicks: number[] = [];
  const playMinute = async (): Promise<void> => {
    for (let second = 0; second < 60; second++) {
      await floor.run(SECOND_MS);
      const now = floor.desk.health().feed.ticks;
      if (now === ticks) secondsWithoutTicks.push(floor.clock.now());
      ticks = now;
    }
  };
  const title = (): string | undefined => floor.desk.state.alerts.find(({ id }) => id === 'storage')?.title;

  floor.disk.fault = 'locked';
  await playMinute();
  expect(title()).toContain('Another program has locked');
  floor.disk.fault = 'hangs';
  await playMinute();
  expect(title()).toContain('The disk does not respond');
  expect(floor.disk.threads).toBeLessThanOrEqual(1 + 4);
  floor.disk.fault = null;
  await playMinute();
  expect(title()).toBeUndefined();
  expect(secondsWithoutTicks).toEqual([]);
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', reconnects: 0 });
  expect(floor.desk.state.alerts).toEqual([]);

  // Whole minutes, settled by Kite, and the record of what happened.
  await floor.run(MINUTE_MS);
  expect(counted.calls).toEqual([]);
  const closedMs = Math.floor(floor.clock.now() / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
  using database = new DatabaseSync(join(home, 'desk.db'), { readOnly: true });
  const held = new Map<string, unknown[]>();
  for (const { key } of floor.desk.state.instruments) {
    const answer = await floor.desk.candles({ key, from: date, to: date, interval: '1' });
    if (!answer.ok) throw new Error(answer.error.message);
    const closed = answer.value.candles.filter(({ start }) => Date.parse(start) < closedMs);
    held.set(
      key,
      closed.map(({ start, open, high, low, close, state }) => [Date.parse(start), open, high, low, close, state]),
    );
    const kept = database
      .prepare('SELECT start, open, high, low, close, state FROM candle WHERE key = ? AND start < ? ORDER BY start')
      .all(key, closedMs)
      .map((row) => Object.values(row));
    expect([key, kept]).toEqual([key, held.get(key)]);
  }
  const rows = [...held.values()].flat() as [number][];
  const minutesOfTrouble = rows.filter(([start]) => start >= Date.parse('2026-11-23T11:00:00+05:30'));
  expect(minutesOfTrouble.length).toBeGreaterThanOrEqual(6 * 3);

  const row = database.prepare('SELECT json FROM journal WHERE date = ?').get(date);
  const journal = JSON.parse(String(row?.json)) as Journal;
  const told = journal.alerts.filter(({ id }) => id === 'storage');
  expect(told.length).toBeGreaterThan(0);
  expect(told.every(({ withdrawnAt }) => withdrawnAt !== null)).toBe(true);
  expect(journal.gaps.filter(({ from }) => from >= Date.parse('2026-11-23T10:56:30+05:30'))).toEqual([]);
});
