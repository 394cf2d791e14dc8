/** From the desk's state to a page's, over a lane that loses and mixes up what it carries. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyStateMessage, type DeskView, noDesk } from '../../../renderer/state/desk-store.ts';
import {
  ACTIVITY_LIMIT,
  type DeskState,
  type InstrumentState,
  type StateMessage,
} from '../../../src/contract/state.ts';
import { StateStore } from '../../../src/desk/state-store.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { deadToken, deskState } from '../electron/desk-state.ts';

const row = (id: number, change: Partial<InstrumentState> = {}): InstrumentState => ({
  key: `NFO:NIFTY26NOV${20_000 + id}CE`,
  token: id + 1,
  role: 'watch',
  underlying: 'NIFTY',
  title: `NIFTY 24 NOV ${20_000 + id} CE`,
  segment: 'NFO_OPT',
  expiry: '2026-11-24',
  lotSize: 65,
  tickSize: 0.05,
  followedSince: 0,
  firstTickAt: null,
  stale: false,
  retired: false,
  ...change,
});
const rows = (count: number): readonly InstrumentState[] => Array.from({ length: count }, (_, id) => row(id));

/** What the desk does to its state, by name; `n` chooses among the possibilities. */
const deeds: Readonly<Record<string, (state: DeskState, n: number) => Partial<DeskState>>> = {
  tick: ({ feed }, n) => ({ feed: { ...feed, ticks: feed.ticks + n, frames: feed.frames + 1, lastTickAt: n } }),
  lag: ({ feed }, n) => ({ feed: { ...feed, lag: { ...feed.lag, samples: n } } }),
  outage: ({ feed }, n) => ({
    feed: { ...feed, gaps: [...feed.gaps, { from: n, to: null, cause: 'network', keys: ['NSE:A', 'NSE:B'] }] },
  }),
  back: ({ feed }, n) => ({ feed: { ...feed, gaps: feed.gaps.map((gap) => ({ ...gap, to: gap.to ?? n })).slice(-3) } }),
  stale: ({ instruments }, n) => ({
    instruments: instruments.map((each, slot) => (slot % 7 >= n % 7 ? { ...each, stale: !each.stale } : each)),
  }),
  firstTick: ({ instruments }, n) => ({
    instruments: instruments.map((each, slot) =>
      slot === n % instruments.length ? { ...each, firstTickAt: n } : each,
    ),
  }),
  follow: ({ instruments }, n) => ({
    instruments: [
      ...instruments.map((each, slot) => (slot % 5 === n % 5 ? { ...each, retired: true } : each)),
      ...Array.from({ length: n % 4 }, (_, more) => row(instruments.length + more)),
    ],
  }),
  line: ({ activity }, n) => ({
    activity: [...activity, { at: n, level: 'info' as const, area: 'feed' as const, text: `line ${n}` }].slice(-8),
  }),
  watch: ({ settings }, n) => ({
    settings: { ...settings, watchlist: settings.watchlist.toSpliced(n % 5, n % 2, `NSE:S${n}`) },
  }),
  theme: ({ settings }, n) => ({ settings: { ...settings, theme: n % 2 === 0 ? 'dark' : 'light' } }),
  alert: ({ alerts }) => ({ alerts: alerts.length === 0 ? [deadToken] : [] }),
  login: ({ auth }, n) => ({ auth: { ...auth, checkedAt: n } }),
  nothing: ({ feed, instruments }) => ({ feed: { ...feed }, instruments: [...instruments] }),
};
const someDeeds = fc.array(fc.tuple(fc.constantFrom(...Object.keys(deeds)), fc.nat(60)), { maxLength: 40 });

const onTheWire = (message: StateMessage): StateMessage => JSON.parse(JSON.stringify(message)) as StateMessage;

/** A page at the end of a lane: takes what comes, and asks for a snapshot where it cannot go on. */
class Page {
  view: DeskView = noDesk;
  isAsking = false;

  take(message: StateMessage): void {
    const after = applyStateMessage(this.view, message);
    if (message.type === 'snapshot') this.isAsking = false;
    if (after === 'hole') this.isAsking = true;
    else this.view = after;
  }
}

describe('the state lane', () => {
  it('gives a page the desk’s own state, whatever changes', () => {
    fc.assert(
      fc.property(someDeeds, (sequence) => {
        const store = new StateStore(new VirtualClock(0), { ...deskState({}), instruments: rows(12) });
        const page = new Page();
        using _lane = store.subscribe((message) => page.take(onTheWire(message)));
        for (const [deed, n] of sequence) {
          store.patch(deeds[deed]?.(store.state, n) ?? {});
          expect(page.view.state).toEqual(store.state);
        }
        expect([page.isAsking, page.view.seq]).toEqual([false, store.snapshot().seq]);
      }),
    );
  });

  it('has a page that missed a patch, or got one too early or twice, ask for a snapshot and be right from then on', () => {
    /** Of each message: it comes, it is lost, it comes twice, or after the next one. */
    const ways = fc.array(fc.constantFrom('comes', 'comes', 'comes', 'lost', 'twice', 'late'), { minLength: 40 });
    fc.assert(
      fc.property(someDeeds, ways, (sequence, onTheWay) => {
        const store = new StateStore(new VirtualClock(0), { ...deskState({}), instruments: rows(12) });
        const page = new Page();
        const states = new Map<number, DeskState>();
        let late: StateMessage[] = [];
        let count = 0;
        using _lane = store.subscribe((message) => {
          states.set(message.seq, store.state);
          const way = message.type === 'snapshot' ? 'comes' : (onTheWay[count++ % onTheWay.length] ?? 'comes');
          const before = late;
          late = way === 'late' ? [onTheWire(message)] : [];
          if (way === 'comes' || way === 'twice') page.take(onTheWire(message));
          if (way === 'twice') page.take(onTheWire(message));
          for (const each of before) page.take(each);
        });
        for (const [deed, n] of sequence) {
          store.patch(deeds[deed]?.(store.state, n) ?? {});
          // Behind it may be, wrong never: what it shows is what the desk had at that number.
          expect(page.view.state).toEqual(states.get(page.view.seq));
          if (page.isAsking) page.take(onTheWire(store.snapshot()));
        }
        for (const each of late) page.take(each);
        store.patch({ alerts: [deadToken, deadToken] });
        if (page.view.seq !== store.snapshot().seq) page.take(onTheWire(store.snapshot()));
        expect(page.view.state).toEqual(store.state);
      }),
    );
  });

  it('carries few bytes of a desk with 9,000 instruments: what has changed, and not what is beside it', () => {
    const activity = Array.from({ length: ACTIVITY_LIMIT }, (_, at) => {
      return { at, level: 'info' as const, area: 'feed' as const, text: `A line of the log, the ${at}th of them.` };
    });
    const watchlist = rows(9_000).map(({ key }) => key);
    const lost = { from: 0, to: 1, cause: 'network' as const, keys: watchlist.slice(0, 3_000) };
    const initial = deskState({ feed: { gaps: [lost, { ...lost, from: 2, to: null }] }, settings: { watchlist } });
    const store = new StateStore(new VirtualClock(0), { ...initial, instruments: rows(9_000), activity });
    const bytesOf = (patch: Partial<DeskState>): number => {
      let bytes = 0;
      using _lane = store.subscribe((message) => {
        if (message.type === 'patch') bytes += JSON.stringify(message).length;
      });
      store.patch(patch);
      return bytes;
    };
    const { instruments, feed, settings } = store.state;
    const line = { at: 1, level: 'info' as const, area: 'feed' as const, text: 'One more line.' };
    const bytes = {
      snapshot: JSON.stringify(store.snapshot()).length,
      oneStale: bytesOf({
        instruments: instruments.map((each, slot) => (slot === 700 ? { ...each, stale: true } : each)),
      }),
      allStale: bytesOf({ instruments: instruments.map((each) => ({ ...each, stale: true })) }),
      everyThirdFirstTick: bytesOf({
        instruments: instruments.map((each, slot) => (slot % 3 === 0 ? { ...each, firstTickAt: 5 } : each)),
      }),
      counters: bytesOf({ feed: { ...feed, frames: 1, ticks: 2, lastTickAt: 3 } }),
      gapEnds: bytesOf({ feed: { ...feed, gaps: feed.gaps.map((gap) => ({ ...gap, to: 9 })) } }),
      line: bytesOf({ activity: [...activity, line].slice(-ACTIVITY_LIMIT) }),
      theme: bytesOf({ settings: { ...settings, theme: 'dark' } }),
      unwatched: bytesOf({ settings: { ...settings, watchlist: watchlist.toSpliced(4_000, 1) } }),
    };
    expect(bytes.snapshot).toBeGreaterThan(2_000_000);
    expect(bytes.everyThirdFirstTick).toBeLessThan(25_000);
    const { snapshot: _s, everyThirdFirstTick: _e, ...small } = bytes;
    expect(Object.entries(small).filter(([, count]) => count === 0 || count > 400)).toEqual([]);
  });
});
