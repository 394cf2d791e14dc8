import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayUpdateAt } from '../../../electron/update/update-window.ts';
import { DAY_MS, instantOf } from '../../../src/market/ist.ts';

test.each([
  ['08:29:59', true],
  ['08:30:00', false],
  ['12:00:00', false],
  ['15:59:59', false],
  ['16:00:00', true],
  ['00:00:00', true],
])('at %s IST an update may be worked on: %s', (time, may) => {
  expect(mayUpdateAt(instantOf('2026-11-23', time))).toBe(may);
});

test('every day has the same hours: Sundays, holidays and days beyond the calendar', () => {
  const anyDay = fc.integer({ min: 0, max: 40_000 });
  const anyTime = fc.integer({ min: 0, max: DAY_MS - 1 });
  const first = instantOf('2000-01-01', '00:00');
  fc.assert(
    fc.property(anyDay, anyTime, (day, time) => {
      expect(mayUpdateAt(first + day * DAY_MS + time)).toBe(mayUpdateAt(first + time));
    }),
  );
});
