import { expect, test } from 'vitest';
import { DeskWatch } from '../../../electron/desk-watch.ts';
import type { DeskState } from '../../../src/contract/state.ts';
import type { Desk, DeskHost, UiClient } from '../../../src/desk/desk-api.ts';
import { Listeners } from '../../../src/listeners.ts';
import { instantOf } from '../../../src/market/ist.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { deskState } from './desk-state.ts';

/** A desk of which only its state and its clients matter here. */
function fakeDesk(initial: DeskState, now: number) {
  const clients = new Set<UiClient>();
  const desk = {
    state: initial,
    attach: (client: UiClient) => {
      clients.add(client);
      client.state({ type: 'snapshot', seq: 0, now, state: desk.state });
      return { [Symbol.dispose]: () => void clients.delete(client) };
    },
  };
  const change = (state: DeskState, at: number): void => {
    desk.state = state;
    for (const client of clients) client.state({ type: 'patch', seq: 1, now: at, patch: {} });
  };
  return { desk: desk as unknown as Desk, clients, change };
}

function hostOf(first: Desk) {
  const swaps = new Listeners<Desk>();
  let running = first;
  const host: DeskHost = {
    get desk() {
      return running;
    },
    onSwap: (listener) => swaps.add(listener),
  };
  const swap = (next: Desk): void => {
    running = next;
    swaps.tell(next);
  };
  return { host, swap };
}

const morning = instantOf('2026-11-23', '08:50');

test("the desk's time runs on between its messages, at the desk's own speed", async () => {
  const clock = new VirtualClock('2030-01-01T00:00:00Z');
  const { desk } = fakeDesk(deskState({ app: { speed: 20 } }), morning);
  using watch = new DeskWatch(hostOf(desk).host, clock);
  await clock.advance(3_000);
  expect(watch.now()).toBe(morning + 60_000);
});

test('it follows the desk that is running now, and lets go of the one before', () => {
  const first = fakeDesk(deskState({}), morning);
  const second = fakeDesk(deskState({ app: { simulated: true } }), morning);
  const { host, swap } = hostOf(first.desk);
  using watch = new DeskWatch(host, new VirtualClock(0));
  const seen: boolean[] = [];
  watch.onChange((state) => seen.push(state.app.simulated));

  first.change(deskState({ feed: { paused: true } }), morning);
  expect(watch.state.feed.paused).toBe(true);
  swap(second.desk);
  expect(watch.state.app.simulated).toBe(true);
  expect(seen).toEqual([false, true]);
  expect([first.clients.size, second.clients.size]).toEqual([0, 1]);
});

test('disposing detaches it', () => {
  const { desk, clients } = fakeDesk(deskState({}), morning);
  new DeskWatch(hostOf(desk).host, new VirtualClock(0))[Symbol.dispose]();
  expect(clients.size).toBe(0);
});
