import { beforeEach, expect, test } from 'vitest';
import { type DeskSession, startDeskSession } from '../../../renderer/state/desk-session.ts';
import { noDesk, useDeskView } from '../../../renderer/state/desk-store.ts';
import type { DeskBridge, LinkState, TickInterest } from '../../../src/contract/bridge.ts';
import type { CandlesValue } from '../../../src/contract/commands.ts';
import { ok } from '../../../src/contract/result.ts';
import type { DeskState, StateMessage } from '../../../src/contract/state.ts';
import { encodeTickBatch } from '../../../src/contract/tick-lane.ts';
import { goodDay } from '../../renderer-fixture/base-state.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { quoteOf } from './quote-of.ts';

const KEY = 'NSE:NIFTY 50';
const state = goodDay('2026-11-23', '11:00');

class FakeBridge {
  states: ((message: StateMessage) => void)[] = [];
  ticks: ((batch: ArrayBuffer) => void)[] = [];
  links: ((state: LinkState) => void)[] = [];
  readonly acknowledged: number[] = [];
  readonly interests: TickInterest[] = [];
  subscriptions = 0;
  candleRequests = 0;

  invoke(): Promise<unknown> {
    this.candleRequests++;
    const value: CandlesValue = {
      key: KEY,
      date: '2026-11-23',
      candles: [],
      indicative: [],
      gaps: [],
      history: 'complete',
      reason: null,
    };
    return Promise.resolve(ok(value));
  }

  onState(listener: (message: StateMessage) => void): () => void {
    this.subscriptions++;
    this.states.push(listener);
    return () => {
      this.states = this.states.filter((known) => known !== listener);
    };
  }

  onTicks(listener: (batch: ArrayBuffer) => void): () => void {
    this.ticks.push(listener);
    return () => {
      this.ticks = [];
    };
  }

  onLink(listener: (link: LinkState) => void): () => void {
    this.links.push(listener);
    return () => {
      this.links = [];
    };
  }

  acknowledgeTicks(seq: number): void {
    this.acknowledged.push(seq);
  }

  setInterest(interest: TickInterest): void {
    this.interests.push(interest);
  }

  openExternal(): void {}

  tell(message: StateMessage): void {
    for (const listener of [...this.states]) listener(message);
  }

  send(batch: ArrayBuffer): void {
    for (const listener of this.ticks) listener(batch);
  }
}

let bridge: FakeBridge;
let session: DeskSession;

beforeEach(() => {
  useDeskView.setState(noDesk, true);
  bridge = new FakeBridge();
  const time = new VirtualClock('2026-01-01T00:00:00Z');
  session = startDeskSession(bridge as unknown as DeskBridge, time, {
    before: (paint) => paint(),
    after: (tell) => tell(),
  });
});

function snapshot(seq: number, shown: DeskState = state): void {
  bridge.tell({ type: 'snapshot', seq, now: 1_000_000, state: shown });
}

function patch(seq: number, change: Partial<DeskState>): void {
  bridge.tell({ type: 'patch', seq, now: 2_000_000, patch: change });
}

test('a patch replaces the slices it names and leaves the others alone', () => {
  snapshot(5);
  patch(6, { alerts: [] });
  const view = useDeskView.getState();
  expect(view.seq).toBe(6);
  expect(view.state?.alerts).toEqual([]);
  expect(view.state?.market).toBe(state.market);
  expect(session.clock.now()).toBe(2_000_000);
});

test('after a hole the state stays as it was and a snapshot is asked for by subscribing anew', () => {
  snapshot(5);
  patch(7, { activity: [] });
  expect(useDeskView.getState()).toMatchObject({ seq: 5, state });
  expect([bridge.subscriptions, bridge.states.length]).toEqual([2, 1]);
  snapshot(8);
  patch(9, { activity: [] });
  expect(useDeskView.getState()).toMatchObject({ seq: 9, state: { activity: [] } });
});

test('a patch before any snapshot is a hole, a repeated one changes nothing', () => {
  patch(1, { activity: [] });
  expect([useDeskView.getState().state, bridge.subscriptions]).toEqual([null, 2]);
  snapshot(5);
  patch(6, { activity: [] });
  patch(6, { activity: state.activity });
  expect(useDeskView.getState().state?.activity).toEqual([]);
});

test('a batch is in the books before it is acknowledged', () => {
  snapshot(1);
  session.candles.day(KEY, null);
  const candle = {
    slot: 0,
    start: 60_000,
    open: 1,
    high: 2,
    low: 1,
    close: 2,
    volume: 0,
    openInterest: null,
    state: 'forming' as const,
    corrected: false,
    removed: false,
  };
  bridge.send(
    encodeTickBatch({ seq: 41, sentAt: 0, quotes: [quoteOf({ slot: 0, lastPrice: 77 })], candles: [candle] }),
  );
  expect(bridge.acknowledged).toEqual([41]);
  expect(session.quotes.get(0)?.lastPrice).toBe(77);
});

test('an unreadable batch is counted and acknowledged all the same, or the desk would wait for ever', () => {
  snapshot(1);
  const whole = encodeTickBatch({ seq: 42, sentAt: 0, quotes: [quoteOf()], candles: [] });
  bridge.send(whole.slice(0, whole.byteLength - 8));
  bridge.send(new ArrayBuffer(3));
  expect([bridge.acknowledged, session.unreadableBatches(), session.quotes.get(0)]).toEqual([[42], 2, undefined]);
});

test('a snapshot is answered with what is on screen', async () => {
  session.interest.show('slots', [3]);
  await Promise.resolve();
  snapshot(1);
  expect(bridge.interests.at(-1)).toMatchObject({ slots: [3] });
});

test('prices are forgotten when slots mean other instruments, and kept when instruments are only appended', () => {
  snapshot(1);
  bridge.send(encodeTickBatch({ seq: 1, sentAt: 0, quotes: [quoteOf()], candles: [] }));
  const [first, ...others] = state.instruments;
  if (first === undefined) throw new Error('no instruments');
  patch(2, { instruments: [...state.instruments, { ...first, key: 'NSE:NEW' }] });
  expect(session.quotes.get(0)).toBeDefined();
  patch(3, { instruments: others });
  expect(session.quotes.get(0)).toBeUndefined();
});

test('when the simulated exchange takes over, old prices go and candles are asked for again', () => {
  snapshot(1);
  session.candles.subscribe(KEY, null, () => {});
  const asked = bridge.candleRequests;
  bridge.send(encodeTickBatch({ seq: 1, sentAt: 0, quotes: [quoteOf()], candles: [] }));
  snapshot(1, { ...state, app: { ...state.app, simulated: true } });
  expect([session.quotes.get(0), bridge.candleRequests]).toEqual([undefined, asked + 1]);
});

const gap = { from: 1, to: null, cause: 'network', keys: [] } as const;

test.each<[string, Partial<DeskState>, Partial<DeskState>]>([
  ['a new day', {}, { market: { ...state.market, date: '2026-11-25' } }],
  ['a token that works again', { auth: { ...state.auth, state: 'expired' } }, { auth: state.auth }],
  [
    'an outage that is over',
    { feed: { ...state.feed, gaps: [gap] } },
    { feed: { ...state.feed, gaps: [{ ...gap, to: 2 }] } },
  ],
])('candles are asked for again after %s', (_, before, after) => {
  snapshot(1, { ...state, ...before });
  session.candles.subscribe(KEY, null, () => {});
  const asked = bridge.candleRequests;
  patch(2, { activity: [] });
  expect(bridge.candleRequests).toBe(asked);
  patch(3, after);
  expect(bridge.candleRequests).toBe(asked + 1);
});

test('candles missed while the link was lost are asked for when it is back', () => {
  snapshot(1);
  session.candles.subscribe(KEY, null, () => {});
  const asked = bridge.candleRequests;
  const requestsAfter = (link: LinkState): number => {
    for (const listener of bridge.links) listener(link);
    return bridge.candleRequests - asked;
  };
  expect([requestsAfter('connected'), requestsAfter('lost'), requestsAfter('connected')]).toEqual([0, 0, 1]);
  expect(useDeskView.getState().link).toBe('connected');
});

test('a disposed session hears nothing more', () => {
  session[Symbol.dispose]();
  expect([bridge.states, bridge.ticks, bridge.links]).toEqual([[], [], []]);
});
