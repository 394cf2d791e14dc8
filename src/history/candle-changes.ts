import { DirtySet } from '../feed/dirty-set.ts';

/**
 * One consumer's account of the minutes that changed, by slot. However many changes a minute had between two drains, it
 * is handed out once, as it stands then; minutes of a slot in order.
 */
export class CandleChanges {
  private readonly dirty = new DirtySet();
  /** Starts of the changed minutes, ms since the epoch. */
  private readonly starts: (Set<number> | undefined)[] = [];

  mark(slot: number, startMs: number): void {
    const starts = this.starts[slot];
    if (starts === undefined) this.starts[slot] = new Set([startMs]);
    else starts.add(startMs);
    this.dirty.mark(slot);
  }

  /** The slot's candles are gone: a new day began. */
  forget(slot: number): void {
    this.starts[slot]?.clear();
  }

  get isEmpty(): boolean {
    return this.dirty.isEmpty;
  }

  /** Changes of slots that `wants` refuses are dropped. */
  drain(visit: (slot: number, startMs: number) => void, wants: (slot: number) => boolean): void {
    this.dirty.drain((slot) => {
      const starts = this.starts[slot];
      if (starts === undefined) return;
      if (wants(slot)) for (const startMs of [...starts].sort((a, b) => a - b)) visit(slot, startMs);
      starts.clear();
    });
  }
}
