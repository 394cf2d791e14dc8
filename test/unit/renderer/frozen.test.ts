import { expect, test } from 'vitest';
import { closeSince, frozenSince, isSessionClose } from '../../../renderer/format/frozen.ts';
import type { SessionWindow } from '../../../src/contract/state.ts';

const at = (time: string): number => Date.parse(`2026-11-23T${time}:00+05:30`);
const sessions: readonly SessionWindow[] = [
  { segment: 'NSE_INDEX', kind: 'continuous', from: at('09:15'), to: at('15:15') },
  { segment: 'NFO_FUT', kind: 'continuous', from: at('09:15'), to: at('15:40') },
];

test.each([
  ['an index that goes on ticking its value is frozen since its trading ended', '15:21', '15:14', '15:15'],
  ['one that has got its close from the auction stands since that came', '15:44', '15:34', '15:34'],
  ['one that nobody has seen change stands since its trading ended, as far as can be told', '15:44', null, '15:15'],
  ['a price whose last tick came before that is frozen since that tick', '14:02', '14:01', '14:02'],
])('%s', (_case, lastTick, changed, since) => {
  const changedAt = changed === null ? 0 : at(changed);
  const quote = { exchangeTime: at(lastTick), receivedAt: at(lastTick), changedAt };
  expect(frozenSince(quote, 'NSE_INDEX', sessions)).toBe(at(since));
});

test('without a time of the exchange, or hours to keep, the moment it came counts', () => {
  expect(frozenSince({ exchangeTime: 0, receivedAt: at('15:30'), changedAt: 0 }, null, sessions)).toBe(at('15:30'));
});

test.each([
  ['in the closing auction, before it has given a price', '15:20', '15:14', false],
  ['in the auction, whose last continuous value came a moment late', '15:20', '15:16', false],
  ['while the auction still takes orders', '15:28', '15:26', false],
  ['once the auction has given its price', '15:31', '15:30', true],
  ['after the last session, whether or not it has changed since', '15:41', null, true],
  ['in a halt of the day', '11:00', '10:52', false],
])('a frozen price is called the close only when it is: %s', (_case, now, changed, isClose) => {
  const own: readonly SessionWindow[] = [
    ...sessions.filter(({ segment }) => segment === 'NSE_INDEX'),
    { segment: 'NSE_INDEX', kind: 'closing-auction', from: at('15:15'), to: at('15:35') },
  ];
  expect(isSessionClose({ changedAt: changed === null ? 0 : at(changed) }, own, at(now))).toBe(isClose);
});

test('without hours nobody knows whether a frozen price is a close', () => {
  expect(isSessionClose({ changedAt: 0 }, [], at('18:00'))).toBe(false);
});

test('a close has the time at which it came, and none where nobody saw it come', () => {
  const withAuction: readonly SessionWindow[] = [
    ...sessions,
    { segment: 'NSE_INDEX', kind: 'closing-auction', from: at('15:15'), to: at('15:35') },
  ];
  const quote = (changedAt: number) => ({ exchangeTime: at('15:44'), receivedAt: at('15:44'), changedAt });
  expect(closeSince(quote(at('15:30')), 'NSE_INDEX', withAuction)).toBe(at('15:30'));
  // The app was started after the auction.
  expect(closeSince(quote(0), 'NSE_INDEX', withAuction)).toBeNull();
  expect(closeSince(quote(at('15:10')), 'NSE_INDEX', withAuction)).toBeNull();
  // The line came back after it, and brought a close nobody saw come.
  expect(closeSince(quote(at('15:43')), 'NSE_INDEX', withAuction)).toBeNull();
  expect(closeSince(quote(at('15:16')), 'NSE_INDEX', withAuction)).toBeNull();
  expect(closeSince(quote(0), 'NFO_FUT', withAuction)).toBe(at('15:40'));
});
