import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BookInstrument } from '../../../src/feed/quote-book.ts';
import '../../support/property-seed.ts';
import { FeedBench, quote } from './feed-bench.ts';
import { at, infosys, nifty, niftyFuture, sensex } from './instruments.ts';
import type { TickSpec } from './packets.ts';

const sensexFuture: BookInstrument = {
  key: 'BFO:SENSEX26NOVFUT',
  token: 1_107_204,
  role: 'future',
  segment: 'BFO_FUT',
};
const followed = [nifty, sensex, niftyFuture, sensexFuture, infosys];

/** A market in which each instrument trades at times of its own, and a socket that leaves some of them out. */
class Market {
  readonly bench: FeedBench;
  /** Left out by the socket. */
  readonly silent = new Set<string>();
  /** Not traded at all since then; ms. */
  readonly calmSince = new Map<string, number>();
  /** What REST knows of: by default all of the market. */
  restKnows = true;

  constructor(time: string, instruments: readonly BookInstrument[] = followed) {
    this.bench = new FeedBench(at(time), instruments);
    const { bench } = this;
    const streamed = (tokens: ReadonlySet<number>): readonly TickSpec[] =>
      instruments.filter(({ token, key }) => tokens.has(token) && !this.silent.has(key)).map((one) => this.tickOf(one));
    bench.ticker.ticks = streamed;
    bench.ticker.cached = streamed;
    bench.quoteOf = (key) => {
      const instrument = instruments.find((one) => one.key === key);
      if (instrument === undefined || !this.restKnows) return null;
      const { lastPrice, exchangeTimeMs, volume = 0 } = this.tickOf(instrument);
      return { ...quote(instrument, lastPrice, exchangeTimeMs), volume };
    };
  }

  get told(): readonly string[] {
    return (this.bench.state.silent ?? []).map(({ key }) => key);
  }

  /** When `key` was first told of, after `fromMs`. */
  toldAfter(fromMs: number, key: string): number {
    return this.bench.toldAfter(fromMs, ({ silent = [] }) => silent.some((one) => one.key === key));
  }

  rowOf({ key }: BookInstrument) {
    return this.bench.book.row(this.bench.book.slotOf(key), false);
  }

  private tickOf({ token, key }: BookInstrument): TickSpec {
    const nowMs = Math.min(this.bench.market.now(), this.calmSince.get(key) ?? Number.POSITIVE_INFINITY);
    const second = Math.floor(nowMs / 1000);
    return { token, lastPrice: 26_000 + (second % 40), exchangeTimeMs: second * 1000, volume: second % 100_000 };
  }
}

interface Row {
  readonly instrument: BookInstrument;
  readonly toldInMs: number;
  readonly isShown?: boolean;
}

describe('one instrument that sends nothing while the others tick', () => {
  it.each<[string, Row]>([
    ['an index of the NSE', { instrument: nifty, toldInMs: 7_500 }],
    ['an index of the BSE', { instrument: sensex, toldInMs: 7_500 }],
    ['a future', { instrument: niftyFuture, toldInMs: 17_500 }],
    ['a share that is shown', { instrument: infosys, toldInMs: 19_000, isShown: true }],
  ])('%s is told of, asked for alone, and shown by REST', async (_, { instrument, toldInMs, isShown = false }) => {
    const market = new Market('11:00:00');
    using bench = market.bench;
    await bench.goLive();
    if (isShown) bench.supervisor.setShown([bench.book.slotOf(instrument.key)]);
    await bench.clock.advance(5_000);
    const fromMs = bench.clock.now();
    market.silent.add(instrument.key);
    await bench.clock.advance(40_000);
    expect(market.toldAfter(fromMs, instrument.key)).toBeLessThanOrEqual(toldInMs);
    expect(bench.state).toMatchObject({ state: 'live', source: 'websocket' });
    expect(bench.state.silent).toMatchObject([{ key: instrument.key, evidence: 'newer-by-rest' }]);
    expect(Math.abs((bench.state.silent?.[0]?.since ?? 0) - fromMs)).toBeLessThanOrEqual(1_000);
    expect(new Set(bench.rest.calls.flatMap(({ keys }) => keys))).toEqual(new Set([instrument.key]));
    // An honest row: by REST, with the exchange's own stamp, and no older than REST's pace.
    const row = market.rowOf(instrument);
    expect(row).toMatchObject({ fromRest: true, stale: false });
    expect(bench.clock.now() - (row?.exchangeTime ?? 0)).toBeLessThanOrEqual(3_500);
    const starts = bench.rest.calls.map(({ atMs }) => atMs);
    expect(Math.min(...starts.slice(1).map((ms, index) => ms - (starts[index] ?? 0)))).toBeGreaterThanOrEqual(1_200);

    market.silent.clear();
    await bench.clock.advance(2_000);
    expect(market.told).toEqual([]);
    expect(market.rowOf(instrument)).toMatchObject({ fromRest: false, stale: false });
    const calls = bench.rest.calls.length;
    await bench.clock.advance(30_000);
    expect(bench.rest.calls).toHaveLength(calls);
  });

  it('is two where two are silent, in one request', async () => {
    const market = new Market('11:00:00');
    using bench = market.bench;
    await bench.goLive();
    market.silent.add(sensex.key).add(sensexFuture.key);
    await bench.clock.advance(25_000);
    expect(market.told.toSorted()).toEqual([sensexFuture.key, sensex.key].toSorted());
    expect(bench.rest.calls.at(-1)?.keys).toHaveLength(2);
    expect(bench.rest.calls.length).toBeLessThanOrEqual(25);
  });

  it('has a record of its own for as long as the socket lacks it, whatever REST brings', async () => {
    const market = new Market('11:00:00');
    using bench = market.bench;
    await bench.goLive();
    const fromMs = bench.clock.now();
    market.silent.add(nifty.key);
    await bench.clock.advance(60_000);
    market.silent.clear();
    await bench.clock.advance(3_000);
    expect(bench.state.gaps).toMatchObject([{ cause: 'exchange-quiet', keys: [nifty.key] }]);
    expect((bench.state.gaps[0]?.to ?? 0) - fromMs).toBeGreaterThanOrEqual(59_000);
  });

  it('that never came over the socket is told of at the open', async () => {
    const market = new Market('09:14:30');
    using bench = market.bench;
    market.silent.add(sensexFuture.key);
    await bench.goLive();
    await bench.clock.advanceTo(at('09:15:20'));
    expect(market.told).toEqual([sensexFuture.key]);
    await bench.clock.advance(3_000);
    expect(market.rowOf(sensexFuture)).toMatchObject({ fromRest: true, stale: false });
  });

  it('is told of when Kite cannot be asked, unless it is usually as calm', async () => {
    const market = new Market('11:00:00');
    using bench = market.bench;
    await bench.goLive();
    await bench.clock.advance(10_000);
    bench.rest.error = 'server-error';
    market.silent.add(nifty.key);
    await bench.clock.advance(30_000);
    expect(bench.state.silent).toMatchObject([{ key: nifty.key, evidence: 'no-answer' }]);
    expect(bench.book.isStale(bench.book.slotOf(nifty.key))).toBe(true);
    expect(bench.rest.calls.length).toBeLessThanOrEqual(10);
    // Kite can be asked again, and has newer prices: from then on they come that way.
    bench.rest.error = null;
    await bench.clock.advance(12_000);
    expect(bench.state.silent).toMatchObject([{ key: nifty.key, evidence: 'newer-by-rest' }]);
    expect(market.rowOf(nifty)).toMatchObject({ fromRest: true, stale: false });
    expect(bench.state.gaps).toMatchObject([{ keys: [nifty.key], to: null }]);
  });

  it.each<[string, (market: Market) => void]>([
    [
      'of an error',
      ({ bench }) => {
        bench.rest.error = 'server-error';
      },
    ],
    [
      'its answer names others only',
      ({ bench }) => {
        bench.quoteOf = () => null;
      },
    ],
    [
      'its answer has no price',
      ({ bench }) => {
        bench.quoteOf = () => quote(niftyFuture, 0, bench.clock.now());
      },
    ],
  ])('is not told of any more when Kite, that could not say because %s, has nothing newer', async (_, fails) => {
    const market = new Market('11:00:00');
    using bench = market.bench;
    await bench.goLive();
    await bench.clock.advance(10_000);
    const { quoteOf } = bench;
    fails(market);
    market.calmSince.set(niftyFuture.key, bench.clock.now());
    await bench.clock.advance(60_000);
    expect(bench.state.silent).toMatchObject([{ key: niftyFuture.key, evidence: 'no-answer' }]);
    expect(market.rowOf(niftyFuture)).toMatchObject({ stale: true });
    bench.rest.error = null;
    bench.quoteOf = quoteOf;
    await bench.clock.advance(12_000);
    bench.told.length = 0;
    const calls = bench.rest.calls.length;
    for (let minute = 0; minute < 5; minute++) {
      await bench.clock.advance(60_000);
      expect(market.rowOf(niftyFuture)).toMatchObject({ stale: false });
    }
    expect(bench.told.filter(({ state }) => (state.silent ?? []).length > 0)).toEqual([]);
    expect(bench.state.gaps.filter(({ to }) => to === null)).toEqual([]);
    expect(bench.rest.calls.length - calls).toBeLessThanOrEqual(31);
  });

  it('says that Kite does not answer once REST, that brought it, fails, and the contrary once it does not', async () => {
    const market = new Market('11:00:00');
    using bench = market.bench;
    await bench.goLive();
    await bench.clock.advance(5_000);
    market.silent.add(nifty.key);
    await bench.clock.advance(15_000);
    for (const [error, evidence] of [
      ['timeout', 'no-answer'],
      [null, 'newer-by-rest'],
    ] as const) {
      bench.rest.error = error;
      await bench.clock.advance(25_000);
      expect(bench.state.silent).toMatchObject([{ key: nifty.key, evidence }]);
      expect(market.rowOf(nifty)?.stale).toBe(error !== null);
    }
  });

  it('that sends nothing more and has traded once since is current by Kite’s word, and still told of', async () => {
    const market = new Market('11:00:00');
    using bench = market.bench;
    await bench.goLive();
    await bench.clock.advance(5_000);
    market.silent.add(niftyFuture.key);
    market.calmSince.set(niftyFuture.key, bench.clock.now() + 5_000);
    await bench.clock.advance(90_000);
    expect(bench.state.silent).toMatchObject([{ key: niftyFuture.key, evidence: 'newer-by-rest' }]);
    expect(market.rowOf(niftyFuture)).toMatchObject({ fromRest: true, stale: false });
  });

  it('is not told of while its line is down, nor asked for beside the fallback', async () => {
    const market = new Market('11:00:00');
    using bench = market.bench;
    await bench.goLive();
    await bench.clock.advance(5_000);
    market.silent.add(nifty.key);
    await bench.clock.advance(20_000);
    expect(market.told).toEqual([nifty.key]);
    bench.ticker.reception = { how: 'failed', networkCode: 'ECONNREFUSED', message: '' };
    bench.ticker.last.end({ how: 'closed', code: 1006, reason: '' });
    await bench.clock.advance(2_500);
    bench.told.length = 0;
    const calls = bench.rest.calls.length;
    await bench.clock.advance(24_000);
    expect(bench.told.filter(({ state }) => (state.silent ?? []).length > 0)).toEqual([]);
    const asked = bench.rest.calls.slice(calls);
    expect(asked.length).toBeGreaterThanOrEqual(19);
    for (const { keys } of asked) expect(new Set(keys)).toEqual(new Set(followed.map(({ key }) => key)));
    expect(market.rowOf(nifty)).toMatchObject({ fromRest: true, stale: false });
    bench.ticker.reception = 'accept';
    bench.supervisor.retryNow('asked by you');
    await bench.clock.advance(15_000);
    expect(bench.state).toMatchObject({ source: 'websocket', silent: [{ key: nifty.key, evidence: 'newer-by-rest' }] });
  });

  it.each<[string, (bench: FeedBench) => void]>([
    [
      'nothing brings the others',
      (bench) => {
        bench.rest.error = 'server-error';
      },
    ],
    ['there is no login', (bench) => bench.auth.signIn(null)],
  ])('is not told of while its line is down and %s', async (_, fails) => {
    const market = new Market('11:00:00');
    using bench = market.bench;
    await bench.goLive();
    await bench.clock.advance(5_000);
    market.silent.add(nifty.key);
    await bench.clock.advance(20_000);
    expect(market.told).toEqual([nifty.key]);
    fails(bench);
    await bench.clock.advance(25_000);
    bench.ticker.reception = { how: 'failed', networkCode: 'ECONNREFUSED', message: '' };
    bench.ticker.last.end({ how: 'closed', code: 1006, reason: '' });
    await bench.clock.advance(2_000);
    expect(market.told).toEqual([]);
    expect(bench.book.isStale(bench.book.slotOf(nifty.key))).toBe(true);
  });

  it('is told of while REST stands in for the socket and has no answer for that one', async () => {
    const market = new Market('11:00:00');
    using bench = market.bench;
    await bench.goLive();
    const { quoteOf } = bench;
    bench.quoteOf = (key) => (key === sensex.key ? null : quoteOf.call(bench, key));
    bench.ticker.reception = { how: 'failed', networkCode: 'ECONNREFUSED', message: '' };
    bench.ticker.last.end({ how: 'closed', code: 1006, reason: '' });
    await bench.clock.advance(15_000);
    expect(bench.state).toMatchObject({ source: 'rest', silent: [{ key: sensex.key, evidence: 'no-answer' }] });
    // It is in the fallback's list already.
    expect(bench.rest.calls.filter(({ keys }) => keys.length < followed.length)).toEqual([]);
    bench.quoteOf = quoteOf;
    await bench.clock.advance(4_000);
    expect(market.told).toEqual([]);
  });

  it('is forgotten when trading ends, and when the feed stops', async () => {
    const market = new Market('15:14:20');
    using bench = market.bench;
    await bench.goLive();
    market.silent.add(nifty.key);
    await bench.clock.advanceTo(at('15:14:50'));
    expect(market.told).toEqual([nifty.key]);
    await bench.clock.advanceTo(at('15:15:05'));
    expect(market.told).toEqual([]);
    market.silent.add(niftyFuture.key);
    await bench.clock.advance(30_000);
    expect(market.told).toEqual([niftyFuture.key]);
    bench.supervisor.setDesired({ on: false, reason: 'paused' });
    expect(market.told).toEqual([]);
  });
});

describe('a contract that is only calm', () => {
  it('is neither told of nor stale nor missed, for an hour', async () => {
    const market = new Market('11:00:00');
    using bench = market.bench;
    await bench.goLive();
    market.calmSince.set(sensexFuture.key, bench.clock.now());
    bench.told.length = 0;
    for (let minute = 0; minute < 60; minute++) {
      await bench.clock.advance(60_000);
      expect(bench.book.isStale(bench.book.slotOf(sensexFuture.key))).toBe(false);
    }
    expect(bench.told.filter(({ state }) => (state.silent ?? []).length > 0)).toEqual([]);
    expect(bench.state.gaps).toEqual([]);
    // Never more than one question in ten seconds.
    expect(bench.rest.calls.length).toBeLessThanOrEqual(360);
  });

  it('is no alarm even while Kite cannot be asked, where its silence is the usual one', async () => {
    const market = new Market('11:00:00');
    using bench = market.bench;
    await bench.goLive();
    // A trade every forty seconds.
    const { ticks } = bench.ticker;
    bench.ticker.ticks = (tokens) => {
      market.calmSince.set(sensexFuture.key, Math.floor(bench.clock.now() / 40_000) * 40_000);
      return ticks(tokens);
    };
    await bench.clock.advance(600_000);
    bench.rest.error = 'server-error';
    bench.told.length = 0;
    await bench.clock.advance(600_000);
    expect(bench.told.filter(({ state }) => (state.silent ?? []).length > 0)).toEqual([]);
  });
});

it('raises an alarm exactly where REST has something newer', async () => {
  const step = fc.record({
    key: fc.constantFrom(nifty.key, sensex.key, niftyFuture.key, sensexFuture.key),
    how: fc.constantFrom('silent' as const, 'calm' as const),
    forMs: fc.integer({ min: 25, max: 60 }).map((seconds) => seconds * 1_000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
      const market = new Market('11:00:00');
      using bench = market.bench;
      await bench.goLive();
      for (const { key, how, forMs } of steps) {
        await bench.clock.advance(5_000);
        const fromMs = bench.clock.now();
        if (how === 'silent') market.silent.add(key);
        else market.calmSince.set(key, fromMs);
        await bench.clock.advance(forMs);
        expect(market.told).toEqual(how === 'silent' ? [key] : []);
        if (how === 'silent') expect(market.toldAfter(fromMs, key)).toBeLessThanOrEqual(17_500);
        market.silent.clear();
        market.calmSince.clear();
        await bench.clock.advance(2_000);
        expect(market.told).toEqual([]);
      }
    }),
    { numRuns: 40 },
  );
});
