import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitText } from '../../../renderer/features/watchlist/limit-text.ts';
import { moved, restored } from '../../../renderer/features/watchlist/list-edits.ts';

const list = ['A', 'B', 'C'] as const;
const lists = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 20 });

describe('moving an instrument', () => {
  test('goes one place up or down', () => {
    expect(moved(list, 'B', -1)).toEqual(['B', 'A', 'C']);
    expect(moved(list, 'B', 1)).toEqual(['A', 'C', 'B']);
  });

  test('changes nothing at the ends, or for what is not in the list', () => {
    expect(moved(list, 'A', -1)).toBe(list);
    expect(moved(list, 'C', 1)).toBe(list);
    expect(moved(list, 'X', 1)).toBe(list);
  });

  test('keeps every instrument, and back again is as before', () => {
    fc.assert(
      fc.property(lists, fc.nat(), (keys, at) => {
        const key = keys[at % keys.length] ?? '';
        const down = moved(keys, key, 1);
        expect([...down].sort()).toEqual([...keys].sort());
        if (down !== keys) expect(moved(down, key, -1)).toEqual(keys);
      }),
    );
  });
});

describe('taking a removal back', () => {
  test('puts the instrument where it stood', () => {
    fc.assert(
      fc.property(lists, fc.nat(), (keys, at) => {
        const index = at % keys.length;
        const key = keys[index] ?? '';
        expect(restored(keys.toSpliced(index, 1), { key, index })).toEqual(keys);
      }),
    );
  });

  test('puts it last where the list has become shorter, and never in twice', () => {
    expect(restored(['A'], { key: 'Z', index: 9 })).toEqual(['A', 'Z']);
    expect(restored(list, { key: 'B', index: 0 })).toBe(list);
  });
});

test.each([
  [8_099, null],
  [8_100, 'Room for 900 more instruments: Kite gives 9,000.'],
  [8_999, 'Room for 1 more instrument: Kite gives 9,000.'],
  [9_003, 'Kite gives 9,000 live instruments: the last 3 get no prices.'],
])('with %i of 9,000 instruments the watchlist says %j', (used, text) => {
  expect(limitText({ used, limit: 9_000 })).toBe(text);
});
