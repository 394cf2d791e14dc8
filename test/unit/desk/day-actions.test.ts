import { describe, expect, test } from 'vitest';
import type { AuthOwner } from '../../../src/auth/auth-owner.ts';
import type { AuthStateName } from '../../../src/contract/states.ts';
import { type DayActionPorts, dayActions } from '../../../src/desk/day-actions.ts';
import type { DeskInstruments, Resolution } from '../../../src/desk/instruments.ts';
import type { AlertCenter } from '../../../src/notify/alert-center.ts';
import type { PlannedStep } from '../../../src/schedule/day-plan.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { deskState } from '../electron/desk-state.ts';

type Outcome = Awaited<ReturnType<AuthOwner['verify']>>;

interface Facts {
  readonly verified?: Outcome;
  readonly auth?: AuthStateName;
  readonly reminds?: boolean;
  readonly resolution?: Resolution;
  readonly source?: 'websocket' | 'rest' | 'none';
  readonly feed?: 'live' | 'off' | 'backoff';
  readonly firstTicks?: readonly (number | null)[];
}

const missing = {
  code: 'missing-instrument',
  severity: 'error',
  subject: 'NSE:X',
  message: 'NSE:X is not listed.',
} as const;

function outcomeOf(step: PlannedStep['step'], facts: Facts) {
  const { feed } = deskState({ feed: { source: facts.source ?? 'websocket', state: facts.feed ?? 'live' } });
  const ports = {
    clock: new VirtualClock(0),
    auth: {
      verify: () => Promise.resolve(facts.verified ?? 'confirmed'),
      state: { state: facts.auth ?? 'valid' },
    } as unknown as AuthOwner,
    alerts: { remind: () => facts.reminds ?? false } as unknown as AlertCenter,
    instruments: {
      resolve: () => Promise.resolve(facts.resolution ?? { ok: true, date: '2026-11-23', problems: [] }),
      active: (facts.firstTicks ?? [1]).map((firstTickAt) => ({ role: 'spot', title: 'NIFTY 50', firstTickAt })),
      listTrouble: null,
    } as unknown as DeskInstruments,
    feed: () => feed,
    certify: () => 'day kept',
  } satisfies DayActionPorts;
  const planned = { id: step, step, label: step, plannedAt: 0, usefulUntil: null } as PlannedStep;
  return Promise.resolve(dayActions(ports)(planned)).then(({ outcome }) => outcome);
}

describe('only what has gone well is done', () => {
  const verifying = ['morning-preparation', 'token-verify-early', 'token-verify-late', 'token-check'] as const;
  test.each(
    verifying.flatMap((step) =>
      (['confirmed', 'rejected', 'no-token', 'unanswered'] as const).map((verified) => [step, verified] as const),
    ),
  )('%s when the login is %s', async (step, verified) => {
    const outcome = await outcomeOf(step, { verified });
    if (verified === 'confirmed') expect(outcome).toBe('done');
    else expect(['failed', 'waiting']).toContain(outcome);
  });

  test.each<[PlannedStep['step'], Facts, string]>([
    ['instruments', {}, 'done'],
    ['instruments', { resolution: { ok: false, message: 'not loaded' } }, 'waiting'],
    ['instruments', { resolution: { ok: true, date: '2026-11-23', problems: [missing] } }, 'failed'],
    ['feed-start', {}, 'done'],
    ['feed-start', { source: 'none', feed: 'backoff' }, 'waiting'],
    ['first-ticks', { firstTicks: [1, 2] }, 'done'],
    ['first-ticks', { firstTicks: [1, null] }, 'waiting'],
    ['first-ticks', { firstTicks: [] }, 'waiting'],
    ['feed-stop', { feed: 'off' }, 'done'],
    ['feed-stop', { feed: 'live' }, 'waiting'],
    ['token-reminder-1', { auth: 'valid' }, 'not-needed'],
    ['token-reminder-1', { auth: 'expired', reminds: true }, 'done'],
    ['token-reminder-3', { auth: 'expired', reminds: false }, 'not-needed'],
  ])('%s with %j is %s', async (step, facts, expected) => {
    expect(await outcomeOf(step, facts)).toBe(expected);
  });
});
