import { expect, test } from 'vitest';
import { CrashBudget } from '../../../electron/window/crash-budget.ts';

test('three crashes in a minute are recovered from, the fourth asks', () => {
  const budget = new CrashBudget();
  expect([0, 1_000, 2_000, 3_000].map((at) => budget.spend(at))).toEqual([true, true, true, false]);
});

test('crashes far apart are always recovered from', () => {
  const budget = new CrashBudget();
  expect(Array.from({ length: 20 }, (_, index) => budget.spend(index * 20_001)).every(Boolean)).toBe(true);
});

test('a person who asks for another try gets the whole budget again', () => {
  const budget = new CrashBudget();
  for (let crash = 0; crash < 4; crash++) budget.spend(crash);
  budget.reset();
  expect([5, 6, 7, 8].map((at) => budget.spend(at))).toEqual([true, true, true, false]);
});
