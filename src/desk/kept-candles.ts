import type { CandleRow } from '../contract/commands.ts';
import type { InstrumentState } from '../contract/state.ts';
import type { CandleUpdate } from '../contract/tick-lane.ts';
import type { CandleBook, TrackedCandles } from '../history/candles.ts';
import type { HistoryStore } from '../history/history-store.ts';

/**
 * Keeps every closed candle in the store, as it changes: what could not be written counts as changed again. A restart
 * without a login still has a chart.
 */
export class KeptCandles implements Disposable {
  private readonly store: Pick<HistoryStore, 'saveCandles'>;
  private readonly changes: TrackedCandles;

  constructor(candles: Pick<CandleBook, 'trackChanges'>, store: Pick<HistoryStore, 'saveCandles'>) {
    this.store = store;
    this.changes = candles.trackChanges(false);
  }

  /** Writes what has closed, changed or gone since; to be called about once a second. Never throws. */
  save(instruments: readonly Pick<InstrumentState, 'key'>[]): void {
    const bySlot = new Map<number, CandleRow[]>();
    this.changes.drain((candle) => {
      if (candle.state === 'forming') return;
      const rows = bySlot.get(candle.slot) ?? [];
      bySlot.set(candle.slot, rows);
      rows.push(rowOf(candle));
    });
    for (const [slot, rows] of bySlot) {
      const key = instruments[slot]?.key;
      if (key !== undefined) void this.write(slot, key, rows);
    }
  }

  /** Writes all of today's anew at the next save: the files may be others than those that have them. */
  keepAgain(slots: number): void {
    for (let slot = 0; slot < slots; slot++) this.changes.markWhole(slot);
  }

  [Symbol.dispose](): void {
    this.changes[Symbol.dispose]();
  }

  private async write(slot: number, key: string, rows: readonly CandleRow[]): Promise<void> {
    try {
      await this.store.saveCandles(key, rows);
    } catch {
      for (const [startMs] of rows) this.changes.mark(slot, startMs);
    }
  }
}

/** One that is gone has an open of 0, which the store takes for that. */
function rowOf({ start, open, high, low, close, volume, openInterest, state, corrected }: CandleUpdate): CandleRow {
  return [start, open, high, low, close, volume, openInterest, state, corrected];
}
