import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CANDLE_LIMIT, mergeCandles, putCandle } from '../../../renderer/state/candle-rows.ts';
import type { CandleRow } from '../../../src/contract/commands.ts';

const MINUTE = 60_000;

function row(minute: number, close = 100): CandleRow {
  return [minute * MINUTE, 100, 101, 99, close, 10, null, 'provisional', false];
}

test('a later candle is appended, one of the same minute replaces, an earlier one is late and changes nothing', () => {
  const rows = [row(1), row(2)];
  expect([putCandle(rows, row(2, 105)), putCandle(rows, row(4)), putCandle(rows, row(3))]).toEqual([
    'replaced',
    'appended',
    'late',
  ]);
  expect(rows).toEqual([row(1), row(2, 105), row(4)]);
});

test('candles stay ascending and unique in whatever order they come', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), fc.array(fc.nat(50)), (history, live) => {
      const rows = mergeCandles(
        history.map((minute) => row(minute)),
        live.map((minute) => row(minute, 200)),
      );
      for (const minute of [...live, ...history]) putCandle(rows, row(minute, 300));
      const starts = rows.map(([start]) => start);
      expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
    }),
  );
});

test('in a merge the live candle wins over history of the same minute', () => {
  expect(mergeCandles([row(1), row(2)], [row(2, 200), row(3, 200)])).toEqual([row(1), row(2, 200), row(3, 200)]);
});

test('no more than the limit is kept, the oldest going first', () => {
  const history = Array.from({ length: CANDLE_LIMIT + 3 }, (_, minute) => row(minute));
  const rows = mergeCandles(history, []);
  putCandle(rows, row(CANDLE_LIMIT + 3));
  expect([rows.length, rows[0], rows.at(-1)]).toEqual([CANDLE_LIMIT, row(4), row(CANDLE_LIMIT + 3)]);
});
