import type { InstrumentState } from '../contract/state.ts';
import { MINUTE_MS } from '../history/candle-series.ts';
import type { CandleBook } from '../history/candles.ts';
import type { DeskStore } from '../history/store.ts';
import type { Log } from '../log.ts';

/** A closed candle can still be corrected by late history: it is written again while it is this young, ms. */
const REWRITE_MS = 5 * MINUTE_MS;

/** Writes closed candles to the store as the day goes on, so that a restart without a login still has a chart. */
export class KeptCandles {
  private readonly candles: CandleBook;
  private readonly store: DeskStore;
  private readonly log: Log;
  private savedMinute = 0;
  private hasFailed = false;

  constructor(candles: CandleBook, store: DeskStore, log: Log) {
    this.candles = candles;
    this.store = store;
    this.log = log;
  }

  /** Saves what has closed since; does nothing within the same minute. */
  save(instruments: readonly InstrumentState[], nowMs: number): void {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute === this.savedMinute || this.hasFailed) return;
    const sinceMs = this.savedMinute === 0 ? 0 : this.savedMinute * MINUTE_MS - REWRITE_MS;
    this.savedMinute = minute;
    try {
      for (const [slot, instrument] of instruments.entries()) {
        const rows = instrument.retired ? [] : this.candles.closedSince(slot, sinceMs);
        if (rows.length > 0) this.store.saveCandles(instrument.key, rows);
      }
    } catch (error) {
      this.hasFailed = true;
      this.log('error', 'app', `Candles are not kept: ${error instanceof Error ? error.message : 'unknown error'}.`);
    }
  }
}
