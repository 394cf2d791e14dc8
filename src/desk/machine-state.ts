import type { ClockOffset } from '../contract/state.ts';
import type { ExchangeTime } from '../kite/exchange-time.ts';
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

function isSame(known: ClockOffset | null, offset: ClockOffset | null): boolean {
  if (known === null || offset === null) return known === offset;
  return (
    Math.abs(known.skewMs - offset.skewMs) < CHANGE_MS &&
    Math.abs(known.uncertaintyMs - offset.uncertaintyMs) < CHANGE_MS
  );
}
