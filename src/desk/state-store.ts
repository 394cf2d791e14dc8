import type { Clock } from '../clock.ts';
import type { DeskState, StateMessage, StatePatch } from '../contract/state.ts';

type Listener = (message: StateMessage) => void;

/**
 * The desk's one `DeskState` and its lossless lane: every change is a numbered patch of whole slices, in order, to every
 * subscriber. A subscriber starts with a snapshot.
 */
export class StateStore {
  private readonly clock: Clock;
  private readonly listeners = new Set<Listener>();
  private current: DeskState;
  private seq = 0;

  constructor(clock: Clock, initial: DeskState) {
    this.clock = clock;
    this.current = initial;
  }

  get state(): DeskState {
    return this.current;
  }

  /** Replaces the given slices and tells every subscriber; slices that are the same object already are left out. */
  patch(patch: StatePatch): void {
    const changed = Object.entries(patch).filter(([slice, value]) => this.current[slice as keyof DeskState] !== value);
    if (changed.length === 0) return;
    const effective: StatePatch = Object.fromEntries(changed);
    this.current = { ...this.current, ...effective };
    this.seq++;
    const message: StateMessage = { type: 'patch', seq: this.seq, now: this.clock.now(), patch: effective };
    for (const listener of [...this.listeners]) listener(message);
  }

  snapshot(): StateMessage {
    return { type: 'snapshot', seq: this.seq, now: this.clock.now(), state: this.current };
  }

  /** Sends a snapshot at once, then every patch. */
  subscribe(listener: Listener): Disposable {
    listener(this.snapshot());
    this.listeners.add(listener);
    return { [Symbol.dispose]: () => void this.listeners.delete(listener) };
  }
}
