import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TOOLTIP_LIMIT, trayModel } from '../../../electron/tray/tray-model.ts';
import { authStates, feedSources, feedStates } from '../../../src/contract/states.ts';
import { instantOf } from '../../../src/market/ist.ts';
import { marketPhases } from '../../../src/market/segments.ts';
import { deadToken, deskState } from './desk-state.ts';

test.each([
  ['before the day', {}, 'idle'],
  ['live on the socket', { feed: { desired: 'on', source: 'websocket', state: 'live' } }, 'live'],
  ['on REST', { feed: { desired: 'on', source: 'rest', state: 'backoff' } }, 'rest'],
  ['connecting', { feed: { desired: 'on', source: 'none', state: 'connecting' } }, 'idle'],
  ['cut off with no fallback', { feed: { desired: 'on', source: 'none', state: 'backoff' } }, 'action'],
  ['stopped after the close', { feed: { desired: 'off', source: 'none', state: 'off' } }, 'idle'],
  ['with a dead token', { alerts: [deadToken] }, 'action'],
  [
    'live, with something for the trader to do',
    { alerts: [deadToken], feed: { desired: 'on', source: 'websocket', state: 'live' } },
    'action',
  ],
  [
    'live, with a warning only',
    { alerts: [{ ...deadToken, severity: 'warning' }], feed: { desired: 'on', source: 'websocket', state: 'live' } },
    'live',
  ],
] as const)('%s, the icon says so', (_name, changes, icon) => {
  expect(trayModel(deskState(changes)).icon).toBe(icon);
});

test('the tooltip says market, feed and how long the login lasts, in IST', () => {
  const state = deskState({
    market: { phase: 'live', next: { phase: 'closing-auction', at: instantOf('2026-11-23', '15:15') } },
    feed: { desired: 'on', source: 'websocket', state: 'live' },
  });
  expect(trayModel(state).tooltip).toBe(
    'MyDailyTradingSignals\nMarket open, until 15:15\nFeed live\nLogin until Tue 06:00 IST',
  );
});

test('a simulated desk is marked in the tooltip', () => {
  expect(trayModel(deskState({ app: { simulated: true } })).tooltip).toMatch(/^MyDailyTradingSignals SIMULATED\n/);
});

test('the tooltip fits what Windows shows, whatever the state', () => {
  const anyState = fc.record({
    phase: fc.constantFrom(...marketPhases),
    auth: fc.constantFrom(...authStates),
    feed: fc.constantFrom(...feedStates),
    source: fc.constantFrom(...feedSources),
    paused: fc.boolean(),
    simulated: fc.boolean(),
  });
  fc.assert(
    fc.property(anyState, ({ phase, auth, feed, source, paused, simulated }) => {
      const state = deskState({
        app: { simulated },
        market: { phase, next: { phase: 'closed', at: instantOf('2026-11-25', '15:40') } },
        auth: { state: auth },
        feed: { state: feed, source, paused },
      });
      expect(trayModel(state).tooltip.length).toBeLessThanOrEqual(TOOLTIP_LIMIT);
    }),
    { numRuns: 2000 },
  );
});

test('the menu offers to resume exactly while the feed is paused', () => {
  const commands = (paused: boolean) => trayModel(deskState({ feed: { paused } })).items.map(({ command }) => command);
  expect(commands(false)).toEqual(['open', 'sign-in', 'pause', 'timeline', 'quit']);
  expect(commands(true)).toEqual(['open', 'sign-in', 'resume', 'timeline', 'quit']);
});
