import type { CandleRow } from '../contract/commands.ts';
import type { InstrumentState } from '../contract/state.ts';
import type { CandleUpdate } from '../contract/tick-lane.ts';
import type { CandleBook, TrackedCandles } from '../history/candles.ts';
import type { HistoryStore } from '../history/history-store.ts';
import { addDays, instantOf, istDateOf } from '../market/ist.ts';

/**
 * Keeps every closed candle in the store, as it changes: what could not be written counts as changed again. A restart
 * without a login still has a chart. The store knows keys only: where an instrument with another token takes a key over,
 * what was kept of today under it goes first.
 */
export class KeptCandles implements Disposable {
  private readonly candles: Pick<CandleBook, 'trackChanges' | 'presentMs'>;
  private readonly store: Pick<HistoryStore, 'loadCandles' | 'saveCandles'>;
  private readonly changes: TrackedCandles;
  /** The slot whose candles are kept under a key. */
  private readonly owners = new Map<string, number>();
  /** Keys under which another token's candles are being taken away. */
  private readonly clearing = new Set<string>();
  /** Slots that have been looked at for their keys. */
  private seen = 0;

  constructor(
    candles: Pick<CandleBook, 'trackChanges' | 'presentMs'>,
    store: Pick<HistoryStore, 'loadCandles' | 'saveCandles'>,
  ) {
    this.candles = candles;
    this.store = store;
    this.changes = candles.trackChanges(false);
  }

  /** Writes what has closed, changed or gone since; to be called about once a second. Never throws. */
  save(instruments: readonly Pick<InstrumentState, 'key' | 'retired'>[]): void {
    for (; this.seen < instruments.length; this.seen++) this.owns(this.seen, instruments[this.seen]);
    const bySlot = new Map<number, CandleRow[]>();
    this.changes.drain((candle) => {
      if (candle.state === 'forming') return;
      const rows = bySlot.get(candle.slot) ?? [];
      bySlot.set(candle.slot, rows);
      rows.push(rowOf(candle));
    });
    for (const [slot, rows] of bySlot) {
      const instrument = instruments[slot];
      if (instrument !== undefined && this.owns(slot, instrument)) void this.write(slot, instrument.key, rows);
    }
  }

  /** Writes all of today's anew at the next save: the files may be others than those that have them. */
  keepAgain(slots: number): void {
    for (let slot = 0; slot < slots; slot++) this.changes.markWhole(slot);
  }

  [Symbol.dispose](): void {
    this.changes[Symbol.dispose]();
  }

  /** Whether the slot's candles may be written under its key now; one that takes the key over begins with that. */
  private owns(slot: number, instrument: Pick<InstrumentState, 'key' | 'retired'> | undefined): boolean {
    if (instrument === undefined) return false;
    const { key, retired } = instrument;
    const owner = this.owners.get(key);
    if (owner === undefined) this.owners.set(key, slot);
    else if (owner !== slot) {
      if (!retired && !this.clearing.has(key)) void this.takeOver(slot, key, owner);
      return false;
    }
    return !this.clearing.has(key);
  }

  private async takeOver(slot: number, key: string, owner: number): Promise<void> {
    this.owners.set(key, slot);
    this.clearing.add(key);
    const today = istDateOf(this.candles.presentMs);
    const [fromMs, toMs] = [instantOf(today, '00:00'), instantOf(addDays(today, 1), '00:00') - 1];
    try {
      const rows = await this.store.loadCandles(key, fromMs, toMs);
      await this.store.saveCandles(
        key,
        rows.map(([start]): CandleRow => [start, 0, 0, 0, 0, 0, null, 'settled', false]),
      );
      this.changes.markWhole(slot);
    } catch {
      // With the next candle it is tried again.
      this.owners.set(key, owner);
    }
    this.clearing.delete(key);
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
