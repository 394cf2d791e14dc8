import type { CandleUpdate } from '../contract/tick-lane.ts';
import { DirtySet } from '../feed/dirty-set.ts';

/**
 * One consumer's account of the candles that changed: for every slot the first of them. Draining hands out that candle and
 * all later ones, so a minute that closed between two drains is never skipped, however many were merged into one.
 */
export class CandleChanges {
  private readonly dirty = new DirtySet();
  /** The index of the first changed candle, by slot; meaningful only where `dirty` has the slot. */
  private readonly first: number[] = [];

  mark(slot: number, index: number): void {
    const known = this.dirty.has(slot) ? (this.first[slot] ?? index) : index;
    this.first[slot] = Math.min(known, index);
    this.dirty.mark(slot);
  }

  /** The slot's candles are gone: a new day began. */
  forget(slot: number): void {
    this.first[slot] = 0;
  }

  get isEmpty(): boolean {
    return this.dirty.isEmpty;
  }

  /** `candlesFrom` gives a slot's candles from an index on. Changes of slots that `wants` refuses are dropped. */
  drain(
    candlesFrom: (slot: number, index: number) => Iterable<CandleUpdate>,
    visit: (candle: CandleUpdate) => void,
    wants: (slot: number) => boolean,
  ): void {
    this.dirty.drain((slot) => {
      if (!wants(slot)) return;
      for (const candle of candlesFrom(slot, this.first[slot] ?? 0)) visit(candle);
    });
  }
}
