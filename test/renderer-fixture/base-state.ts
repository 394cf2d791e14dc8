import { defaultSettings } from '../../src/contract/settings.ts';
import type { ActivityEntry, DeskState, InstrumentState } from '../../src/contract/state.ts';
import { ist, sessionsOf, stepsAt } from './day-plan.ts';

const none = { followedSince: 0, firstTickAt: null, stale: false, retired: false } as const;

/** Six for the cards, four for the watchlist. */
export const madeUpInstruments: readonly InstrumentState[] = [
  pair('NSE:NIFTY 50', 256_265, 'spot', 'NIFTY', 'NIFTY 50', 'NSE_INDEX', null, 0),
  pair('NFO:NIFTY26NOVFUT', 12_683_010, 'future', 'NIFTY', 'NIFTY NOV FUT', 'NFO_FUT', '2026-11-23', 65),
  pair('NSE:NIFTY BANK', 260_105, 'spot', 'BANKNIFTY', 'NIFTY BANK', 'NSE_INDEX', null, 0),
  pair('NFO:BANKNIFTY26NOVFUT', 12_682_754, 'future', 'BANKNIFTY', 'BANKNIFTY NOV FUT', 'NFO_FUT', '2026-11-23', 30),
  pair('BSE:SENSEX', 265, 'spot', 'SENSEX', 'SENSEX', 'BSE_INDEX', null, 0),
  pair('BFO:SENSEX26NOVFUT', 213_310_469, 'future', 'SENSEX', 'SENSEX NOV FUT', 'BFO_FUT', '2026-11-26', 20),
  pair('NSE:RELIANCE', 738_561, 'watch', 'RELIANCE', 'RELIANCE', 'NSE_CASH_CAS', null, 1),
  pair('NSE:HDFCBANK', 341_249, 'watch', 'HDFCBANK', 'HDFCBANK', 'NSE_CASH_CAS', null, 1),
  pair(
    'NFO:NIFTY26N0126200CE',
    10_301_186,
    'watch',
    'NIFTY26N01',
    'BANKNIFTY 1 DEC 60500 CE',
    'NFO_OPT',
    '2026-12-01',
    65,
  ),
];

function pair(
  key: string,
  token: number,
  role: InstrumentState['role'],
  underlying: string,
  title: string,
  segment: InstrumentState['segment'],
  expiry: string | null,
  lotSize: number,
): InstrumentState {
  return { key, token, role, underlying, title, segment, expiry, lotSize, tickSize: 0.05, ...none };
}

/** A good trading day at `time` IST: token valid, feed live. Scenarios are made by changing parts of it. */
export function goodDay(date: string, time: string): DeskState {
  const now = ist(date, time);
  const firstTickAt = now >= ist(date, '08:55') ? ist(date, '08:55:01') : null;
  return {
    app: {
      version: '0.1.0',
      simulated: false,
      speed: 1,
      startedAt: ist(date, '04:58'),
      secretStore: 'keychain',
      notices: [],
      canSimulate: true,
    },
    market: {
      date,
      previousSession: '2026-11-20',
      day: 'trading',
      reason: 'Trading day',
      hours: 'known',
      phase: 'live',
      phaseSince: ist(date, '09:15'),
      next: { phase: 'closing-auction', at: ist(date, '15:15') },
      sessions: sessionsOf(date),
      calendar: { from: '2024-01-01', to: '2026-12-31', version: '2026.3', verifiedOn: '2026-11-20' },
    },
    auth: {
      state: 'valid',
      userId: 'AB1234',
      userName: 'A. Trader',
      expiresAt: ist('2026-11-24', '06:00'),
      checkedAt: now - 21_000,
      reason: null,
      pendingLogin: null,
      loginFailure: null,
      apiKeyHint: 'k7x2…9f',
    },
    machine: { clock: null, storage: null },
    feed: {
      desired: 'on',
      desiredReason: 'the market trades',
      source: 'websocket',
      state: 'live',
      cause: null,
      causeText: null,
      attempt: 0,
      retryAt: null,
      since: ist(date, '08:55:01'),
      frames: 61_204,
      ticks: 214_880,
      dropped: 0,
      reconnects: 1,
      lastFrameAt: now,
      lastTickAt: now,
      paused: false,
      gaps: [],
      lag: { samples: 41_220, p50Ms: 430, p95Ms: 1_060, p99Ms: 1_480, skewMs: 0, heldUpMs: 0 },
      backFromRestAt: null,
      capacity: { used: 6, limit: 9_000 },
    },
    instruments: madeUpInstruments.map((instrument) => ({ ...instrument, firstTickAt })),
    schedule: { date, steps: stepsAt(date, now, false) },
    alerts: [],
    activity: activityUntil(date, now),
    settings: {
      ...defaultSettings,
      watchlist: madeUpInstruments.filter((instrument) => instrument.role === 'watch').map(({ key }) => key),
    },
  };
}

const story: readonly (readonly [string, ActivityEntry['level'], ActivityEntry['area'], string])[] = [
  ['04:58:02', 'info', 'app', 'Started, version 0.1.0'],
  ['05:00:00', 'info', 'schedule', 'Morning preparation done: calendar 2026.3 covers the day'],
  ['06:05:00', 'info', 'auth', 'Token from yesterday is refused, a login is needed today'],
  ['08:30:04', 'info', 'instruments', 'Front-month futures: NIFTY26NOVFUT, BANKNIFTY26NOVFUT, SENSEX26NOVFUT'],
  ['08:30:04', 'warning', 'instruments', 'NIFTY and BANKNIFTY futures expire today, a day early: 24 Nov is a holiday'],
  ['08:47:31', 'info', 'auth', 'Signed in as AB1234, token confirmed'],
  ['08:55:01', 'info', 'feed', 'First tick of all 9 instruments within 410 ms'],
  ['09:15:00', 'info', 'schedule', 'Live'],
  ['10:12:40', 'warning', 'feed', 'Socket closed by the server (1006), reconnected in 180 ms'],
];

function activityUntil(date: string, now: number): ActivityEntry[] {
  return story.flatMap(([time, level, area, text]) => {
    const at = ist(date, time);
    return at <= now ? [{ at, level, area, text }] : [];
  });
}
