import type { Clock } from '../clock.ts';
import type { ClockOffset } from '../contract/state.ts';
import type { ExchangeTime } from '../kite/exchange-time.ts';
import type { StorageHealth } from '../storage/home-storage.ts';
import type { StateStore } from './state-store.ts';

/** Smaller changes of the PC's clock against Kite's are no news; ms. */
const CHANGE_MS = 250;

/** Puts what Kite's answers say of this PC's clock into the state, where it has changed. */
export function noteClock(exchangeTime: ExchangeTime, state: StateStore): void {
  const { machine } = state.state;
  const offset = exchangeTime.offset();
  if (isSame(machine.clock, offset)) return;
  const clock = offset && { skewMs: Math.round(offset.skewMs), uncertaintyMs: Math.ceil(offset.uncertaintyMs) };
  state.patch({ machine: { ...machine, clock } });
}

/** Puts what can and cannot be written into the state, whenever that changes. */
export function followStorage(storage: StorageHealth, state: StateStore, clock: Clock): Disposable {
  const note = (): void => {
    const { machine } = state.state;
    const { trouble } = storage;
    const since = machine.storage?.since ?? clock.now();
    state.patch({ machine: { ...machine, storage: trouble && { ...trouble, since } } });
  };
  if (storage.trouble !== null) note();
  return storage.onChange(note);
}

function isSame(known: ClockOffset | null, offset: ClockOffset | null): boolean {
  if (known === null || offset === null) return known === offset;
  return (
    Math.abs(known.skewMs - offset.skewMs) < CHANGE_MS &&
    Math.abs(known.uncertaintyMs - offset.uncertaintyMs) < CHANGE_MS
  );
}
