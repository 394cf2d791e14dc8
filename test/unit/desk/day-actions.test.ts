import { describe, expect, it } from 'vitest';
import type { VerifyOutcome } from '../../../src/auth/auth-ports.ts';
import { type AuthStateName, authStates } from '../../../src/contract/states.ts';
import { type DayActionPorts, dayActions } from '../../../src/desk/day-actions.ts';
import type { Resolution } from '../../../src/desk/instruments.ts';
import type { PlannedStep } from '../../../src/schedule/day-plan.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { deskState } from '../electron/desk-state.ts';

const good: Resolution = { ok: true, date: '2026-11-23', problems: [] };

/** What becomes of a step when Kite answers its question about the login so, and the login then stands so. */
function outcomeOf(
  step: PlannedStep['step'],
  {
    verdict = 'confirmed',
    login = 'valid',
    resolution = good,
  }: {
    readonly verdict?: VerifyOutcome;
    readonly login?: AuthStateName;
    readonly resolution?: Resolution;
  },
) {
  const { auth, feed } = deskState({ auth: { state: login } });
  const ports: DayActionPorts = {
    clock: new VirtualClock('2026-11-23T08:50:00+05:30'),
    auth: { state: auth, verify: async () => verdict },
    alerts: { remind: () => true },
    instruments: { active: [], listTrouble: null, resolve: async () => resolution },
    feed: () => feed,
    certify: () => '',
  };
  const label = 'Login check';
  return dayActions(ports)({ id: step, step, label, plannedAt: 0, usefulUntil: null });
}

describe('a check of the login', () => {
  const checks = ['morning-preparation', 'token-verify-early', 'token-verify-late', 'token-check'] as const;

  it.each(checks)('%s is done only with a login that Kite has confirmed', async (step) => {
    const bad = authStates.filter((state) => state !== 'valid');
    for (const login of bad)
      for (const verdict of ['rejected', 'no-token', 'unanswered', 'superseded'] as const)
        expect((await outcomeOf(step, { verdict, login })).outcome, `${verdict} ${login}`).not.toBe('done');
    for (const verdict of ['confirmed', 'superseded'] as const)
      expect((await outcomeOf(step, { verdict })).outcome).toBe('done');
  });

  it.each(checks)('%s that has failed says what to do about it', async (step) => {
    for (const verdict of ['rejected', 'no-token'] as const)
      expect(await outcomeOf(step, { verdict, login: 'expired' })).toMatchObject({
        outcome: 'failed',
        detail: expect.stringContaining('sign in to Kite'),
      });
  });
});

describe('the reading of the lists', () => {
  const problem = { code: 'missing-instrument', subject: 'NSE:GONE', message: 'NSE:GONE does not exist.' } as const;

  it('is not done while something that was asked for has no token', async () => {
    const missing: Resolution = { ...good, problems: [{ ...problem, severity: 'error' }] };
    expect(await outcomeOf('instruments', { resolution: missing })).toMatchObject({
      outcome: 'failed',
      detail: 'front month: none; NSE:GONE does not exist.',
    });
  });

  it('is done with remarks that cost nothing', async () => {
    const remark: Resolution = { ...good, problems: [{ ...problem, severity: 'info' }] };
    expect((await outcomeOf('instruments', { resolution: remark })).outcome).toBe('done');
  });
});
