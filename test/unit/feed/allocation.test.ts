import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TOKENS_PER_CONNECTION, TokenAllocation } from '../../../src/feed/allocation.ts';

const tokens = (count: number, from = 1_000): number[] => Array.from({ length: count }, (_, index) => from + index);
const first = [1, 2, 3, 4, 5, 6];
const loadsOf = (parts: readonly (readonly number[])[]): number[] => parts.map((part) => part.length);

describe('tokens on connections', () => {
  it.each([
    [0, [6]],
    [2_994, [3_000]],
    [2_995, [1_501, 1_500]],
    [5_994, [3_000, 3_000]],
    [5_995, [2_001, 2_000, 2_000]],
    [8_994, [3_000, 3_000, 3_000]],
    [12_000, [3_000, 3_000, 3_000]],
  ])('%i besides six indices and futures make %j', (count, loads) => {
    const parts = new TokenAllocation().assign(first, tokens(count));
    expect(loadsOf(parts)).toEqual(loads);
    expect(parts[0]?.slice(0, first.length)).toEqual(first);
  });

  it('keep to what is asked for, fair shares and limits through any changes', () => {
    const change = fc.record({ count: fc.nat(9_500), from: fc.nat(9_000) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        const allocation = new TokenAllocation();
        for (const { count, from } of changes) {
          const others = tokens(count, 1_000 + from);
          const parts = allocation.assign(first, others);
          const all = parts.flat();
          expect(new Set(all).size).toBe(all.length);
          expect(all.toSorted((a, b) => a - b)).toEqual([...first, ...others.slice(0, 8_994)]);
          const loads = loadsOf(parts);
          expect(Math.max(...loads)).toBeLessThanOrEqual(TOKENS_PER_CONNECTION);
          expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(300);
          expect(parts[0]?.slice(0, first.length)).toEqual(first);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('stay where they are through small changes', () => {
    const allocation = new TokenAllocation();
    const before = allocation.assign(first, tokens(5_000));
    // All that go are of one connection: it has less, though not so much less that anything had to move.
    const gone = new Set(before[1]?.slice(0, 200));
    const after = allocation.assign(first, [
      ...tokens(5_000).filter((token) => !gone.has(token)),
      ...tokens(50, 90_000),
    ]);
    expect(loadsOf(after)).toEqual([2_503, 2_353]);
    for (const [number, part] of after.entries()) {
      const kept = part.filter((token) => token < 90_000);
      expect(kept.filter((token) => before[number]?.includes(token) !== true)).toEqual([]);
    }
  });

  it('do not open and close a connection around the limit', () => {
    const allocation = new TokenAllocation();
    const counts = [2_994, 2_995, 2_994, 2_900, 2_840, 2_995].map(
      (count) => allocation.assign(first, tokens(count)).length,
    );
    expect(counts).toEqual([1, 2, 2, 2, 1, 2]);
  });
});
