import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChangeError, changeBetween, withChange } from '../../../src/contract/changes.ts';

/** What comes out of JSON: `-0` and `undefined` do not. */
const leaf = fc.oneof(fc.integer(), fc.string({ maxLength: 3 }), fc.boolean(), fc.constant(null));
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { noNullPrototype: true }),
  ),
}));
const onTheWire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('a change between two values', () => {
  it('makes the second of the first, also after a way as text, and is none when they are equal', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (before, after) => {
        const change = changeBetween(before, after);
        expect(change === null ? before : withChange(before, onTheWire(change))).toEqual(after);
        expect(changeBetween(after, structuredClone(after))).toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves what it was made from as it is, and what it does not touch the same object', () => {
    const before = { list: [{ id: 1 }, { id: 2 }], other: { deep: [1] } };
    const copy = structuredClone(before);
    const after = { ...before, list: [before.list[0], { id: 3 }] };
    const next = withChange(before, changeBetween(before, after) ?? { to: null });
    expect([before, next]).toEqual([copy, after]);
    expect([next.other === before.other, next.list[0] === before.list[0]]).toEqual([true, true]);
  });

  it('of a list of the newest is what went and what came, of rows alike their numbers, of a row in between that row', () => {
    const rows = Array.from({ length: 9_000 }, (_, id) => ({ id, stale: false }));
    expect(changeBetween(rows, [...rows.slice(1), { id: 9_000, stale: false }])).toEqual({
      drop: 1,
      splice: [8_999, 0, [{ id: 9_000, stale: false }]],
    });
    const stale = rows.map((row) => (row.id >= 3_000 && row.id !== 5_000 ? { ...row, stale: true } : row));
    expect(changeBetween(rows, stale)).toEqual({
      rows: [[[3_000, 2_000, 1, 3_999], { fields: { stale: { to: true } } }]],
    });
    expect(changeBetween(rows, rows.toSpliced(4_000, 1))).toEqual({ splice: [4_000, 1, []] });
    expect(changeBetween(rows, rows.toSpliced(0, 3))).toEqual({ drop: 3 });
  });

  it('does not fit a value of another form', () => {
    for (const [value, change] of [
      [[1], { fields: { a: { to: 1 } } }],
      [{ b: 1 }, { fields: { a: { to: 1 } } }],
      [{ a: 1 }, { drop: 1 }],
      [[1], { drop: 2 }],
      [[1], { rows: [[[0, 2], { to: 1 }]] }],
      [[1], { splice: [1, 1, []] }],
      [null, { splice: [0, 0, [1]] }],
    ] as const) {
      expect(() => withChange<unknown>(value, change)).toThrow(ChangeError);
    }
  });
});
