import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { Journal } from '../../src/contract/journal.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import type { DiskFault } from '../support/test-disk.ts';
import { type Floor, openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const MINUTE_MS = 60_000;
const faults: readonly (readonly [DiskFault, string])[] = [
  ['full', 'The disk is full'],
  ['read-only', 'The app may not write to its folder'],
  ['locked', 'Another program has locked the app’s files'],
  ['removed', 'The app’s folder has gone'],
  ['failed', 'The app’s files cannot be written'],
  ['hangs', 'The disk does not respond'],
];

/** What the files say, asked past the app. */
function onDisk(home: string) {
  using database = new DatabaseSync(join(home, 'desk.db'), { readOnly: true });
  const rows = database.prepare('SELECT key, start, close, state FROM candle ORDER BY key, start').all();
  const [kept] = database.prepare('SELECT json FROM journal WHERE date = ?').all(date);
  return { rows, journal: kept === undefined ? null : (JSON.parse(String(kept.json)) as Journal) };
}

/** What the desk holds of its closed candles. */
async function heldCandles(floor: Floor) {
  const held: { key: string; start: number; close: number; state: string }[] = [];
  for (const { key } of [...floor.desk.state.instruments].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const answer = await floor.desk.candles({ key, from: date, to: date, interval: '1' });
    if (!answer.ok) throw new Error(answer.error.message);
    for (const { start, close, state } of answer.value.candles) {
      if (state !== 'forming') held.push({ key, start: Date.parse(start), close, state });
    }
  }
  return held;
}

const storageAlert = (floor: Floor) => floor.desk.state.alerts.find(({ id }) => id === 'storage');

describe('a disk that fails while the market trades', () => {
  test.each(faults)('%j: prices go on, the trader is told, and nothing is lost', async (fault, words) => {
    const home = temporaryHome();
    await using floor = await openFloor({ date, at: '10:58', home });
    await floor.to('11:00');
    expect(storageAlert(floor)).toBeUndefined();
    floor.disk.fault = fault;
    await floor.run(20_000);
    expect(storageAlert(floor)).toMatchObject({ severity: 'warning', title: expect.stringContaining(words) });
    expect(storageAlert(floor)?.body).toContain(home);
    expect(floor.desk.health()).toMatchObject({ status: 'degraded', feed: { state: 'live', reconnects: 0 } });
    const ticks = floor.desk.health().feed.ticks;
    expect(await floor.desk.invoke('settings.update', { theme: 'light' })).toMatchObject({ ok: true });
    await floor.run(160_000);
    expect(floor.desk.health().feed.ticks - ticks).toBeGreaterThan(6 * 100);
    expect(floor.desk.state.instruments.filter(({ stale }) => stale)).toEqual([]);

    floor.disk.fault = null;
    await floor.run(90_000);
    expect(storageAlert(floor)).toBeUndefined();
    expect(floor.journal().alerts).toContainEqual(
      expect.objectContaining({ id: 'storage', withdrawnAt: expect.any(Number) }),
    );
    await floor.run(5_000);
    const { rows, journal } = onDisk(home);
    expect(rows).toEqual(await heldCandles(floor));
    expect(new Set(rows.map(({ start }) => start)).size).toBeGreaterThanOrEqual(6);
    expect(journal?.alerts.map(({ id }) => id)).toContain('storage');
    expect(journal?.gaps.filter(({ cause }) => cause !== 'not-running')).toEqual([]);
  });

  test.each(faults)('%j at the start: the app starts, trades and writes when it can', async (fault) => {
    const home = temporaryHome();
    await using floor = await openFloor({ date, at: '10:58', home, diskFault: fault });
    await floor.run(8_000);
    expect(floor.desk.health().feed.state).toBe('live');
    await floor.run(60_000);
    expect(storageAlert(floor)).toBeDefined();
    floor.disk.fault = null;
    await floor.run(90_000);
    expect(storageAlert(floor)).toBeUndefined();
    await floor.run(5_000);
    const { rows, journal } = onDisk(home);
    expect(rows).toEqual(await heldCandles(floor));
    expect(journal?.startedAt).toBe(Date.parse('2026-11-23T10:58:00+05:30'));
  });

  test('is named by the doctor, with what to do', async () => {
    await using floor = await openFloor({ date, at: '10:58' });
    floor.disk.fault = 'full';
    await floor.run(20_000);
    const report = await floor.command('doctor.run', {});
    expect(report.checks.find(({ id }) => id === 'disk')).toMatchObject({
      result: 'failed',
      sentence: 'The disk is full. Make room on it.',
    });
  });

  test('settings that could not be written are there for the next run', async () => {
    const home = temporaryHome();
    await using floor = await openFloor({ date, at: '10:58', home });
    floor.disk.fault = 'hangs';
    floor.storage.saveSettings({ ...floor.desk.state.settings, theme: 'light' });
    floor.storage.saveSettings({ ...floor.desk.state.settings, theme: 'dark' });
    await floor.run(60_000);
    floor.disk.fault = null;
    await floor.run(MINUTE_MS);
    expect(JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8'))).toMatchObject({ theme: 'dark' });
  });

  test('lists that could not be kept in the morning are kept later', async () => {
    const home = temporaryHome();
    await using floor = await openFloor({ date, at: '10:58', home, diskFault: 'full' });
    await floor.run(30_000);
    floor.disk.fault = null;
    await floor.run(MINUTE_MS);
    const [head] = readFileSync(join(home, 'instruments', 'NFO.csv'), 'utf8').split('\n');
    expect(JSON.parse(head ?? '')).toMatchObject({ exchange: 'NFO', date });
  });
});
