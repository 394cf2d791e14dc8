import { describe, expect, it } from 'vitest';
import type { DeskState, InstrumentState } from '../../../src/contract/state.ts';
import type { QuoteRow } from '../../../src/contract/tick-lane.ts';
import { healthOf, marketTickOf, tokenStatusOf } from '../../../src/desk/health.ts';
import { instantOf } from '../../../src/market/ist.ts';
import { deadToken, deskState, stepsOf } from '../electron/desk-state.ts';

const date = '2026-11-23';
const at = (time: string): number => instantOf(date, time);
const noRows = (): null => null;

const nifty: InstrumentState = {
  key: 'NSE:NIFTY 50',
  token: 256265,
  role: 'spot',
  underlying: 'NIFTY',
  title: 'NIFTY 50',
  segment: 'NSE_INDEX',
  expiry: null,
  lotSize: 0,
  tickSize: 0,
  followedSince: 0,
  firstTickAt: null,
  stale: false,
  retired: false,
};
const row: QuoteRow = {
  slot: 0,
  kind: 'live',
  stale: false,
  fromRest: false,
  lastPrice: 26_055.85,
  open: 26_000,
  high: 26_100,
  low: 25_900,
  close: 25_950,
  averagePrice: 0,
  volume: 7,
  openInterest: 9,
  lastQuantity: 0,
  buyQuantity: 0,
  sellQuantity: 0,
  exchangeTime: at('10:59:59'),
  receivedAt: at('10:59:59') + 400,
  changedAt: at('10:59:59') + 400,
  lastTradedAt: at('10:59:58'),
  depth: null,
};

const live: Partial<DeskState['feed']> = { desired: 'on', state: 'live', source: 'websocket', since: at('08:55') };

function statusAt(time: string, changes: Parameters<typeof deskState>[0]): string {
  return healthOf(deskState(changes), at(time), noRows).status;
}

describe('the status', () => {
  it.each<[string, string, Parameters<typeof deskState>[0]]>([
    ['ok', '08:00', {}],
    ['ok', '11:00', { feed: live }],
    ['ok', '11:00', { feed: live, alerts: [{ ...deadToken, severity: 'info' }] }],
    ['degraded', '08:51', { alerts: [deadToken] }],
    ['degraded', '11:00', { feed: { ...live, source: 'rest', state: 'backoff' } }],
    ['degraded', '11:00', { feed: { ...live, state: 'stale' } }],
    ['degraded', '11:00', { feed: live, market: { day: 'unknown' } }],
    // Coming up, or back: it is given ten seconds.
    ['degraded', '08:55:10', { feed: { ...live, state: 'connecting', source: 'none' } }],
    ['down', '08:55:11', { feed: { ...live, state: 'connecting', source: 'none' } }],
    ['degraded', '11:00:10', { feed: { ...live, state: 'backoff', source: 'none', since: at('11:00') } }],
    ['down', '11:00:11', { feed: { ...live, state: 'backoff', source: 'none', since: at('11:00') } }],
    // Wanted by the plan and off because there is no login: there is nothing to believe.
    ['down', '11:00', { feed: { desired: 'off', state: 'off', source: 'none', since: at('08:00') } }],
    ['ok', '15:45', { feed: { desired: 'off', state: 'off', source: 'none', since: at('08:00') } }],
    ['ok', '11:00', { feed: { desired: 'off', paused: true, since: at('08:00') } }],
    ['ok', '11:00', { schedule: { date: '2026-11-24', steps: [] } }],
  ])('is %s at %s with %j', (expected, time, changes) => {
    expect(statusAt(time, changes)).toBe(expected);
  });

  it('counts the ten seconds from the start of the app where that was later than the feed’s', () => {
    const steps = stepsOf(date).map((step) => ({ ...step, dueAt: Math.max(step.dueAt, at('11:00')) }));
    const changes = { schedule: { date, steps }, feed: { ...live, state: 'connecting', source: 'none' } } as const;
    expect(statusAt('11:00:10', changes)).toBe('degraded');
    expect(statusAt('11:00:11', changes)).toBe('down');
  });
});

describe('the figures', () => {
  const state = { ...deskState({ feed: { ...live, lastFrameAt: at('10:59:59'), lastTickAt: at('11:00:01') } }) };
  const withNifty: DeskState = { ...state, instruments: [{ ...nifty, retired: true }, nifty] };

  it('are in IST, in whole ms, never negative, and leave out what is no longer followed', () => {
    const health = healthOf(withNifty, at('11:00:00'), (slot) => (slot === 1 ? row : null));
    expect(health).toMatchObject({
      uptimeSeconds: 3 * 3600,
      clock: { now: '2026-11-23T11:00:00+05:30' },
      feed: { since: '2026-11-23T08:55:00+05:30', lastFrameAgeMs: 1_000, lastTickAgeMs: 0 },
      instruments: [
        {
          key: 'NSE:NIFTY 50',
          token: 256265,
          role: 'spot',
          underlying: 'NIFTY',
          lastPrice: 26_055.85,
          kind: 'live',
          ageMs: 600,
          lagMs: 400,
          stale: false,
        },
      ],
    });
    expect(health.instruments).toHaveLength(1);
  });

  it('are null before the first tick, and the lag where Kite sent no time', () => {
    const [before] = healthOf(withNifty, at('11:00'), noRows).instruments;
    expect(before).toMatchObject({ lastPrice: null, ageMs: null, lagMs: null, kind: 'previous-close' });
    const [timeless] = healthOf(withNifty, at('11:00'), () => ({ ...row, exchangeTime: 0 })).instruments;
    expect(timeless).toMatchObject({ lastPrice: 26_055.85, lagMs: null });
  });

  it('say of the login what is known, and nothing of who it belongs to beyond the id', () => {
    const { auth } = deskState({});
    expect(tokenStatusOf(auth)).toEqual({
      state: 'valid',
      userId: 'AB1234',
      expiresAt: '2026-11-24T06:00:00+05:30',
      checkedAt: '2026-11-23T08:00:00+05:30',
      reason: null,
    });
    expect(tokenStatusOf({ ...auth, expiresAt: null, checkedAt: null })).toMatchObject({
      expiresAt: null,
      checkedAt: null,
    });
  });

  it('make a tick of the public stream', () => {
    expect(marketTickOf(nifty, row)).toEqual({
      key: 'NSE:NIFTY 50',
      token: 256265,
      lastPrice: 26_055.85,
      volume: 7,
      oi: 9,
      exchangeTime: '2026-11-23T10:59:59+05:30',
      receivedAt: '2026-11-23T10:59:59.400+05:30',
      kind: 'live',
    });
    expect(marketTickOf(nifty, { ...row, exchangeTime: 0 }).exchangeTime).toBeNull();
  });
});
