import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AuthStateName, authStates } from '../../../src/contract/states.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { type IstDate, instantOf } from '../../../src/market/ist.ts';
import { planDay } from '../../../src/schedule/day-plan.ts';
import { type Desired, desired } from '../../../src/schedule/desired.ts';

const calendar = bundledCalendar();

function at(
  date: IstDate,
  time: string,
  options: { state?: AuthStateName; usable?: boolean; paused?: boolean } = {},
): Desired {
  const { state = 'valid', usable = state === 'valid', paused = false } = options;
  const plan = planDay(calendar, date, ['NSE_INDEX', 'BSE_INDEX', 'NFO_FUT', 'BFO_FUT']);
  return desired({ nowMs: instantOf(date, time), plan, auth: { state, usable }, paused });
}

describe('what should be running', () => {
  test.each<[string, IstDate, string, 'on' | 'off', string, boolean]>([
    ['before the login check', '2026-11-23', '08:49:59', 'off', 'starts at 08:55', false],
    ['from the login check', '2026-11-23', '08:50', 'off', 'starts at 08:55', true],
    ['from the feed start', '2026-11-23', '08:55', 'on', 'trading day until 15:45', true],
    ['to the last second', '2026-11-23', '15:44:59', 'on', 'trading day until 15:45', true],
    ['after the stop', '2026-11-23', '15:45', 'off', 'stopped at 15:45, after the close', false],
    ['on a holiday', '2026-11-24', '10:00', 'off', 'holiday: Guru Nanak Jayanti', false],
    ['on a weekend', '2026-11-22', '10:00', 'off', 'weekend', false],
    ['in the first window of a drill', '2024-03-02', '10:04', 'on', 'Disaster-recovery drill until 10:05', true],
    ['in its long break', '2024-03-02', '10:30', 'off', 'starts at 11:10', false],
    ['in its second window', '2024-03-02', '11:10', 'on', 'Disaster-recovery drill until 12:35', true],
    [
      'beyond the calendar',
      '2027-01-04',
      '10:00',
      'on',
      'calendar unknown: running by the last known hours until 15:45',
      true,
    ],
    [
      'where hours are unpublished',
      '2026-11-08',
      '18:30',
      'on',
      'Muhurat trading: hours not published, watching until 19:20',
      true,
    ],
  ])('%s', (_case, date, time, feed, feedReason, validate) => {
    expect(at(date, time)).toEqual({ feed, feedReason, validate });
  });

  test.each<[AuthStateName, boolean, 'on' | 'off']>([
    ['valid', true, 'on'],
    ['unverified', true, 'on'],
    // Wanted, so that it says what holds it up and goes on by itself; no connection is made without a usable login.
    ['unverified', false, 'on'],
    ['suspect', false, 'on'],
    ['expired', false, 'on'],
    ['signed-out', false, 'off'],
    ['unconfigured', false, 'off'],
  ])('with a login that is %s (usable: %s) the feed is %s, and the login is looked after', (state, usable, feed) => {
    const wanted = at('2026-11-23', '10:00', { state, usable });
    expect(wanted.feed).toBe(feed);
    expect(wanted.validate).toBe(true);
  });

  test('a feed paused by the trader is off, with the login still looked after', () => {
    expect(at('2026-11-23', '10:00', { paused: true })).toEqual({
      feed: 'off',
      feedReason: 'paused by the trader',
      validate: true,
    });
  });

  test('the feed is never on without a login, at any time of any day, and always has a reason', () => {
    const dates = fc.constantFrom('2026-11-23', '2026-11-24', '2024-03-02', '2026-11-08', '2027-01-04');
    const state = fc.constantFrom(...authStates);
    fc.assert(
      fc.property(dates, fc.integer({ min: 0, max: 1439 }), state, fc.boolean(), (date, minute, name, usable) => {
        const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
        const wanted = at(date, time, { state: name, usable });
        if (wanted.feed === 'on') expect(['unconfigured', 'signed-out']).not.toContain(name);
        expect(wanted.feedReason).not.toBe('');
      }),
    );
  });
});
