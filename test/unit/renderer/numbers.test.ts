import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  directionOf,
  formatCompact,
  formatPercent,
  formatPrice,
  formatQuantity,
  formatSigned,
} from '../../../renderer/format/numbers.ts';

describe('prices', () => {
  test.each([
    [24_57_300.5, '24,57,300.50'],
    [26_068.15, '26,068.15'],
    [999, '999.00'],
    [1_00_00_000, '1,00,00,000.00'],
    [0.05, '0.05'],
    [0, '–'],
    [-1, '–'],
    [Number.NaN, '–'],
  ])('%d is written %s', (rupees, text) => {
    expect(formatPrice(rupees)).toBe(text);
  });

  test('group the last three digits, then pairs, whatever the price', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), (rupees) => {
        const [whole = '', paise] = formatPrice(rupees).split('.');
        expect(paise).toBe('00');
        expect(whole).toMatch(/^\d{1,3}$|^\d{1,2}(,\d{2})*,\d{3}$/);
        expect(Number(whole.replaceAll(',', ''))).toBe(rupees);
      }),
    );
  });
});

describe('differences', () => {
  test.each([
    [123.45, '+123.45', 'up'],
    [-1_154.25, '−1,154.25', 'down'],
    [0, '0.00', 'flat'],
    [0.004, '0.00', 'flat'],
    [-0.004, '0.00', 'flat'],
    [0.005, '+0.01', 'up'],
    [Number.NaN, '–', 'flat'],
  ])('%d is written %s and points %s', (points, text, direction) => {
    expect([formatSigned(points), directionOf(points)]).toEqual([text, direction]);
  });

  test('percentages carry their sign', () => {
    expect([formatPercent(0.514), formatPercent(-12), formatPercent(0)]).toEqual(['+0.51%', '−12.00%', '0.00%']);
  });
});

describe('quantities', () => {
  test.each([
    [75, '75'],
    [52_310, '52,310'],
    [99_999, '99,999'],
    [1_00_000, '1.00 L'],
    [34_21_400, '34.21 L'],
    [99_99_400, '99.99 L'],
    [99_99_700, '1.00 Cr'],
    [1_43_62_875, '1.44 Cr'],
    [Number.NaN, '–'],
  ])('%d is scanned as %s', (quantity, text) => {
    expect(formatCompact(quantity)).toBe(text);
  });

  test('are read in full with Indian grouping', () => {
    expect(formatQuantity(1_23_450)).toBe('1,23,450');
  });
});
