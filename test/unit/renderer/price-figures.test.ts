import { describe, expect, test } from 'vitest';
import { basisOf } from '../../../renderer/format/basis.ts';
import { dayChange, placeInRange } from '../../../renderer/format/change.ts';
import { quoteOf } from './quote-of.ts';

describe('basis', () => {
  test('is future minus spot while both are live', () => {
    expect(basisOf(quoteOf({ lastPrice: 26_000 }), quoteOf({ lastPrice: 26_052 }))).toEqual({
      known: true,
      points: 52,
      percent: 0.2,
    });
  });

  test.each([
    ['a frozen spot', quoteOf({ kind: 'frozen' }), quoteOf(), 'spot frozen'],
    ['an indicative spot', quoteOf({ kind: 'indicative' }), quoteOf({ kind: 'indicative' }), 'spot indicative'],
    ['a stale spot', quoteOf({ stale: true }), quoteOf(), 'spot stale'],
    ['a spot of yesterday', quoteOf({ kind: 'previous-close' }), quoteOf(), 'no spot trade'],
    ['an indicative future', quoteOf(), quoteOf({ kind: 'indicative' }), 'future indicative'],
    ['no spot', undefined, quoteOf(), 'no spot price'],
    ['a future without a price', quoteOf(), quoteOf({ lastPrice: 0 }), 'no future price'],
  ])('is blank, with its reason, for %s', (_, spot, future, reason) => {
    expect(basisOf(spot, future)).toEqual({ known: false, reason });
  });
});

describe('the day’s change', () => {
  test('is measured from the previous close', () => {
    expect(dayChange(quoteOf({ lastPrice: 26_130, close: 26_000 }))).toEqual({ points: 130, percent: 0.5 });
  });

  test.each([
    ['no quote', undefined],
    ['a price of an earlier day', quoteOf({ kind: 'previous-close' })],
    ['an unknown close', quoteOf({ close: 0 })],
    ['no last price', quoteOf({ lastPrice: 0 })],
  ])('is not known with %s', (_, quote) => {
    expect(dayChange(quote)).toBeNull();
  });
});

test.each([
  [{ low: 100, high: 200, lastPrice: 150 }, 0.5],
  [{ low: 100, high: 200, lastPrice: 99 }, 0],
  [{ low: 100, high: 200, lastPrice: 201 }, 1],
  [{ low: 100, high: 100, lastPrice: 100 }, 0.5],
  [{ low: 0, high: 0, lastPrice: 100 }, null],
])('the place in the day’s range of %o is %s', (prices, place) => {
  expect(placeInRange(quoteOf(prices))).toBe(place);
});
