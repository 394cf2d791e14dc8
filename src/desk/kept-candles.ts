import type { InstrumentState } from '../contract/state.ts';
import { MINUTE_MS } from '../history/candle-series.ts';
import type { CandleBook } from '../history/candles.ts';
import type { HistoryStore } from '../history/history-store.ts';

/** A closed candle can still be corrected by late history: it is written again while it is this young, ms. */
const REWRITE_MS = 5 * MINUTE_MS;

/** Writes closed candles to the store as the day goes on, so that a restart without a login still has a chart. */
export class KeptCandles {
  private readonly candles: CandleBook;
  private readonly store: HistoryStore;
  private savedMinute = 0;

  constructor(candles: CandleBook, store: HistoryStore) {
    this.candles = candles;
    this.store = store;
  }

  /** Saves what has closed since; does nothing within the same minute. */
  save(instruments: readonly InstrumentState[], nowMs: number): void {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute === this.savedMinute) return;
    const sinceMs = this.savedMinute === 0 ? 0 : this.savedMinute * MINUTE_MS - REWRITE_MS;
    this.savedMinute = minute;
    for (const [slot, instrument] of instruments.entries()) {
      const rows = instrument.retired ? [] : this.candles.closedSince(slot, sinceMs);
      if (rows.length > 0) void this.store.saveCandles(instrument.key, rows);
    }
  }
}
