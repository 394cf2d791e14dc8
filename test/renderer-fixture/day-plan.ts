import type { SessionWindow, StepId, StepOutcome, StepState } from '../../src/contract/state.ts';

/** ms since the epoch of an IST time on a date. */
export function ist(date: string, time: string): number {
  return Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}+05:30`);
}

/** The market's date of a situation that names no other. */
export const TODAY = '2026-11-23';

const plan: readonly (readonly [time: string, step: StepId, label: string])[] = [
  ['05:00', 'morning-preparation', 'Morning preparation'],
  ['06:00', 'token-deadline', 'Logins of yesterday end'],
  ['06:05', 'token-verify-early', 'Login checked after the deadline'],
  ['07:40', 'token-verify-late', 'Login checked again'],
  ['08:30', 'instruments', 'Instruments and futures resolved'],
  ['08:50', 'token-check', 'Login check before the market'],
  ['08:55', 'feed-start', 'Feed starts'],
  ['08:55', 'token-reminder-1', 'Login reminder'],
  ['09:00', 'first-ticks', 'First tick of every instrument'],
  ['09:00', 'pre-open', 'Pre-open'],
  ['09:05', 'pre-open-limit', 'Pre-open, limit orders only'],
  ['09:10', 'pre-open-matching', 'Pre-open matching'],
  ['09:12', 'buffer', 'Buffer before the open'],
  ['09:15', 'live', 'Live'],
  ['15:15', 'closing-auction', 'Closing auction'],
  ['15:35', 'spot-close', 'Spot close'],
  ['15:40', 'derivatives-close', 'Derivatives close'],
  ['15:45', 'feed-stop', 'Feed stops'],
  ['15:45', 'certificate', 'Day certificate'],
];

const afterLogin: readonly StepId[] = ['token-check', 'feed-start', 'first-ticks'];

/** The day's steps as they stand at `now`. `loginMissing`: everything that needs the token is held up. */
export function stepsAt(date: string, now: number, loginMissing: boolean): StepState[] {
  return plan.map(([time, step, label]) => {
    const plannedAt = ist(date, time);
    const due = plannedAt <= now;
    const outcome = outcomeOf(step, due, loginMissing);
    const actualAt = outcome === 'done' ? plannedAt + (step === 'instruments' ? 4200 : 120) : null;
    const detail = outcome === 'waiting' ? 'Waiting for a login.' : null;
    return { id: step, step, label, plannedAt, dueAt: plannedAt, actualAt, outcome, detail };
  });
}

function outcomeOf(step: StepId, due: boolean, loginMissing: boolean): StepOutcome {
  if (!due) return 'pending';
  if (step === 'token-reminder-1') return loginMissing ? 'done' : 'not-needed';
  if (loginMissing && step.startsWith('token-verify')) return 'failed';
  return loginMissing && afterLogin.includes(step) ? 'waiting' : 'done';
}

/** The sessions of an ordinary day under the rules of September 2026. */
export function sessionsOf(date: string): SessionWindow[] {
  const window = (
    segment: SessionWindow['segment'],
    kind: SessionWindow['kind'],
    from: string,
    to: string,
  ): SessionWindow => ({ segment, kind, from: ist(date, from), to: ist(date, to) });
  return [
    ...(['NSE_INDEX', 'BSE_INDEX', 'NSE_CASH_CAS'] as const).flatMap((segment) => [
      window(segment, 'pre-open', '09:00', '09:15'),
      window(segment, 'continuous', '09:15', '15:15'),
      window(segment, 'closing-auction', '15:15', '15:35'),
    ]),
    ...(['NFO_FUT', 'BFO_FUT', 'NFO_OPT'] as const).flatMap((segment) => [
      window(segment, 'pre-open', '09:00', '09:15'),
      window(segment, 'continuous', '09:15', '15:40'),
    ]),
  ];
}
