import { join } from 'node:path';
import type { Journal } from '../../src/contract/journal.ts';
import { journalSchema } from '../../src/history/journal-schema.ts';
import { openDeskStore } from '../../src/history/store.ts';

/** A day's record as the app has left it on disk, once it has ended. `home`: of the trader. */
export function recordLeftBy(home: string, date: string): Journal {
  const { store, notice } = openDeskStore(join(home, 'desk', 'simulated'), Date.now());
  using _open = store;
  const json = store.loadJournal(date);
  if (notice !== null || json === null) throw new Error(notice ?? `there is no record of ${date}`);
  return journalSchema.parse(JSON.parse(json));
}
