import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bar, fillMinute, TICKS_PER_MINUTE } from '../../exchange/market/minute-ticks.ts';

const anyBar: fc.Arbitrary<Bar> = fc
  .record({
    base: fc.integer({ min: 10_000, max: 9_000_000 }),
    range: fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 0, max: 20_000 })),
    open: fc.double({ min: 0, max: 1, noNaN: true }),
    close: fc.double({ min: 0, max: 1, noNaN: true }),
    step: fc.constantFrom(1, 5),
  })
  .map(({ base, range, open, close, step }) => ({
    low: base * step,
    high: (base + range) * step,
    open: (base + Math.round(range * open)) * step,
    close: (base + Math.round(range * close)) * step,
  }));

describe('the ticks of a minute', () => {
  it('begin at the open, end at the close, and have exactly the high and low of the bar', () => {
    fc.assert(
      fc.property(anyBar, fc.integer(), (bar, seed) => {
        const values = new Int32Array(TICKS_PER_MINUTE);
        fillMinute(bar, seed, values);
        expect(values[0]).toBe(bar.open);
        expect(values.at(-1)).toBe(bar.close);
        expect(Math.max(...values)).toBe(bar.high);
        expect(Math.min(...values)).toBe(bar.low);
      }),
      { numRuns: 2000 },
    );
  });

  it('touch both extremes wherever chance puts them in the minute', () => {
    const values = new Int32Array(TICKS_PER_MINUTE);
    for (let seed = 0; seed < 2_000; seed++) {
      fillMinute({ open: 1_110, high: 1_140, low: 1_000, close: 1_120 }, seed, values);
      expect([Math.min(...values), Math.max(...values)]).toEqual([1_000, 1_140]);
    }
  });

  it('stay on the step of the prices they are made from', () => {
    const values = new Int32Array(TICKS_PER_MINUTE);
    fillMinute({ open: 2_605_585, high: 2_608_605, low: 2_605_200, close: 2_608_310 }, 7, values);
    expect(values.every((value) => value % 5 === 0)).toBe(true);
    expect(new Set(values).size).toBeGreaterThan(40);
  });
});
