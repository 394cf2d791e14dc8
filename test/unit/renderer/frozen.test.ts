import { expect, test } from 'vitest';
import { frozenSince } from '../../../renderer/format/frozen.ts';
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
