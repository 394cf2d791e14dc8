import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../support/property-seed.ts';
import { QuoteBook } from '../../../src/feed/quote-book.ts';
import { StampCheck, type StampClocks } from '../../../src/feed/stamp-check.ts';
import { CandleBook } from '../../../src/history/candles.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { FeedBench, quote } from './feed-bench.ts';
import { at, infosys, nifty, niftyCall, niftyFuture, sensex } from './instruments.ts';
import { frameOf, type TickSpec } from './packets.ts';

const calendar = bundledCalendar();
const six = [nifty, sensex, niftyFuture, niftyCall, infosys];
const TEN = at('10:00:00');

/** A book fed by hand; the PC's clock is off by `skewMs`, and Kite's `Date` is known or not. */
class Rig {
  readonly book: QuoteBook;
  readonly candles: CandleBook;
  nowMs: number;
  readonly skewMs: number;
  readonly kinds: string[] = [];

  constructor(skewMs: number, knowsDate: boolean) {
    this.skewMs = skewMs;
    this.nowMs = TEN;
    const clocks: StampClocks = {
      monotonic: () => this.nowMs - TEN + 5_000,
      kiteNow: () => (knowsDate ? this.nowMs : null),
      speed: 1,
    };
    this.book = new QuoteBook(calendar, clocks);
    this.candles = new CandleBook(this.book);
    this.book.onTicks((touched) => this.candles.apply(touched));
    for (const instrument of six) this.book.add(instrument);
  }

  get receivedMs(): number {
    return this.nowMs + this.skewMs;
  }

  /** Everybody's tick of this second; `wrong`: one that bears another stamp comes first. */
  second(wrong: TickSpec | null): void {
    if (wrong !== null) this.book.applyFrame(frameOf([wrong]), this.receivedMs);
    const price = 26_000 + ((this.nowMs / 1000) % 7);
    const ticks = six.map(({ token }) => ({ token, lastPrice: price, exchangeTimeMs: this.nowMs, volume: 100 }));
    this.book.applyFrame(frameOf(ticks), this.receivedMs);
    this.book.refreshKinds(this.receivedMs);
    this.kinds.push(six.map((_, slot) => this.book.kind(slot)).join());
    this.nowMs += 1_000;
  }

  get outcome(): unknown {
    const rows = six.map((_, slot) => this.candles.rows(slot, 0, Number.POSITIVE_INFINITY));
    const held = six.map((_, slot) => this.book.row(slot, false)?.exchangeTime);
    return { kinds: this.kinds, rows, held, late: this.candles.lateTicks };
  }
}

describe('a stamp that cannot be true', () => {
  const wrongStamps = fc.array(
    fc.record({
      second: fc.integer({ min: 4, max: 100 }),
      aheadMs: fc.oneof(fc.integer({ min: 6, max: 60 }), fc.integer({ min: 61, max: 40_000 })).map((s) => s * 1_000),
    }),
    { minLength: 1, maxLength: 20 },
  );

  it('on one instrument changes no kind, no candle and no order of any', () => {
    fc.assert(
      fc.property(
        wrongStamps,
        fc.integer({ min: 0, max: six.length - 1 }),
        fc.constantFrom(-7_200_000, -40_000, 0, 40_000, 7_200_000),
        fc.boolean(),
        (wrong, slot, skewMs, knowsDate) => {
          const [clean, spoilt] = [new Rig(skewMs, knowsDate), new Rig(skewMs, knowsDate)];
          for (let second = 0; second < 110; second++) {
            const found = wrong.find((candidate) => candidate.second === second);
            clean.second(null);
            spoilt.second(
              found === undefined
                ? null
                : { token: six[slot]?.token ?? 0, lastPrice: 30_000, exchangeTimeMs: spoilt.nowMs + found.aheadMs },
            );
          }
          expect(spoilt.outcome).toEqual(clean.outcome);
          expect(spoilt.book.drops['impossible-time']).toBeGreaterThan(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is not held even if it was the very first of all', () => {
    const rig = new Rig(0, false);
    rig.book.applyFrame(
      frameOf([{ token: nifty.token, lastPrice: 26_000, exchangeTimeMs: TEN + 36_000_000 }]),
      rig.receivedMs,
    );
    for (let second = 0; second < 10; second++) rig.second(null);
    expect(rig.book.row(0, false)?.exchangeTime).toBe(TEN + 9_000);
    expect(rig.book.kind(0)).toBe('live');
  });

  it('as the time of the last trade leaves what was known of it', () => {
    const rig = new Rig(0, false);
    for (let second = 0; second < 5; second++) rig.second(null);
    const slot = six.indexOf(infosys);
    const before = rig.book.columns.lastTradeTimeMs[slot];
    const tick = { token: infosys.token, lastPrice: 1_500, exchangeTimeMs: rig.nowMs };
    rig.book.applyFrame(frameOf([{ ...tick, lastTradeTimeMs: rig.nowMs + 3_600_000 }]), rig.receivedMs);
    expect(rig.book.columns.lastTradeTimeMs[slot]).toBe(before);
    expect(rig.book.row(slot, false)?.lastPrice).toBe(1_500);
  });

  it('by REST is not taken, and the next good quote is', () => {
    const rig = new Rig(0, false);
    for (let second = 0; second < 5; second++) rig.second(null);
    expect(rig.book.applyQuotes([quote(niftyCall, 90, rig.nowMs + 30_000)], rig.receivedMs)).toBe(0);
    expect(rig.book.applyQuotes([quote(niftyCall, 91, rig.nowMs)], rig.receivedMs)).toBe(1);
    expect(rig.book.row(six.indexOf(niftyCall), false)?.lastPrice).toBe(91);
  });

  it('is the present after all where three instruments stream by it', () => {
    const rig = new Rig(0, true);
    for (let second = 0; second < 5; second++) rig.second(null);
    // The witness that is wrong now is `Date`, and with it all that was known.
    rig.nowMs += 600_000;
    const stale = new QuoteBook(calendar, { monotonic: () => rig.nowMs - TEN, kiteNow: () => TEN, speed: 1 });
    for (const instrument of six) stale.add(instrument);
    for (let second = 0; second < 4; second++, rig.nowMs += 1_000) {
      stale.applyFrame(
        frameOf(six.map(({ token }) => ({ token, lastPrice: 26_000, exchangeTimeMs: rig.nowMs }))),
        rig.nowMs,
      );
    }
    expect(six.map((_, slot) => stale.row(slot, false)?.lastPrice)).toEqual(six.map(() => 26_000));
  });

  it('is judged by others’ words alone, whoever is forgotten', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 20 }),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 }),
        (order, [judged = 0, ...others]) => {
          const check = new StampCheck(null, () => 4);
          for (const [second, slot] of [0, 1, 2, 3, 0, 1, 2, 3, ...order].entries()) {
            const nowMs = TEN + second * 1_000;
            check.startFrame(nowMs);
            check.isImpossible(slot, nowMs);
          }
          for (const slot of others) check.forget(slot);
          expect(check.isAhead(judged, TEN + 3_600_000)).toBe(false);
        },
      ),
    );
  });

  it('in one packet of each of them neither reconnects nor says anything of the clock', async () => {
    using bench = new FeedBench(TEN, six);
    await bench.goLive();
    await bench.clock.advance(40_000);
    for (const aheadMs of [10_000, 55_000, 3_600_000]) {
      const ticks = six.map(({ token }) => ({ token, lastPrice: 26_000, exchangeTimeMs: bench.clock.now() + aheadMs }));
      bench.ticker.last.deliver(ticks);
      await bench.clock.advance(15_000);
    }
    expect(bench.state).toMatchObject({ state: 'live', reconnects: 0, gaps: [] });
    expect(Math.abs(bench.state.lag.skewMs ?? 0)).toBeLessThan(2_000);
    expect(bench.ticker.sockets).toHaveLength(1);
    expect(six.map((_, slot) => bench.book.isStale(slot))).toEqual(six.map(() => false));
  });
});

describe('a full packet without a time', () => {
  const withoutTime = (slot: number): TickSpec => ({
    token: six[slot]?.token ?? 0,
    lastPrice: 25_999,
    exchangeTimeMs: 0,
    lastTradeTimeMs: 0,
    volume: 90,
  });

  it('changes nothing of an instrument that has a time, wherever it comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 0, max: six.length - 1 }),
        fc.constantFrom(-7_200_000, 0, 7_200_000),
        fc.boolean(),
        (seconds, slot, skewMs, knowsDate) => {
          const [clean, spoilt] = [new Rig(skewMs, knowsDate), new Rig(skewMs, knowsDate)];
          for (let second = 0; second <= 31; second++) {
            clean.second(null);
            spoilt.second(seconds.includes(second) ? withoutTime(slot) : null);
          }
          expect(spoilt.outcome).toEqual(clean.outcome);
          expect(spoilt.book.drops['no-time']).toBe(new Set(seconds).size);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([nifty, niftyCall, infosys])('leaves the order as it was: an old packet of $key is still too old', (one) => {
    const rig = new Rig(0, false);
    for (let second = 0; second < 5; second++) rig.second(null);
    const slot = six.indexOf(one);
    const before = rig.book.row(slot, true);
    rig.book.applyFrame(frameOf([withoutTime(slot)]), rig.receivedMs);
    rig.book.refreshKinds(rig.receivedMs);
    expect(rig.book.row(slot, true)).toEqual(before);
    rig.book.applyFrame(
      frameOf([{ token: one.token, lastPrice: 55, exchangeTimeMs: rig.nowMs - 3_600_000 }]),
      rig.receivedMs,
    );
    expect(rig.book.row(slot, true)).toEqual(before);
    expect([rig.book.drops['no-time'], rig.book.drops['stale-order']]).toEqual([1, 1]);
  });

  it('is taken as the previous close where no time is held', () => {
    const rig = new Rig(0, false);
    rig.book.applyFrame(frameOf([withoutTime(six.indexOf(infosys))]), rig.receivedMs);
    expect(rig.book.row(six.indexOf(infosys), false)).toMatchObject({ lastPrice: 25_999, kind: 'previous-close' });
  });
});

describe('a price that nobody traded', () => {
  const input = (name: string): Uint8Array =>
    new Uint8Array(readFileSync(new URL(`inputs/${name}.bin`, import.meta.url)));

  it('is the previous close and makes no candle', () => {
    const frame = input('never-traded');
    const token = new DataView(frame.buffer).getUint32(4);
    const book = new QuoteBook(calendar);
    const candles = new CandleBook(book);
    book.onTicks((touched) => candles.apply(touched));
    book.add({ ...niftyCall, token });
    const stampMs = new DataView(frame.buffer).getUint32(4 + 60) * 1000;
    book.applyFrame(frame, stampMs + 400);
    expect(book.row(0, false)).toMatchObject({ lastPrice: 123.45, kind: 'previous-close' });
    expect(candles.rows(0, 0, Number.POSITIVE_INFINITY)).toEqual([]);
  });

  it('is the previous close by REST too, and live with its first trade', () => {
    const rig = new Rig(0, false);
    const slot = six.indexOf(niftyCall);
    const none = { ...quote(niftyCall, 90, TEN), volume: 0, open: 0, high: 0, low: 0, lastTradeTimeMs: null };
    rig.book.applyQuotes([none], TEN);
    expect(rig.book.kind(slot)).toBe('previous-close');
    rig.book.applyQuotes([quote(niftyCall, 92, TEN + 1_000)], TEN + 1_000);
    expect(rig.book.kind(slot)).toBe('live');
  });

  it.each([0, -1])('of %s is none: by socket, by REST, of an index', (price) => {
    const rig = new Rig(0, false);
    for (let second = 0; second < 3; second++) rig.second(null);
    const before = rig.outcome;
    const ticks = [nifty, infosys].map(({ token }) => ({ token, lastPrice: price, exchangeTimeMs: rig.nowMs }));
    rig.book.applyFrame(frameOf(ticks), rig.receivedMs);
    rig.book.applyQuotes([quote(niftyCall, price, rig.nowMs)], rig.receivedMs);
    expect(rig.outcome).toEqual(before);
    expect(rig.book.drops['no-price']).toBe(3);
  });

  it('of an index at 10:02 leaves its range alone', () => {
    const frame = input('nifty-zero-price');
    const rig = new Rig(0, false);
    for (let second = 0; second < 3; second++) rig.second(null);
    const before = rig.book.row(0, false);
    rig.book.applyFrame(frame, rig.receivedMs);
    expect(rig.book.row(0, false)).toEqual(before);
  });
});
