import { expect, test } from 'vitest';
import { frozenSince } from '../../../renderer/format/frozen.ts';
import type { SessionWindow } from '../../../src/contract/state.ts';

const at = (time: string): number => Date.parse(`2026-11-23T${time}:00+05:30`);
const sessions: readonly SessionWindow[] = [
  { segment: 'NSE_INDEX', kind: 'continuous', from: at('09:15'), to: at('15:15') },
  { segment: 'NFO_FUT', kind: 'continuous', from: at('09:15'), to: at('15:40') },
];

test.each([
  ['an index that goes on ticking its value is frozen since its trading ended', '15:21', '15:15'],
  ['a price whose last tick came before that is frozen since that tick', '14:02', '14:02'],
])('%s', (_case, lastTick, since) => {
  const quote = { exchangeTime: at(lastTick), receivedAt: at(lastTick) };
  expect(frozenSince(quote, 'NSE_INDEX', sessions)).toBe(at(since));
});

test('without a time of the exchange, or hours to keep, the moment it came counts', () => {
  expect(frozenSince({ exchangeTime: 0, receivedAt: at('15:30') }, null, sessions)).toBe(at('15:30'));
});
