import { describe, expect, it } from 'vitest';
import type { DeskState, StateMessage } from '../../../src/contract/state.ts';
import { StateStore } from '../../../src/desk/state-store.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { deskState } from '../electron/desk-state.ts';

function storeAt(clock: VirtualClock): { readonly store: StateStore; readonly initial: DeskState } {
  const initial = deskState({});
  return { store: new StateStore(clock, initial), initial };
}

describe('the state of the desk', () => {
  it('starts a subscriber with a snapshot, then sends numbered patches of what changed, with the time', async () => {
    const clock = new VirtualClock(1_000);
    const { store, initial } = storeAt(clock);
    store.patch({ alerts: [] });
    const messages: StateMessage[] = [];
    using _watch = store.subscribe((message) => void messages.push(message));
    await clock.advance(500);
    const auth = { ...initial.auth, state: 'expired' } as const;
    store.patch({ auth, market: initial.market });
    expect(messages).toEqual([
      { type: 'snapshot', seq: 1, now: 1_000, state: { ...initial, alerts: [] } },
      { type: 'patch', seq: 2, now: 1_500, patch: { auth } },
    ]);
    expect(store.state).toEqual({ ...initial, alerts: [], auth });
  });

  it('says nothing, and counts nothing, when every slice is the same object', () => {
    const { store, initial } = storeAt(new VirtualClock(0));
    const messages: StateMessage[] = [];
    using _watch = store.subscribe((message) => void messages.push(message));
    store.patch({ auth: initial.auth, feed: initial.feed });
    store.patch({});
    expect([messages.length, store.snapshot().seq, store.state]).toEqual([1, 0, initial]);
  });

  it('never changes a state it has handed out', () => {
    const { store } = storeAt(new VirtualClock(0));
    const before = store.state;
    const copy = structuredClone(before);
    store.patch({ activity: [{ at: 0, level: 'info', area: 'app', text: 'x' }] });
    expect([before, before === store.state]).toEqual([copy, false]);
  });

  it('tells whoever subscribes while it tells, in order and without a hole', () => {
    const { store } = storeAt(new VirtualClock(0));
    const late: number[] = [];
    using _first = store.subscribe((message) => {
      if (message.type === 'patch' && late.length === 0) store.subscribe(({ seq }) => void late.push(seq));
    });
    store.patch({ alerts: [] });
    store.patch({ alerts: [] });
    expect(late).toEqual([1, 2]);
  });

  it('forgets whoever unsubscribed', () => {
    const { store } = storeAt(new VirtualClock(0));
    let count = 0;
    const watch = store.subscribe(() => {
      count++;
    });
    watch[Symbol.dispose]();
    watch[Symbol.dispose]();
    store.patch({ alerts: [] });
    expect(count).toBe(1);
  });
});
