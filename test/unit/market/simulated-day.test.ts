import { expect, it } from 'vitest';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { simulatedDate } from '../../../src/market/simulated-day.ts';

it.each([
  ['a trading day', '2026-11-23', '2026-11-23'],
  ['a Sunday', '2026-11-29', '2026-11-27'],
  ['a holiday', '2026-11-10', '2026-11-09'],
  ['a holiday after another', '2026-11-24', '2026-11-23'],
])('a simulation on %s plays a day with trading', (_name, today, expected) => {
  expect(simulatedDate(bundledCalendar(), today)).toBe(expected);
});
