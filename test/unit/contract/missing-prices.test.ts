import { describe, expect, test } from 'vitest';
import { isUrgent, missingPrices } from '../../../src/contract/missing-prices.ts';
import { goodDay } from '../../renderer-fixture/base-state.ts';
import { ist, sessionsOf, TODAY } from '../../renderer-fixture/day-plan.ts';

const at = (time: string): number => ist(TODAY, time);
const { market } = goodDay(TODAY, '11:00');
const none = { state: 'off', source: 'none', lastTickAt: null } as const;

const missed = (time: string, feed: Parameters<typeof missingPrices>[2] = none, day: Partial<typeof market> = {}) =>
  missingPrices({ ...market, ...day }, sessionsOf(TODAY), feed, at(time));

describe('prices that are being missed', () => {
  test.each([
    ['08:59:59', null, false],
    ['09:00:00', '09:00:00', false],
    ['09:14:59', '09:00:00', false],
    ['09:15:00', '09:00:00', true],
    ['15:20:00', '09:00:00', true],
    ['15:37:00', '09:00:00', true],
    ['15:40:00', null, false],
  ])('without a login at %s: since %s', (time, since, isOpen) => {
    expect(missed(time)).toEqual(since === null ? null : { since: at(since), isOpen });
  });

  test('begin with the last price that came in the session', () => {
    const feed = { ...none, state: 'backoff', lastTickAt: at('10:59:58') } as const;
    expect(missed('11:00:10', feed)?.since).toBe(at('10:59:58'));
    // One of the evening before says nothing of this morning.
    expect(missed('11:00:10', { ...feed, lastTickAt: at('08:56:00') })?.since).toBe(at('09:00:00'));
  });

  test.each([
    ['a live socket', { state: 'live', source: 'websocket' }],
    ['the backup', { state: 'backoff', source: 'rest' }],
    ['a connected feed of a market at rest', { state: 'stale', source: 'websocket', cause: 'exchange-quiet' }],
  ] as const)('are none with %s', (_, feed) => {
    expect(missed('11:00:00', feed)).toBeNull();
  });

  test('are none in a halt, and cannot be known on a day whose hours nobody knows', () => {
    expect(missed('11:00:00', none, { phase: 'halted' })).toBeNull();
    expect(missed('11:00:00', none, { day: 'unknown', hours: 'assumed' })).toBeNull();
    expect(missingPrices(market, [], none, at('11:00:00'))).toBeNull();
  });

  test('of a second session begin with it, not in the break before', () => {
    const window = (from: string, to: string) =>
      ({ segment: 'NSE_INDEX', kind: 'continuous', from: at(from), to: at(to) }) as const;
    const two = [window('09:15', '10:00'), window('11:30', '12:30')];
    expect(missingPrices(market, two, none, at('11:31:00'))?.since).toBe(at('11:30:00'));
    expect(missingPrices(market, two, none, at('10:30:00'))).toBeNull();
  });

  test('are urgent once trading is on and they have not come back at once', () => {
    expect(isUrgent({ since: at('09:00:00'), isOpen: false }, at('09:14:59'))).toBe(false);
    expect(isUrgent({ since: at('09:00:00'), isOpen: true }, at('09:15:00'))).toBe(true);
    expect(isUrgent({ since: at('11:00:00'), isOpen: true }, at('11:00:04'))).toBe(false);
    expect(isUrgent({ since: at('11:00:00'), isOpen: true }, at('11:00:05'))).toBe(true);
    expect(isUrgent(null, at('11:00:05'))).toBe(false);
  });
});
