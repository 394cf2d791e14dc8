import { defaultSettings } from '../../../src/contract/settings.ts';
import type { AlertState, DeskState, StepState } from '../../../src/contract/state.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { type IstDate, instantOf } from '../../../src/market/ist.ts';
import type { Segment } from '../../../src/market/segments.ts';
import { planDay } from '../../../src/schedule/day-plan.ts';

/** What the three indices and their futures trade in. */
const subscribed: readonly Segment[] = ['NSE_INDEX', 'BSE_INDEX', 'NFO_FUT', 'BFO_FUT'];

/** The steps of a day's real plan, none of them done. */
export function stepsOf(date: IstDate): readonly StepState[] {
  return planDay(bundledCalendar(), date, subscribed).steps.map(({ id, step, label, plannedAt }) => ({
    id,
    step,
    label,
    plannedAt,
    dueAt: plannedAt,
    actualAt: null,
    outcome: 'pending',
    detail: null,
  }));
}

/** A quiet trading morning, signed in; each test changes what it is about. */
export function deskState(changes: {
  readonly app?: Partial<DeskState['app']>;
  readonly market?: Partial<DeskState['market']>;
  readonly auth?: Partial<DeskState['auth']>;
  readonly machine?: Partial<DeskState['machine']>;
  readonly feed?: Partial<DeskState['feed']>;
  readonly schedule?: DeskState['schedule'];
  readonly alerts?: readonly AlertState[];
  readonly settings?: Partial<DeskState['settings']>;
}): DeskState {
  const date = '2026-11-23';
  const now = instantOf(date, '08:00');
  return {
    app: {
      version: '1.2.3',
      simulated: false,
      speed: 1,
      startedAt: now,
      secretStore: 'memory',
      notices: [],
      canSimulate: false,
      ...changes.app,
    },
    market: {
      date,
      previousSession: null,
      day: 'trading',
      reason: 'trading day',
      hours: 'known',
      phase: 'closed',
      phaseSince: null,
      next: { phase: 'pre-open', at: instantOf(date, '09:00') },
      sessions: [],
      calendar: { from: '2025-01-01', to: '2026-12-31', version: '1', verifiedOn: '2026-11-01' },
      ...changes.market,
    },
    auth: {
      state: 'valid',
      userId: 'AB1234',
      userName: 'A Trader',
      expiresAt: instantOf('2026-11-24', '06:00'),
      checkedAt: now,
      reason: null,
      pendingLogin: null,
      loginFailure: null,
      apiKeyHint: 'abcd…wxyz',
      ...changes.auth,
    },
    machine: { clock: null, storage: null, ...changes.machine },
    feed: {
      desired: 'off',
      desiredReason: 'starts at 08:55',
      source: 'none',
      state: 'off',
      cause: null,
      causeText: null,
      attempt: 0,
      retryAt: null,
      since: now,
      frames: 0,
      ticks: 0,
      dropped: 0,
      reconnects: 0,
      lastFrameAt: null,
      lastTickAt: null,
      paused: false,
      gaps: [],
      lag: { samples: 0, p50Ms: null, p95Ms: null, p99Ms: null, skewMs: null, heldUpMs: 0 },
      backFromRestAt: null,
      capacity: { used: 6, limit: 9_000 },
      ...changes.feed,
    },
    instruments: [],
    schedule: changes.schedule ?? { date, steps: stepsOf(date) },
    alerts: changes.alerts ?? [],
    activity: [],
    settings: { ...defaultSettings, ...changes.settings },
  };
}

export const deadToken: AlertState = {
  id: 'token',
  severity: 'action',
  title: 'Your Kite login has expired.',
  body: 'Kite refused the access token.',
  raisedAt: instantOf('2026-11-23', '08:50'),
  action: 'sign-in',
};
