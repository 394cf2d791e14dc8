import { beforeEach, expect, test } from 'vitest';
import { istMinute } from '../../../renderer/format/ist.ts';
import { type DeskSession, startDeskSession } from '../../../renderer/state/desk-session.ts';
import { noDesk, useDeskView } from '../../../renderer/state/desk-store.ts';
import type { DeskBridge, LinkState, TickInterest } from '../../../src/contract/bridge.ts';
import type { CandlesValue } from '../../../src/contract/commands.ts';
import { ok } from '../../../src/contract/result.ts';
import type { DeskState, StateMessage } from '../../../src/contract/state.ts';
import { type CandleUpdate, encodeTickBatch } from '../../../src/contract/tick-lane.ts';
import { goodDay } from '../../renderer-fixture/base-state.ts';
import { ist } from '../../renderer-fixture/day-plan.ts';
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
      official: null,
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
let time: VirtualClock;

beforeEach(() => {
  useDeskView.setState(noDesk, true);
  bridge = new FakeBridge();
  time = new VirtualClock('2026-01-01T00:00:00Z');
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

test('a snapshot is asked for once, however many patches come meanwhile, and again when none has come for 2 s', async () => {
  snapshot(5);
  for (let seq = 7; seq < 50; seq++) patch(seq, { activity: [] });
  expect(bridge.subscriptions).toBe(2);
  await time.advance(1_999);
  expect(bridge.subscriptions).toBe(2);
  await time.advance(1);
  expect(bridge.subscriptions).toBe(3);
  snapshot(50);
  await time.advance(60_000);
  expect([bridge.subscriptions, bridge.states.length]).toEqual([3, 1]);
  // Another hole is another question; a link that is lost has nobody left to answer one.
  patch(60, { activity: [] });
  for (const tell of bridge.links) tell('lost');
  await time.advance(60_000);
  expect(bridge.subscriptions).toBe(4);
});

test('a change that does not fit the state is a hole too', () => {
  snapshot(5);
  bridge.tell({ type: 'patch', seq: 6, now: 2_000_000, patch: {}, changes: { activity: { drop: 1_000 } } });
  expect(useDeskView.getState()).toMatchObject({ seq: 5, state });
  expect(bridge.subscriptions).toBe(2);
});

test('a patch before any snapshot is a hole, a repeated one changes nothing', () => {
  patch(1, { activity: [] });
  expect([useDeskView.getState().state, bridge.subscriptions]).toEqual([null, 2]);
  snapshot(5);
  patch(6, { activity: [] });
  patch(6, { activity: state.activity });
  expect(useDeskView.getState().state?.activity).toEqual([]);
});

/** A candle of the market's day in slot 0. */
function candle(time: string, change: Partial<CandleUpdate> = {}): CandleUpdate {
  return {
    slot: 0,
    start: ist('2026-11-23', time),
    open: 1,
    high: 2,
    low: 1,
    close: 2,
    volume: 0,
    openInterest: null,
    state: 'forming',
    corrected: false,
    removed: false,
    ...change,
  };
}

function sendCandles(seq: number, ...candles: CandleUpdate[]): void {
  bridge.send(encodeTickBatch({ seq, sentAt: 0, quotes: [], candles }));
}

const minutes = (): string[] => session.candles.day(KEY, null).rows.map(([start]) => istMinute(start));

/** The snapshot is there and the first slot's candles are on the screen. */
async function showCandles(): Promise<Disposable> {
  snapshot(1);
  const shown = session.interest.show('candles', [0]);
  session.candles.subscribe(KEY, null, () => {});
  await Promise.resolve();
  return shown;
}

test('a batch is in the books before it is acknowledged', async () => {
  await showCandles();
  bridge.send(
    encodeTickBatch({
      seq: 41,
      sentAt: 0,
      quotes: [quoteOf({ slot: 0, lastPrice: 77 })],
      candles: [candle('10:59')],
    }),
  );
  expect(bridge.acknowledged).toEqual([41]);
  expect(session.quotes.get(0)?.lastPrice).toBe(77);
  expect(minutes()).toEqual(['10:59']);
});

test('candles are taken only of what the desk has been told is on the screen, and of the market’s day', async () => {
  const shown = await showCandles();
  sendCandles(1, candle('10:58'), candle('10:59'), candle('10:59', { slot: 2 }));
  sendCandles(2, candle('15:39', { start: ist('2026-11-20', '15:39') }));
  expect([minutes(), session.candles.day(state.instruments[2]?.key ?? '', null).rows]).toEqual([
    ['10:58', '10:59'],
    [],
  ]);
  shown[Symbol.dispose]();
  session.interest.show('candles', [0]);
  await Promise.resolve();
  expect(minutes()).toEqual(['10:58', '10:59']);
});

test('what has left the screen is forgotten, a batch that was under way included: it comes back whole', async () => {
  const shown = await showCandles();
  sendCandles(1, candle('10:58'));
  shown[Symbol.dispose]();
  await Promise.resolve();
  sendCandles(2, candle('10:59'));
  expect(minutes()).toEqual([]);
  session.interest.show('candles', [0]);
  await Promise.resolve();
  sendCandles(3, candle('10:58'), candle('10:59'), candle('11:00'));
  expect(minutes()).toEqual(['10:58', '10:59', '11:00']);
});

test.each<[string, readonly number[]]>([
  ['alone', []],
  ['with the old slot still of interest', [0]],
])('another token under the same name begins without the candles of the one before, %s', async (_, besides) => {
  const shown = await showCandles();
  sendCandles(1, candle('10:56'), candle('10:57'));
  const [first, ...others] = state.instruments;
  if (first === undefined) throw new Error('no instruments');
  const slot = state.instruments.length;
  patch(2, { instruments: [{ ...first, retired: true }, ...others, { ...first, token: 99_001 }] });
  const asked = bridge.candleRequests;
  shown[Symbol.dispose]();
  session.interest.show('candles', [...besides, slot]);
  await Promise.resolve();
  expect([minutes(), bridge.candleRequests]).toEqual([[], asked + 1]);
  sendCandles(2, candle('10:58', { slot }), candle('10:59', { slot }));
  sendCandles(3, candle('10:56'));
  expect(minutes()).toEqual(['10:58', '10:59']);
});

test('candles lost with an unreadable batch are sent whole again, once however many cannot be read', async () => {
  await showCandles();
  sendCandles(1, candle('10:57'), candle('10:58'));
  const told = bridge.interests.length;
  bridge.send(new ArrayBuffer(3));
  bridge.send(new ArrayBuffer(3));
  expect(bridge.interests.slice(told).map(({ candles }) => candles)).toEqual([[], [0]]);
  sendCandles(2, candle('10:58', { high: 9 }), candle('10:59'));
  sendCandles(3, candle('11:00'));
  expect(minutes()).toEqual(['10:58', '10:59', '11:00']);
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

test('a new day begins without candles and is asked for', async () => {
  await showCandles();
  sendCandles(1, candle('10:58'));
  const asked = bridge.candleRequests;
  patch(2, { activity: [] });
  expect([minutes(), bridge.candleRequests]).toEqual([['10:58'], asked]);
  patch(3, { market: { ...state.market, date: '2026-11-25' } });
  expect([minutes(), bridge.candleRequests]).toEqual([[], asked + 1]);
});

test('neither a gap that closes nor a login has candles asked for: the desk sends what changes', async () => {
  const open = { from: 1, to: null, cause: 'network', keys: [] } as const;
  snapshot(1, { ...state, auth: { ...state.auth, state: 'expired' }, feed: { ...state.feed, gaps: [open] } });
  session.candles.subscribe(KEY, null, () => {});
  const asked = bridge.candleRequests;
  patch(2, { auth: state.auth, feed: { ...state.feed, gaps: [{ ...open, to: 2 }] } });
  expect(bridge.candleRequests).toBe(asked);
});

test('when a lost link is back, what the desk sends replaces what was held', async () => {
  await showCandles();
  const link = (to: LinkState): void => {
    for (const listener of bridge.links) listener(to);
  };
  link('connected');
  sendCandles(1, candle('10:57'), candle('10:58'));
  link('lost');
  link('connected');
  expect([minutes(), useDeskView.getState().link]).toEqual([['10:57', '10:58'], 'connected']);
  sendCandles(1, candle('10:58'), candle('10:59'));
  expect(minutes()).toEqual(['10:58', '10:59']);
});

test('a disposed session hears nothing more', () => {
  session[Symbol.dispose]();
  expect([bridge.states, bridge.ticks, bridge.links]).toEqual([[], [], []]);
});
