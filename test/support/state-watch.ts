import type { Clock } from '../../src/clock.ts';
import type { DeskState, StateMessage, StatePatch } from '../../src/contract/state.ts';
import { patchedState } from '../../src/contract/state-patch.ts';
import type { Desk } from '../../src/desk/desk-api.ts';

/** The desk's state after one message, and the market instant (ms since the epoch) of that message. */
export interface SeenState {
  readonly at: number;
  /** The slices that changed with it. */
  readonly patch: StatePatch;
  readonly state: DeskState;
}

/** Everything an interface is told from now on; detached when disposed. */
export interface StateWatch extends Disposable {
  readonly seen: readonly SeenState[];
  readonly messages: readonly StateMessage[];
  /** The instant of the first state since `fromMs` of which this holds; null when there was none. */
  firstAt(holds: (state: DeskState) => boolean, fromMs?: number): number | null;
}

/** Attaches an interface that keeps every state message, and puts the state together from the patches as one would. */
export function watchState(desk: Desk, clock: Clock): StateWatch {
  const seen: SeenState[] = [];
  const messages: StateMessage[] = [];
  const attachment = desk.attach({
    ticks: () => {},
    state: (message) => {
      messages.push(message);
      const before = seen.at(-1)?.state;
      const state = message.type === 'snapshot' ? message.state : before && patchedState(before, message);
      if (state === undefined) throw new Error('a patch came before any snapshot');
      seen.push({ at: clock.now(), patch: before === undefined ? state : changedSlices(before, state), state });
    },
  });
  return {
    seen,
    messages,
    firstAt: (holds, fromMs = 0) => seen.find(({ at, state }) => at >= fromMs && holds(state))?.at ?? null,
    [Symbol.dispose]: () => attachment[Symbol.dispose](),
  };
}

function changedSlices(before: DeskState, after: DeskState): StatePatch {
  return Object.fromEntries(
    Object.entries(after).filter(([slice, value]) => before[slice as keyof DeskState] !== value),
  );
}
