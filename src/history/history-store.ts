import type { CandleRow } from '../contract/commands.ts';
import type { IstDate } from '../market/ist.ts';

/** Where journals are kept. `loadJournal` rejects with `StoreError` while the database cannot be read. */
export interface JournalStore {
  /** The journal of an IST date as it was saved last; null when there is none. */
  loadJournal(date: IstDate): Promise<string | null>;
  /** Does not reject: what cannot be written now is kept and written later. Resolves when the first try has ended. */
  saveJournal(date: IstDate, json: string): Promise<void>;
}

/**
 * What outlives a run, as the desk sees it: every call returns at once, and none throws. Prices in rupees, starts in ms
 * since the epoch. Loads reject with `StoreError`; saves never reject (see `saveJournal`).
 */
export interface HistoryStore extends JournalStore {
  /**
   * Saves closed one-minute candles of one instrument; a candle that is there already is replaced. A row whose open is 0
   * takes its minute's candle away.
   */
  saveCandles(key: string, rows: readonly CandleRow[]): Promise<void>;
  /** Candles of one instrument with `fromMs <= start <= toMs`, in order of time. */
  loadCandles(key: string, fromMs: number, toMs: number): Promise<readonly CandleRow[]>;
  /** Deletes candles that start before an instant, and journals of dates before one. */
  prune(candlesBeforeMs: number, journalsBefore: IstDate): Promise<void>;
}
