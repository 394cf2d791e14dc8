import { expect, test } from 'vitest';
import { InterestRegistry } from '../../../renderer/state/interest.ts';
import type { TickInterest } from '../../../src/contract/bridge.ts';

function registry() {
  const told: TickInterest[] = [];
  return { told, interest: new InterestRegistry((wanted) => told.push(wanted)) };
}

test('several registrations within a turn are told once, sorted and without repeats', async () => {
  const { told, interest } = registry();
  interest.show('slots', [4, 1]);
  interest.show('slots', [1]);
  interest.show('depth', [1]);
  await Promise.resolve();
  expect(told).toEqual([{ slots: [1, 4], depth: [1], candles: [], hidden: false }]);
});

test('a slot is wanted until the last who shows it has gone', async () => {
  const { told, interest } = registry();
  const first = interest.show('slots', [1]);
  const second = interest.show('slots', [1]);
  await Promise.resolve();
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  await Promise.resolve();
  expect(told).toHaveLength(1);
  second[Symbol.dispose]();
  await Promise.resolve();
  expect(told.at(-1)).toEqual({ slots: [], depth: [], candles: [], hidden: false });
});

test('what is taken back and shown again within a turn is not worth a message', async () => {
  const { told, interest } = registry();
  const shown = interest.show('candles', [2]);
  await Promise.resolve();
  shown[Symbol.dispose]();
  interest.show('candles', [2]);
  await Promise.resolve();
  expect(told).toHaveLength(1);
});

test('a hidden window is told', async () => {
  const { told, interest } = registry();
  interest.setHidden(true);
  await Promise.resolve();
  expect(told.at(-1)?.hidden).toBe(true);
});
