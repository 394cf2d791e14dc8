import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TOOLTIP_LIMIT, trayModel } from '../../../electron/tray/tray-model.ts';
import { authStates, feedSources, feedStates } from '../../../src/contract/states.ts';
import { instantOf } from '../../../src/market/ist.ts';
import { marketPhases } from '../../../src/market/segments.ts';
import { madeUpInstruments } from '../../renderer-fixture/base-state.ts';
import { sessionsOf } from '../../renderer-fixture/day-plan.ts';
import { deadToken, deskState } from './desk-state.ts';

const now = instantOf('2026-11-23', '11:00');

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
  expect(trayModel(deskState(changes), now).icon).toBe(icon);
});

test('the tooltip says market, feed and how long the login lasts, in IST', () => {
  const state = deskState({
    market: { phase: 'live', next: { phase: 'closing-auction', at: instantOf('2026-11-23', '15:15') } },
    feed: { desired: 'on', source: 'websocket', state: 'live' },
  });
  expect(trayModel(state, now).tooltip).toBe(
    'MyDailyTradingSignals\nMarket open, until 15:15\nFeed live\nLogin until Tue 06:00 IST',
  );
});

describe('while the market trades and no price comes', () => {
  const sessions = [
    {
      segment: 'NSE_INDEX',
      kind: 'pre-open',
      from: instantOf('2026-11-23', '09:00'),
      to: instantOf('2026-11-23', '09:15'),
    },
    {
      segment: 'NSE_INDEX',
      kind: 'continuous',
      from: instantOf('2026-11-23', '09:15'),
      to: instantOf('2026-11-23', '15:15'),
    },
  ] as const;
  const off = { desired: 'on', source: 'none', state: 'off' } as const;

  test.each([
    ['nobody is signed in', { auth: { state: 'signed-out' }, feed: off }, 'action', '09:00'],
    ['the login is not checked', { auth: { state: 'suspect' }, feed: off }, 'action', '09:00'],
    [
      'the connection is new',
      { feed: { ...off, state: 'connecting', lastTickAt: instantOf('2026-11-23', '10:58') } },
      'action',
      '10:58',
    ],
    [
      'the trader has paused it',
      { feed: { ...off, desired: 'off', paused: true, lastTickAt: instantOf('2026-11-23', '10:58') } },
      'idle',
      '10:58',
    ],
  ] as const)('it says since when: %s', (_case, changes, icon, since) => {
    const model = trayModel(deskState({ market: { phase: 'live', sessions }, ...changes }), now);
    expect([model.icon, model.tooltip.split('\n')[1]]).toEqual([icon, `Market open, no prices since ${since}`]);
  });

  test('nothing is missed before the market, in a halt, or before the app is set up', () => {
    const lines = [
      trayModel(deskState({ market: { sessions }, feed: off }), instantOf('2026-11-23', '08:59')),
      trayModel(deskState({ market: { sessions, phase: 'halted' }, feed: off }), now),
      trayModel(deskState({ market: { sessions, phase: 'live' }, auth: { state: 'unconfigured' }, feed: off }), now),
    ].map(({ tooltip }) => tooltip);
    for (const line of lines) expect(line).not.toContain('no prices');
  });
});

test('of what is followed the tooltip counts what is stale', () => {
  const instruments = madeUpInstruments.map((one) => ({
    ...one,
    stale: one.key === 'NSE:NIFTY 50' || one.role === 'watch',
  }));
  const state = { ...deskState({ feed: { desired: 'on', source: 'websocket', state: 'live' } }), instruments };
  expect(trayModel(state, now).tooltip).toContain('Feed live, 1 of 6 stale');
});

test('a simulated desk is marked in the tooltip', () => {
  expect(trayModel(deskState({ app: { simulated: true } }), now).tooltip).toMatch(/^MyDailyTradingSignals SIMULATED\n/);
});

test('the tooltip fits what Windows shows, whatever the state', () => {
  const anyState = fc.record({
    phase: fc.constantFrom(...marketPhases),
    auth: fc.constantFrom(...authStates),
    feed: fc.constantFrom(...feedStates),
    source: fc.constantFrom(...feedSources),
    paused: fc.boolean(),
    simulated: fc.boolean(),
    stale: fc.boolean(),
    isSession: fc.boolean(),
  });
  fc.assert(
    fc.property(anyState, ({ phase, auth, feed, source, paused, simulated, stale, isSession }) => {
      const changed = deskState({
        app: { simulated },
        market: {
          phase,
          next: { phase: 'closed', at: instantOf('2026-11-25', '15:40') },
          sessions: isSession ? sessionsOf('2026-11-23') : [],
        },
        auth: { state: auth },
        feed: { state: feed, source, paused },
      });
      const state = { ...changed, instruments: madeUpInstruments.map((one) => ({ ...one, stale })) };
      expect(trayModel(state, now).tooltip.length).toBeLessThanOrEqual(TOOLTIP_LIMIT);
    }),
    { numRuns: 2000 },
  );
});

test('the menu offers to resume exactly while the feed is paused', () => {
  const commands = (paused: boolean) =>
    trayModel(deskState({ feed: { paused } }), now).items.map(({ command }) => command);
  expect(commands(false)).toEqual(['open', 'sign-in', 'pause', 'timeline', 'quit']);
  expect(commands(true)).toEqual(['open', 'sign-in', 'resume', 'timeline', 'quit']);
});
