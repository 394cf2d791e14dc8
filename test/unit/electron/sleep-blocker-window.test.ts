import { expect, test } from 'vitest';
import { isKeptAwake } from '../../../electron/power/sleep-blocker-window.ts';
import { instantOf } from '../../../src/market/ist.ts';
import { stepsOf } from './desk-state.ts';

const kept = (date: string, time: string): boolean =>
  isKeptAwake({ date, steps: stepsOf(date) }, instantOf(date, time));

test.each([
  ['2026-11-23', '08:44:59', false],
  ['2026-11-23', '08:45:00', true],
  ['2026-11-23', '12:00:00', true],
  ['2026-11-23', '15:44:59', true],
  ['2026-11-23', '15:45:00', false],
  // Before the hours were changed, the feed stopped ten minutes earlier.
  ['2026-02-16', '15:34:59', true],
  ['2026-02-16', '15:35:00', false],
  // A Sunday with a full session, and a holiday.
  ['2026-02-01', '10:00:00', true],
  ['2026-11-24', '10:00:00', false],
])('on %s at %s the PC is kept awake: %s', (date, time, awake) => {
  expect(kept(date, time)).toBe(awake);
});
