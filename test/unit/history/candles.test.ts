import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CandleUpdate } from '../../../src/contract/tick-lane.ts';
import { type BookInstrument, QuoteBook } from '../../../src/feed/quote-book.ts';
import { CandleBook } from '../../../src/history/candles.ts';
import { TouchedSlots } from '../../../src/kite/touched-slots.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { at, gold, infosys, nifty, niftyCall, niftyFuture } from '../feed/instruments.ts';
import { frameOf } from '../feed/packets.ts';
import { CandleBench, figuresOf, future, index, past } from './candle-bench.ts';

const calendar = bundledCalendar();
describe('a candle', () => {
  it('takes nothing from packets without a time, and no volume that was traded meanwhile', () => {
    const desk = new CandleBench().feed(
      { time: at('10:00:00'), price: 100, volume: 1_000 },
      { time: at('10:00:30'), price: 101, volume: 1_010 },
    );
    const rows = desk.rows();
    const packet = {
      token: niftyFuture.token,
      lastPrice: 500,
      exchangeTimeMs: 0,
      volume: 9_000,
      mode: 'quote' as const,
    };
    for (let second = 0; second < 300; second++) {
      desk.quotes.applyFrame(frameOf([packet]), at('10:01:00') + second * 1_000);
    }
    expect(desk.rows()).toEqual(rows);
    desk.feed({ time: at('10:06:10'), price: 105, volume: 9_100 }, { time: at('10:06:20'), price: 106, volume: 9_140 });
    expect(desk.rows().at(-1)).toEqual([at('10:06:00'), 105, 106, 105, 106, 40]);
  });

  it('holds the first, highest, lowest and last price of its exchange minute, and what was traded in it', () => {
    const desk = new CandleBench().feed(
      { time: at('09:14:30'), price: 99, volume: 1_000 },
      { time: at('09:15:00'), price: 100, volume: 1_010 },
      { time: at('09:15:20'), price: 104, volume: 1_025 },
      { time: at('09:15:40'), price: 98, volume: 1_040 },
      { time: at('09:15:59'), price: 101, volume: 1_050 },
      { time: at('09:16:00'), price: 103.35, volume: 1_060 },
    );
    expect(desk.rows()).toEqual([
      [at('09:15:00'), 100, 104, 98, 101, 50],
      [at('09:16:00'), 103.35, 103.35, 103.35, 103.35, 10],
    ]);
    expect(desk.candles.forming(future)).toEqual({
      slot: future,
      start: at('09:16:00'),
      open: 103.35,
      high: 103.35,
      low: 103.35,
      close: 103.35,
      volume: 10,
      openInterest: 0,
      state: 'forming',
      corrected: false,
      removed: false,
    });
    expect(desk.states()).toEqual(['provisional', 'forming']);
    desk.feed({ time: at('09:17:02'), price: 26_000, instrument: nifty });
    expect(desk.states()).toEqual(['provisional', 'provisional']);
  });

  it('goes by the time of the exchange, whatever the clock of the PC shows', () => {
    const desk = new CandleBench();
    for (const skewMs of [-3_000, 0, 40_000]) {
      desk.feed({ time: at('10:00:30'), price: 100, received: at('10:00:30') + skewMs });
    }
    expect(desk.rows().map(([start]) => start)).toEqual([at('10:00:00')]);
  });

  it('does not depend on the order of the ticks in its minute, nor on how often each comes', () => {
    const tick = fc.record({ second: fc.integer({ min: 0, max: 59 }), price: fc.integer({ min: 1, max: 5_000_000 }) });
    const minute = fc
      .uniqueArray(tick, { selector: ({ second }) => second, minLength: 1, maxLength: 60 })
      .chain((ticks) => fc.tuple(fc.constant(ticks), fc.array(fc.constantFrom(...ticks)), fc.infiniteStream(fc.nat())));
    fc.assert(
      fc.property(minute, ([ticks, duplicates, order]) => {
        const inOrder = [...ticks].sort((a, b) => a.second - b.second);
        const shuffled = [...ticks, ...duplicates]
          .map((one) => ({ one, rank: order.next().value }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ one }) => one);
        const series = (sequence: typeof ticks) => {
          const { columns, candles } = bareCandles();
          for (const { second, price } of sequence) {
            columns.exchangeTimeMs[0] = at('10:00:00') + second * 1000;
            columns.receivedAtMs[0] = at('10:00:59');
            columns.lastPrice[0] = price;
            columns.volume[0] = second * 10;
            candles.apply(touchedFirst());
          }
          return candles.rows(0, 0, Number.POSITIVE_INFINITY).map(figuresOf);
        };
        const prices = inOrder.map(({ price }) => price / 100);
        const seconds = inOrder.map(({ second }) => second);
        const expected = [
          at('10:00:00'),
          prices[0],
          Math.max(...prices),
          Math.min(...prices),
          prices.at(-1),
          ((seconds.at(-1) ?? 0) - (seconds[0] ?? 0)) * 10,
        ];
        expect(series(shuffled)).toEqual([expected]);
      }),
    );
  });

  it('is never moved by a tick that comes after its minute has closed', () => {
    const { columns, candles } = bareCandles();
    const tick = (time: string, price: number) => {
      columns.exchangeTimeMs[0] = at(time);
      columns.receivedAtMs[0] = at('10:05:00');
      columns.lastPrice[0] = price;
      candles.apply(touchedFirst());
    };
    tick('10:00:10', 10_000);
    tick('10:01:00', 10_100);
    const before = candles.rows(0, 0, Number.POSITIVE_INFINITY);
    tick('10:00:59', 99_999);
    expect(candles.rows(0, 0, Number.POSITIVE_INFINITY)).toEqual(before);
    expect(candles.lateTicks).toBe(1);
  });

  it('is the same whether a day comes once or every frame of it twice', () => {
    const ticks = Array.from({ length: 600 }, (_, step) => ({
      time: at('09:15:00') + step * 1000,
      price: 26_000 + ((step * 7919) % 101),
      volume: step * 65,
    }));
    const once = new CandleBench().feed(...ticks).rows();
    const twice = new CandleBench().feed(...ticks.flatMap((tick) => [tick, tick])).rows();
    expect(once).toHaveLength(10);
    expect(twice).toEqual(once);
    expect(once.reduce((sum, [, , , , , volume]) => sum + volume, 0)).toBe(599 * 65);
  });
});

describe('candles are made of continuous trading only', () => {
  it.each<[string, BookInstrument, readonly string[], readonly string[]]>([
    ['an index', nifty, ['08:59:59', '09:14:59', '15:15:00', '15:34:00', '16:00:00'], ['09:15:00', '15:14:59']],
    ['a future', niftyFuture, ['09:07:00', '09:14:59', '15:40:00'], ['09:15:00', '15:20:00', '15:39:59']],
    ['an option', niftyCall, ['09:05:00', '15:40:00'], ['09:15:00', '15:39:59']],
    ['a share with derivatives', infosys, ['09:09:00', '15:15:00', '15:25:00'], ['09:15:00', '15:14:59']],
  ])('of %s', (_, instrument, outside, inside) => {
    const desk = new CandleBench();
    const slot = desk.quotes.slotOf(instrument.key);
    const times = [...outside, ...inside].sort();
    desk.feed(...times.map((time) => ({ time: at(time), price: 100, instrument })));
    expect(desk.rows(slot).map(([start]) => start)).toEqual(inside.map((time) => at(`${time.slice(0, 5)}:00`)));
  });

  it('takes the last ticks of a session although they arrive after its end', () => {
    const desk = new CandleBench().feed(
      { time: at('15:14:58'), price: 26_000, instrument: nifty },
      { time: at('15:14:59'), price: 26_005, instrument: nifty, received: at('15:15:00') + 400 },
    );
    expect(desk.quotes.kind(index)).toBe('frozen');
    expect(desk.rows(index).at(-1)?.[4]).toBe(26_005);
  });

  it('makes none of a packet that Kite kept from earlier in the day', () => {
    const desk = new CandleBench().feed({ time: at('11:00:30'), price: 26_000, instrument: nifty });
    const kept = { time: at('10:15:07'), price: 120, volume: 500, instrument: niftyCall, received: at('11:00:31') };
    const fresh = { time: at('11:00:32'), price: 121, volume: 575, instrument: niftyCall };
    const slot = desk.quotes.slotOf(niftyCall.key);
    expect(desk.feed(kept).rows(slot)).toEqual([]);
    expect(desk.feed(fresh).rows(slot)).toEqual([[at('11:00:00'), 121, 121, 121, 121, 75]]);
  });

  it('keeps the indicative prices of the pre-open apart, at most one a second, where they change', () => {
    const desk = new CandleBench().feed(
      { time: at('08:59:59'), price: 25_990, instrument: nifty },
      { time: at('09:00:01'), price: 26_000, instrument: nifty },
      { time: at('09:00:01'), price: 26_001, instrument: nifty },
      { time: at('09:00:02'), price: 26_001, instrument: nifty },
      { time: at('09:07:00'), price: 26_010.5, instrument: nifty },
      { time: at('09:15:00'), price: 26_020, instrument: nifty },
    );
    expect(desk.candles.indicative(index)).toEqual([
      [at('09:00:01'), 26_001],
      [at('09:07:00'), 26_010.5],
    ]);
    expect(desk.rows(index)).toEqual([[at('09:15:00'), 26_020, 26_020, 26_020, 26_020, 0]]);
  });

  it('begins a new day with nothing of the old one', () => {
    const desk = new CandleBench().feed(
      { time: at('09:05:00'), price: 99 },
      { time: at('15:39:00'), price: 100, volume: 9_000 },
    );
    desk.feed({ time: at('10:00:00', '2026-11-25'), price: 110, volume: 65 });
    expect(desk.rows()).toEqual([[at('10:00:00', '2026-11-25'), 110, 110, 110, 110, 0]]);
    expect(desk.candles.indicative(future)).toEqual([]);
  });

  it('follows the clock of the exchange where no hours are kept', () => {
    const desk = new CandleBench().feed({ time: at('22:30:10'), price: 120_000, instrument: gold });
    expect(desk.rows(desk.quotes.slotOf(gold.key))).toHaveLength(1);
  });
});

describe('the quantity of a candle', () => {
  it('counts from nothing for a contract that was silent since yesterday', () => {
    const slot = 2;
    const desk = new CandleBench().feed(
      {
        time: at('15:39:00', '2026-11-20'),
        price: 100,
        volume: 7_000,
        instrument: niftyCall,
        received: at('08:55:00'),
      },
      { time: at('09:15:02'), price: 101, volume: 150, instrument: niftyCall },
    );
    expect(desk.rows(slot).map(([, , , , , volume]) => volume)).toEqual([150]);
  });

  it('is only what was seen when the app starts within the day', () => {
    const desk = new CandleBench().feed(
      { time: at('11:00:20'), price: 100, volume: 5_000 },
      { time: at('11:00:40'), price: 100, volume: 5_065 },
    );
    expect(desk.rows().map(([, , , , , volume]) => volume)).toEqual([65]);
  });

  it('does not put what was traded during an outage into the minute after it', () => {
    const play = (isInterrupted: boolean) => {
      const desk = new CandleBench().feed(
        { time: at('10:00:10'), price: 100, volume: 0 },
        { time: at('10:00:20'), price: 100, volume: 65 },
      );
      if (isInterrupted) desk.candles.interrupted();
      desk.feed(
        { time: at('10:10:10'), price: 100, volume: 90_000 },
        { time: at('10:10:20'), price: 100, volume: 90_130 },
      );
      return desk.rows().map(([, , , , , volume]) => volume);
    };
    expect(play(true)).toEqual([65, 130]);
    expect(play(false)).toEqual([65, 90_065]);
  });

  it('loses nothing in an outage within its minute', () => {
    const desk = new CandleBench().feed({ time: at('10:00:10'), price: 100, volume: 0 });
    desk.candles.interrupted();
    desk.feed({ time: at('10:00:50'), price: 100, volume: 650 });
    expect(desk.rows().map(([, , , , , volume]) => volume)).toEqual([650]);
  });
});

describe('a consumer of candles', () => {
  const drained = (tracked: { drain(visit: (candle: CandleUpdate) => void): void }) => {
    const seen: string[] = [];
    tracked.drain(({ slot, start, close }) =>
      seen.push(`${slot} ${new Date(start).toISOString().slice(14, 16)} ${close}`),
    );
    return seen;
  };

  it('gets every minute that closed between two drains, and each consumer its own', () => {
    const desk = new CandleBench();
    using quick = desk.candles.trackChanges();
    using slow = desk.candles.trackChanges();
    desk.feed({ time: at('10:00:10'), price: 100 });
    expect(drained(quick)).toEqual(['1 30 100']);
    desk.feed(
      { time: at('10:00:50'), price: 101 },
      { time: at('10:01:10'), price: 102 },
      { time: at('10:02:10'), price: 103 },
    );
    expect(drained(quick)).toEqual(['1 30 101', '1 31 102', '1 32 103']);
    expect(drained(quick)).toEqual([]);
    expect(quick.isEmpty).toBe(true);
    expect(drained(slow)).toEqual(['1 30 101', '1 31 102', '1 32 103']);
  });

  it('gets what history changed, and nothing else', () => {
    const desk = new CandleBench().feed({ time: at('10:02:10'), price: 103 }, { time: at('10:03:10'), price: 104 });
    using tracked = desk.candles.trackChanges();
    desk.history(future, [past('10:00:00', [1, 1, 1, 1]), past('10:01:00', [2, 2, 2, 2])], at('10:03:20'));
    expect(drained(tracked)).toEqual(['1 30 1', '1 31 2']);
  });

  it('is not handed slots that it does not want', () => {
    const desk = new CandleBench();
    using tracked = desk.candles.trackChanges();
    desk.feed({ time: at('10:00:10'), price: 100 }, { time: at('10:00:10'), price: 26_000, instrument: nifty });
    const seen: number[] = [];
    tracked.drain(
      ({ slot }) => seen.push(slot),
      (slot) => slot === index,
    );
    expect(seen).toEqual([index]);
    expect(tracked.isEmpty).toBe(true);
  });
});

/** Candles over columns that a test writes itself: the decoder would drop ticks that are out of order. */
function bareCandles() {
  const quotes = new QuoteBook(calendar);
  quotes.add(niftyFuture);
  quotes.refreshKinds(at('10:00:59'));
  const { columns } = quotes;
  const candles = new CandleBook({ columns, kind: () => 'live', dayOfSlot: (slot) => quotes.dayOfSlot(slot) });
  return { columns, candles };
}

function touchedFirst(): TouchedSlots {
  const touched = new TouchedSlots();
  touched.push(0);
  return touched;
}

describe('a candle of a time that cannot have been', () => {
  const ahead = { time: at('10:30:00'), price: 150, volume: 500, received: at('10:00:00') };
  const right = (second: number) => ({
    time: at('10:00:00') + second * 1_000,
    price: 100 + second / 10,
    volume: 1_000 + second,
  });
  const day = (desk: CandleBench) =>
    desk.rows().map(([start, open, high, low, close]) => [start, open, high, low, close]);

  it('goes with the first right tick, and the right ones make theirs', () => {
    const desk = new CandleBench().feed(ahead);
    expect(desk.rows()).toHaveLength(1);
    const clean = new CandleBench();
    for (let second = 1; second < 150; second++) {
      desk.feed(right(second));
      clean.feed(right(second));
      expect(day(desk)).toEqual(day(clean));
    }
    expect(desk.candles.lateTicks).toBe(0);
  });

  it.each([1, 30, 59, 60, 90])('leaves what was there before it, %d s into the day', (count) => {
    const [desk, clean] = [new CandleBench(), new CandleBench()];
    for (let second = 0; second < 150; second++) {
      if (second === count) desk.feed({ ...ahead, received: right(second).time }, { ...ahead, time: at('10:31:00') });
      desk.feed(right(second));
      clean.feed(right(second));
    }
    expect(day(desk)).toEqual(day(clean));
    for (const [, , , , , volume] of desk.rows()) expect(volume).toBeLessThanOrEqual(60);
    expect(desk.rows().every(([, , , , , volume]) => volume >= 0)).toBe(true);
  });

  it('is told as removed to who was shown it', () => {
    const desk = new CandleBench().feed(ahead);
    const changes = desk.candles.trackChanges();
    changes.markWhole(future);
    changes.drain(() => {});
    desk.feed(right(1));
    const told: unknown[] = [];
    changes.drain(({ start, removed }) => told.push([start, removed]));
    expect(told).toEqual([
      [at('10:00:00'), false],
      [at('10:30:00'), true],
    ]);
  });

  it('goes when its time is taken back, with no tick of its own, unless our clock says it has been', () => {
    for (const [nowTime, left] of [
      ['10:00:05', 0],
      ['10:30:05', 1],
    ] as const) {
      const desk = new CandleBench().feed(ahead);
      desk.quotes.columns.exchangeTimeMs[future] = 0;
      desk.candles.advance(at(nowTime));
      expect(desk.rows()).toHaveLength(left);
    }
  });

  it('is a settled or a kept one never', () => {
    const desk = new CandleBench().feed(right(0), { time: at('10:40:00'), price: 26_000, instrument: nifty });
    const kept = [at('10:05:00'), 100, 101, 99, 100, 65, null, 'settled', false] as const;
    const hours = desk.quotes.dayOfSlot(future);
    if (hours === undefined) throw new Error('no day');
    desk.candles.restore(future, hours, [kept]);
    desk.history(future, [past('10:10:00', [100, 101, 99, 100], 5)], at('10:40:00'));
    desk.feed(right(1));
    desk.candles.advance(at('10:00:10'));
    expect(desk.rows().map(([start]) => start)).toEqual([at('10:00:00'), at('10:05:00'), at('10:10:00')]);
  });
});
