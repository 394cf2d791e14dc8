import { describe, expect, test } from 'vitest';
import { dayToPlay } from '../../../build/demo/day-to-play.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';

const calendar = bundledCalendar();

describe('the day a demo plays', () => {
  test.each([
    ['Sunday', '2026-11-29', '2026-11-27', 'Friday 27 November 2026'],
    ['Saturday', '2026-11-28', '2026-11-27', 'Friday 27 November 2026'],
    ['holiday', '2026-11-24', '2026-11-23', 'Monday 23 November 2026'],
  ])('on a %s is the last trading day, said as people say dates', (_, today, date, said) => {
    const played = dayToPlay(null, today, calendar);
    expect(played.date).toBe(date);
    expect(played.line).toContain(`No trading today: playing the last trading day, ${said}.`);
    expect(played.line).not.toMatch(/\d{4}-\d{2}-\d{2}/);
  });

  test('is today on a trading day, and nothing is said of it', () => {
    expect(dayToPlay(null, '2026-11-23', calendar)).toEqual({ date: '2026-11-23', line: null });
  });

  test('is the one asked for, whatever kind of day it is', () => {
    expect(dayToPlay('2026-11-29', '2026-11-23', calendar)).toEqual({
      date: '2026-11-29',
      line: expect.stringContaining('is a weekend: the app starts nothing'),
    });
    expect(dayToPlay('2026-11-20', '2026-11-29', calendar)).toEqual({ date: '2026-11-20', line: null });
  });
});
