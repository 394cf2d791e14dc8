import fc from 'fast-check';
import { expect, test } from 'vitest';
import { removeCandle, upsertCandle } from '../../../renderer/state/candle-rows.ts';
import type { CandleRow } from '../../../src/contract/commands.ts';

const MINUTE = 60_000;

function row(minute: number, close = 100): CandleRow {
  return [minute * MINUTE, 100, 101, 99, close, 10, null, 'settled', false];
}

test('a candle goes to its place among the others, whatever its minute', () => {
  const rows = [row(1), row(2)];
  expect([
    upsertCandle(rows, row(2, 105)),
    upsertCandle(rows, row(4)),
    upsertCandle(rows, row(3)),
    upsertCandle(rows, row(1, 99)),
    upsertCandle(rows, row(0)),
  ]).toEqual(['replaced', 'appended', 'inserted', 'replaced', 'inserted']);
  expect(rows).toEqual([row(0), row(1, 99), row(2, 105), row(3), row(4)]);
});

test('one that is taken away is gone, and one that is not there changes nothing', () => {
  const rows = [row(1), row(2), row(4)];
  expect([removeCandle(rows, 2 * MINUTE), removeCandle(rows, 3 * MINUTE), removeCandle(rows, 9 * MINUTE)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(rows).toEqual([row(1), row(4)]);
});

test('rows are a map from minute to the last candle said of it, in order', () => {
  const change = fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 9_999 }), fc.boolean());
  fc.assert(
    fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
      const rows: CandleRow[] = [];
      const truth = new Map<number, CandleRow>();
      for (const [minute, close, isRemoved] of changes) {
        if (isRemoved) {
          expect(removeCandle(rows, minute * MINUTE)).toBe(truth.delete(minute));
        } else {
          upsertCandle(rows, row(minute, close));
          truth.set(minute, row(minute, close));
        }
      }
      expect(rows).toEqual([...truth].sort(([a], [b]) => a - b).map(([, candle]) => candle));
    }),
  );
});
