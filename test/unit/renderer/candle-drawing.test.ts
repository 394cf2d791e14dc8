import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CandleDrawing } from '../../../renderer/features/chart/candle-drawing.ts';
import { axisTime } from '../../../renderer/format/ist.ts';
import { CandleBook } from '../../../renderer/state/candle-book.ts';
import type { CandleRow } from '../../../src/contract/commands.ts';
import type { CandleUpdate } from '../../../src/contract/tick-lane.ts';
import { StrictSeries } from '../../support/strict-series.ts';

const KEY = 'NFO:NIFTY26DECFUT';

function update(minute: number, close: number, volume: number, removed = false): CandleUpdate {
  return {
    slot: 0,
    start: minute * 60_000,
    open: 100,
    high: Math.max(100, close),
    low: Math.min(100, close),
    close,
    volume,
    openInterest: null,
    state: 'provisional',
    corrected: false,
    removed,
  };
}

/** A chart's series behind a book, as the page joins them. */
function drawn() {
  const book = new CandleBook({ invoke: () => new Promise(() => {}) });
  const candles = new StrictSeries<'Candlestick'>();
  const volumes = new StrictSeries<'Histogram'>();
  const drawing = new CandleDrawing({ candles: candles.api, volumes: volumes.api });
  book.onChange(KEY, null, (change) => drawing.apply(change));
  return { book, candles, volumes };
}

const barsOf = (rows: readonly CandleRow[]): unknown[] =>
  rows.map(([start, open, high, low, close]) => ({ time: axisTime(start), open, high, low, close }));

test('whatever the desk sends, in whatever order, the chart’s series are the book’s rows', () => {
  const minute = fc.nat(30);
  const sent = fc.tuple(minute, fc.integer({ min: 90, max: 110 }), fc.constantFrom(0, 0, 5, 9), fc.boolean());
  fc.assert(
    fc.property(fc.array(fc.array(sent, { maxLength: 6 }), { maxLength: 40 }), (batches) => {
      const { book, candles, volumes } = drawn();
      for (const batch of batches) {
        book.put(
          KEY,
          batch.map(([at, close, volume, isRemoved]) => update(at, close, volume, isRemoved)),
        );
        const { rows } = book.day(KEY, null);
        expect(candles.data()).toEqual(barsOf(rows));
        expect(volumes.data()).toEqual(
          rows.filter((row) => row[5] > 0).map((row) => ({ time: axisTime(row[0]), value: row[5] })),
        );
      }
    }),
  );
});

test('neither a tick, nor a new minute, nor a correction of an old one sets all of the data', () => {
  const { book, candles, volumes } = drawn();
  book.put(
    KEY,
    Array.from({ length: 375 }, (_, minute) => update(minute, 100, 5)),
  );
  const before = candles.redraws + volumes.redraws;
  for (let minute = 375; minute < 475; minute++) {
    for (let tick = 0; tick < 10; tick++) book.put(KEY, [update(minute, 100 + tick, 5 + tick)]);
    book.put(KEY, [update(minute - 90, 77, 6)]);
  }
  expect(candles.redraws + volumes.redraws - before).toBe(0);
  book.put(KEY, [update(200, 77, 6, true)]);
  expect(candles.redraws + volumes.redraws - before).toBe(2);
});
