import { expect, test } from 'vitest';
import { DeskClock } from '../../../renderer/state/desk-clock.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const NINE = Date.parse('2026-11-23T09:00:00+05:30');

function started() {
  const time = new VirtualClock('2026-01-01T00:00:00Z');
  return { time, clock: new DeskClock(time) };
}

test('market time goes on from the last message at the desk’s speed, whatever the PC’s wall clock does', async () => {
  const { time, clock } = started();
  expect(clock.now()).toBe(0);
  clock.sync(NINE, 20);
  time.jump(3_600_000);
  await time.advance(1500);
  expect(clock.now() - NINE).toBe(30_000);
});

test('at speed 1 it beats at every full market second', async () => {
  const { time, clock } = started();
  const beats: number[] = [];
  clock.sync(NINE + 400, 1);
  clock.subscribe(() => beats.push(clock.atBeat() - NINE));
  await time.advance(2700);
  expect(beats).toEqual([1000, 2000, 3000]);
});

test('at high speed it beats no more than five times a real second', async () => {
  const { time, clock } = started();
  let beats = 0;
  clock.sync(NINE, 100);
  clock.subscribe(() => beats++);
  await time.advance(1000);
  expect(beats).toBe(5);
});

test('nobody listening, or disposed, leaves no timer behind', () => {
  const { time, clock } = started();
  clock.sync(NINE, 1);
  const stop = clock.subscribe(() => {});
  expect(time.pending).toBe(1);
  stop();
  expect(time.pending).toBe(0);
  clock.subscribe(() => {});
  clock[Symbol.dispose]();
  expect(time.pending).toBe(0);
});
