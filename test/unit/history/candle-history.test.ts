import { describe, expect, it } from 'vitest';
import type { KiteCandle } from '../../../src/kite/session.ts';
import { at, nifty } from '../feed/instruments.ts';
import { CandleBench, figuresOf, future, index, past } from './candle-bench.ts';

describe('history', () => {
  it('fills what is missing, corrects what differs, and leaves the forming candle alone', () => {
    const desk = new CandleBench().feed(
      { time: at('10:01:30'), price: 105, volume: 10 },
      { time: at('10:02:00'), price: 106, volume: 20 },
      { time: at('10:03:10'), price: 107, volume: 30 },
    );
    const result = desk.history(
      future,
      [
        past('10:00:00', [100, 103, 99, 102], 900),
        past('10:01:00', [102, 105, 101, 105], 800),
        past('10:02:00', [106, 106, 106, 106], 10),
        past('10:03:00', [1, 1, 1, 1], 1),
      ],
      at('10:03:12'),
    );
    expect(result).toEqual({ filled: 1, corrected: 1 });
    expect(desk.rows()).toEqual([
      [at('10:00:00'), 100, 103, 99, 102, 900],
      [at('10:01:00'), 102, 105, 101, 105, 800],
      [at('10:02:00'), 106, 106, 106, 106, 10],
      [at('10:03:00'), 107, 107, 107, 107, 10],
    ]);
    expect(desk.candles.rows(future, at('10:01:00'), at('10:03:00')).map(figuresOf)).toEqual(desk.rows().slice(1, 3));
  });

  it('changes nothing the second time', () => {
    const desk = new CandleBench().feed({ time: at('10:03:10'), price: 107, volume: 30 });
    const candles = [past('10:00:00', [100.05, 103.1, 99.95, 102.35], 900)];
    expect(desk.history(future, candles, at('10:03:12'))).toEqual({ filled: 1, corrected: 0 });
    expect(desk.history(future, candles, at('10:03:12'))).toEqual({ filled: 0, corrected: 0 });
    expect(desk.rows()[0]).toEqual([at('10:00:00'), 100.05, 103.1, 99.95, 102.35, 900]);
  });

  it('settles a minute: a tick of it that comes later changes nothing', () => {
    const desk = new CandleBench().feed(
      { time: at('10:02:30'), price: 100 },
      { time: at('10:03:01'), price: 26_000, instrument: nifty },
    );
    desk.history(future, [past('10:02:00', [99, 101, 98, 100], 500)], at('10:03:05'));
    desk.feed({ time: at('10:02:59'), price: 150, received: at('10:03:05') });
    expect(desk.rows()).toEqual([[at('10:02:00'), 99, 101, 98, 100, 500]]);
    expect(desk.candles.lateTicks).toBe(1);
  });

  it('is taken for continuous trading and the closing auction of the day only', () => {
    const desk = new CandleBench().feed({ time: at('15:50:00'), price: 100, instrument: nifty });
    const candles = [
      { ...past('15:14:00', [1, 1, 1, 1]), startMs: at('15:14:00', '2026-11-20') },
      past('09:08:00', [1, 1, 1, 1]),
      past('15:14:00', [1, 2, 1, 2]),
      past('15:29:00', [2, 3, 2, 3]),
      past('15:45:00', [1, 1, 1, 1]),
    ];
    expect(desk.history(index, candles, at('15:50:00'))).toEqual({ filled: 2, corrected: 0 });
    expect(desk.rows(index)).toEqual([
      [at('15:14:00'), 1, 2, 1, 2, 0],
      [at('15:29:00'), 2, 3, 2, 3, 0],
    ]);
  });
});

describe('a row that no trade can have made', () => {
  const good = past('10:01:00', [100, 101, 99, 100], 65);
  it.each<[string, Partial<KiteCandle>]>([
    ['an open of 0', { open: 0 }],
    ['all prices 0: never traded', { open: 0, high: 0, low: 0, close: 0, volume: 0 }],
    ['a low of 0', { low: 0 }],
    ['a negative price', { low: -1, close: -1 }],
    ['a high below the close', { high: 99.5 }],
    ['a low above the open', { low: 100.5 }],
    ['a price that is not a number', { close: Number.NaN }],
    ['a price without end', { high: Number.POSITIVE_INFINITY }],
    ['a price wider than Kite has', { high: 1e9 }],
    ['a negative quantity', { volume: -1 }],
    ['a quantity that is not a number', { volume: Number.NaN }],
    ['prices below the smallest unit', { open: 0.001, low: 0.001 }],
    ['a start off the minute', { startMs: at('10:01:30') }],
    ['a quantity beyond 32 bits', { volume: 5e9 }],
    ['a quantity beyond everything', { volume: 1e300 }],
    ['half a share', { volume: 1.5 }],
    ['a negative open interest', { openInterest: -7 }],
    ['an open interest beyond everything', { openInterest: 1e300 }],
    ['half a contract', { openInterest: 1.5 }],
  ])('makes no candle and takes none away, and the minute stays open: %s', (_, wrong) => {
    const desk = new CandleBench().feed(
      { time: at('10:01:10'), price: 100, volume: 65 },
      { time: at('10:03:10'), price: 100, volume: 130 },
    );
    const day = desk.quotes.dayOfSlot(future);
    if (day === undefined) throw new Error('no day');
    const rows = [past('10:00:00', [98, 99, 97, 98], 10), { ...good, ...wrong }, past('10:02:00', [97, 97, 97, 97], 5)];
    const answer = { rows, fromMs: at('10:00:00'), askedMs: at('10:03:30') };
    const before = desk.rows().find(([start]) => start === at('10:01:00'));
    expect(desk.candles.settle(future, day, answer)).toMatchObject({ removed: 0, unread: [at('10:01:00')] });
    expect(desk.rows().find(([start]) => start === at('10:01:00'))).toEqual(before);
    expect([desk.candles.isAnswered(future, day, at('10:01:00')), desk.candles.refusedRows]).toEqual([false, 1]);
    expect(desk.candles.isAnswered(future, day, at('10:00:00'))).toBe(true);
    desk.candles.settle(future, day, { ...answer, rows: [good] });
    expect(desk.candles.isAnswered(future, day, at('10:01:00'))).toBe(true);
  });

  it('leaves every unlisted minute open where its time cannot be read', () => {
    const desk = new CandleBench().feed({ time: at('10:05:10'), price: 100, volume: 65 });
    const day = desk.quotes.dayOfSlot(future);
    if (day === undefined) throw new Error('no day');
    const rows = [past('10:00:00', [98, 99, 97, 98], 10), past('10:03:00', [97, 97, 97, 97], 5)];
    const answer = { rows, refused: [null], fromMs: at('10:00:00'), askedMs: at('10:05:30') };
    expect(desk.candles.settle(future, day, answer).unread).toEqual([at('10:01:00'), at('10:02:00'), at('10:04:00')]);
  });

  it('does not come back from what an earlier run has kept', () => {
    const desk = new CandleBench().feed({ time: at('10:05:10'), price: 100, volume: 65 });
    const day = desk.quotes.dayOfSlot(future);
    if (day === undefined) throw new Error('no day');
    desk.candles.restore(future, day, [
      [at('10:01:00'), 0, 0, 0, 0, 0, null, 'settled', false],
      [at('10:02:00'), 100, 101, -5, 100, 65, null, 'settled', false],
      [at('10:03:00'), 100, 101, 99, 100, 65, null, 'settled', false],
    ]);
    expect(desk.rows().map(([start]) => start)).toEqual([at('10:03:00'), at('10:05:00')]);
  });
});
