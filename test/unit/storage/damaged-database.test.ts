import { closeSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import type { CandleRow } from '../../../src/contract/commands.ts';
import { openDeskStore } from '../../../src/history/store.ts';
import { HomeTasks } from '../../../src/storage/disk-tasks.ts';
import { temporaryHome } from '../../support/temporary-home.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const date = '2026-11-23';
const clock = new VirtualClock(`${date}T10:00:00+05:30`);
const row: CandleRow = [clock.now(), 1, 2, 0.5, 1.5, 100, null, 'settled', false];
const MEGABYTE = 1024 * 1024;

/** A database with the present schema and more than is checked when it is opened; all pages but the first are damaged. */
function largeDamagedDatabase(home: string): void {
  openDeskStore(home, clock.now()).store[Symbol.dispose]();
  const path = join(home, 'desk.db');
  {
    using database = new DatabaseSync(path);
    database.exec(
      'PRAGMA journal_mode = DELETE; CREATE TABLE filler (x BLOB); INSERT INTO filler VALUES (zeroblob(20000000))',
    );
  }
  const file = openSync(path, 'r+');
  const damage = Buffer.alloc(MEGABYTE, 0xab);
  for (let at = 4_096; at < statSync(path).size; at += MEGABYTE) writeSync(file, damage, 0, MEGABYTE, at);
  closeSync(file);
}

test.each<[string, (tasks: HomeTasks) => unknown]>([
  ['a journal is read', (tasks) => tasks.loadJournal(date)],
  ['candles are read', (tasks) => tasks.loadCandles('NSE:A', 0, clock.now())],
  ['something is written', (tasks) => tasks.writeHistory({ journals: [[date, '{}']], candles: [] })],
  ['old rows are deleted', (tasks) => tasks.prune(clock.now(), date)],
])('a large database whose damage shows when %s is set aside, and a new one begun', (_when, meet) => {
  const home = temporaryHome();
  largeDamagedDatabase(home);
  const notices: string[] = [];
  const tasks = new HomeTasks(home, (text) => notices.push(text), clock);
  onTestFinished(() => tasks[Symbol.dispose]());
  expect([tasks.open(), notices]).toEqual([null, []]);
  meet(tasks);
  const aside = readdirSync(home).filter((name) => name.startsWith('desk.db.corrupt-'));
  expect(aside).toHaveLength(1);
  expect(notices).toEqual([expect.stringMatching(/is damaged: set aside as .*, and a new one begun\.$/)]);
  tasks.writeHistory({ journals: [[date, '{"a":1}']], candles: [['NSE:A', [row]]] });
  expect([tasks.loadJournal(date), tasks.loadCandles('NSE:A', 0, clock.now())]).toEqual(['{"a":1}', [row]]);
  expect(notices).toHaveLength(1);
});

test('a thread that was given up leaves a damaged database to the one in its place', () => {
  const home = temporaryHome();
  largeDamagedDatabase(home);
  const tasks = new HomeTasks(
    home,
    () => undefined,
    clock,
    () => true,
  );
  onTestFinished(() => tasks[Symbol.dispose]());
  tasks.open();
  expect(() => tasks.loadJournal(date)).toThrow('could not be read');
  expect(readdirSync(home).some((name) => name.includes('.corrupt-'))).toBe(false);
});
