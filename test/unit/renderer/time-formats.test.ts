import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAge, formatCountdown } from '../../../renderer/format/durations.ts';
import {
  axisTime,
  dayDate,
  fullDate,
  instantOfAxis,
  istDate,
  istMoment,
  istTime,
  shortDate,
  stepWeekday,
} from '../../../renderer/format/ist.ts';

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;

test.each([
  [0, '0 s'],
  [1, '1 s'],
  [59 * S + 1, '1 m 00 s'],
  [12 * M + 5 * S, '12 m 05 s'],
  [H - S, '59 m 59 s'],
  [H - 1, '1 h 00 m'],
  [4 * H + 12 * M + 40 * S, '4 h 12 m'],
  [D, '1 d 0 h'],
  [2 * D + 4 * H + 59 * M, '2 d 4 h'],
  [-5 * S, '0 s'],
])('a countdown of %d ms reads %s', (ms, text) => {
  expect(formatCountdown(ms)).toBe(text);
});

test.each([
  [-200, '<1 s'],
  [999, '<1 s'],
  [8_900, '8 s'],
  [2 * M + 10 * S, '2 m 10 s'],
  [H + 5 * M, '1 h 05 m'],
  [3 * D + H, '3 d'],
])('an age of %d ms reads %s', (ms, text) => {
  expect(formatAge(ms)).toBe(text);
});

describe('Indian time', () => {
  const lateEvening = Date.parse('2026-11-23T20:00:00Z');

  test('is five and a half hours ahead of UTC, across midnight too', () => {
    expect([istDate(lateEvening), istTime(lateEvening)]).toEqual(['2026-11-24', '01:30:00']);
  });

  test('a moment of today is said by its time, another by its day', () => {
    const deadline = Date.parse('2026-11-24T06:00:00+05:30');
    expect(istMoment(deadline, '2026-11-24')).toBe('06:00');
    expect(istMoment(deadline, '2026-11-23')).toBe('Tue 24 Nov 06:00');
  });

  test('dates are said in three lengths', () => {
    expect([shortDate('2026-11-04'), dayDate('2026-11-04'), fullDate('2026-11-04')]).toEqual([
      '4 Nov',
      'Wed 4 Nov',
      'Wed 4 Nov 2026',
    ]);
  });

  test('stepping by a weekday passes over weekends and ends of months', () => {
    expect(stepWeekday('2026-11-23', -1)).toBe('2026-11-20');
    expect(stepWeekday('2026-10-30', 1)).toBe('2026-11-02');
    expect(stepWeekday('2026-02-01', -1)).toBe('2026-01-30');
  });

  test('a place on the axis shows IST as if it were UTC, and leads back to its instant', () => {
    const opening = Date.parse('2026-11-23T09:15:00+05:30');
    expect(new Date(axisTime(opening) * 1000).toISOString()).toBe('2026-11-23T09:15:00.000Z');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        expect(instantOfAxis(axisTime(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
  });
});
