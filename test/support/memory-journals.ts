import type { JournalStore } from '../../src/history/history-store.ts';
import { StoreError } from '../../src/history/store.ts';

/** Journals in memory, as one run after another finds them. */
export class MemoryJournals implements JournalStore {
  readonly saved = new Map<string, string>();
  saves = 0;
  /** While false every read fails. */
  isReadable = true;

  async loadJournal(date: string): Promise<string | null> {
    if (!this.isReadable) throw new StoreError('the history database could not be read');
    return this.saved.get(date) ?? null;
  }

  async saveJournal(date: string, json: string): Promise<void> {
    this.saves++;
    this.saved.set(date, json);
  }
}
