import { expect, test } from 'vitest';
import { quitWarning } from '../../../electron/quit/quit-warning.ts';
import { deskState } from './desk-state.ts';

test.each([
  ['at night', {}],
  ['on a day of unknown hours with the feed off', { market: { phase: 'unknown' } }],
] as const)('%s, quitting asks nothing', (_name, changes) => {
  expect(quitWarning(deskState(changes))).toBeNull();
});

test('with the market open, it says what is lost and until when', () => {
  const warning = quitWarning(deskState({ market: { phase: 'live' }, feed: { desired: 'on', source: 'websocket' } }));
  expect(warning?.message).toBe('The market is open. Quit anyway?');
  expect(warning?.detail).toContain('until 15:45 IST, no ticks are recorded');
});

test.each(['pre-open', 'closing-auction', 'derivatives-only', 'halted'] as const)('%s counts as open', (phase) => {
  expect(quitWarning(deskState({ market: { phase } }))).not.toBeNull();
});

test('a feed that runs before the market is worth a question too', () => {
  const warning = quitWarning(deskState({ feed: { desired: 'on', state: 'connecting' } }));
  expect(warning?.message).toBe('The feed is running. Quit anyway?');
});
