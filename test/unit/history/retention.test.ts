import { expect, onTestFinished, test } from 'vitest';
import type { CandleRow } from '../../../src/contract/commands.ts';
import { pruneHistory } from '../../../src/history/retention.ts';
import { openDeskStore } from '../../../src/history/store.ts';
import { WriteBehindHistory } from '../../../src/history/write-behind.ts';
import { addDays, instantOf } from '../../../src/market/ist.ts';
import { HomeTasks } from '../../../src/storage/disk-tasks.ts';
import { temporaryHome } from '../../support/temporary-home.ts';
import { promisedDisk } from '../../support/test-disk.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const today = '2026-11-23';

const row = (start: number): CandleRow => [start, 1, 1, 1, 1, 0, null, 'settled', false];

test('candles are kept for 90 days and records for 400, however many are older', async () => {
  const home = temporaryHome();
  const clock = new VirtualClock(`${today}T09:00:00+05:30`);
  const tasks = new HomeTasks(home, () => undefined, clock);
  onTestFinished(() => tasks[Symbol.dispose]());
  const kept = instantOf(addDays(today, -90), '09:15');
  const old = instantOf(addDays(today, -91), '09:15');
  {
    using store = openDeskStore(home, 0).store;
    for (let index = 0; index < 40; index++) {
      store.saveCandles(`NSE:${index}`, [
        ...Array.from({ length: 375 }, (_, minute) => row(old + minute * 60_000)),
        row(kept),
      ]);
    }
    for (const days of [400, 401, 500]) store.saveJournal(addDays(today, -days), '{}');
  }
  const calls: boolean[] = [];
  const disk = promisedDisk(tasks);
  const counted = {
    ...disk,
    prune: async (...args: Parameters<typeof disk.prune>) => {
      const isMore = await disk.prune(...args);
      calls.push(isMore);
      return isMore;
    },
  };
  const history = new WriteBehindHistory({ clock, disk: counted, onTrouble: () => undefined });
  await pruneHistory(history, clock.now());
  // 15,000 rows, some at a time: nothing else waits for long.
  expect(calls).toEqual([true, true, true, false]);
  for (const key of ['NSE:0', 'NSE:39']) expect(await history.loadCandles(key, 0, clock.now())).toEqual([row(kept)]);
  const journals = [400, 401, 500].map((days) => history.loadJournal(addDays(today, -days)));
  expect(await Promise.all(journals)).toEqual(['{}', null, null]);
});
