import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FollowedMinutes, wanted } from '../../../src/history/backfill-wanted.ts';

const MINUTE_MS = 60_000;
const now = 1_000 * MINUTE_MS;

const followed: fc.Arbitrary<FollowedMinutes> = fc.record({
  slot: fc.nat({ max: 9_000 }),
  isWaitedFor: fc.boolean(),
  firstMs: fc.option(fc.integer({ min: 600, max: 999 }).map((minute) => minute * MINUTE_MS)),
  dayOpenMs: fc.constant(600 * MINUTE_MS),
  hasDoubt: fc.boolean(),
  isWholeDayDue: fc.boolean(),
  notBeforeMs: fc.constantFrom(0, now + 1),
});

test('one request covers every hole of an instrument, what is waited for goes first, then what is in doubt', () => {
  const many = fc.uniqueArray(followed, { selector: ({ slot }) => slot, maxLength: 20 });
  fc.assert(
    fc.property(many, (all) => {
      const asked = wanted(all, now).map(({ slot, fromMs }) => ({ fromMs, of: all.find((one) => one.slot === slot) }));
      const due = all.filter((one) => one.notBeforeMs <= now && (one.firstMs !== null || one.isWholeDayDue));
      expect(new Set(asked.map(({ of }) => of))).toEqual(new Set(due));
      expect(asked).toHaveLength(due.length);
      for (const { fromMs, of } of asked) {
        expect(fromMs).toBeGreaterThanOrEqual(of?.dayOpenMs ?? 0);
        expect(fromMs).toBeLessThanOrEqual(of?.firstMs ?? now);
        if (of?.isWholeDayDue) expect(fromMs).toBe(of.dayOpenMs);
      }
      const ranks = asked.map(({ of }) => (of?.isWaitedFor ? 0 : 2) + (of?.hasDoubt ? 0 : 1));
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    }),
  );
});
