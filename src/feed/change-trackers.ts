import { DirtySet } from './dirty-set.ts';

/** One consumer's own account of what has changed; disposing ends it. */
export interface TrackedChanges extends Disposable {
  readonly dirty: DirtySet;
}

/** Everybody who keeps account of changed slots, each at a pace of their own. */
export class ChangeTrackers {
  private readonly trackers = new Set<DirtySet>();

  track(): TrackedChanges {
    const dirty = new DirtySet();
    this.trackers.add(dirty);
    return { dirty, [Symbol.dispose]: () => void this.trackers.delete(dirty) };
  }

  mark(slot: number): void {
    for (const dirty of this.trackers) dirty.mark(slot);
  }
}
