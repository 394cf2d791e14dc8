import type { Clock } from '../clock.ts';
import type { DeskState, StateMessage, StatePatch } from '../contract/state.ts';
import { patchContent } from '../contract/state-patch.ts';

type Listener = (message: StateMessage) => void;

/**
 * The desk's one `DeskState` and its lossless lane: every change is a numbered patch, in order, to every subscriber:
 * whole slices, and of the long ones only what has changed in them. A subscriber starts with a snapshot.
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

  /** Replaces the given slices and tells every subscriber; what is equal already is left out. */
  patch(patch: StatePatch): void {
    const content = patchContent(this.current, patch);
    if (content === null) return;
    this.current = { ...this.current, ...patch };
    this.seq++;
    const message: StateMessage = { type: 'patch', seq: this.seq, now: this.clock.now(), ...content };
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
