import type { StepOutcome, StepState } from '../../../src/contract/state.ts';
import type { IconName } from '../../components/icons.tsx';
import { istTime, readableDates } from '../../format/ist.ts';

const signs: Readonly<Record<StepOutcome, { readonly icon: IconName; readonly word: string }>> = {
  pending: { icon: 'ring', word: 'planned' },
  waiting: { icon: 'clock', word: 'waiting' },
  done: { icon: 'check', word: 'done' },
  failed: { icon: 'close', word: 'failed' },
  'not-needed': { icon: 'dash', word: 'not needed' },
  missed: { icon: 'alert', word: 'missed' },
};

/** How a step stands in the list. What the app could not see because it was not running is nobody's fault: `not-seen`. */
export type StepLook = StepOutcome | 'not-seen';

export function lookOf(step: StepState): StepLook {
  return step.outcome === 'missed' && step.dueAt > step.plannedAt ? 'not-seen' : step.outcome;
}

export function signOf(step: StepState): { readonly icon: IconName; readonly word: string } {
  const look = lookOf(step);
  return look === 'not-seen' ? { icon: 'dash', word: 'before start' } : signs[look];
}

/** What to say at the end of a step's line: when it was done, unless that is the second it was planned for; or its outcome. */
export function outcomeText(step: StepState): string {
  if (step.outcome !== 'done' || step.actualAt === null) return signOf(step).word;
  return step.actualAt - step.plannedAt < 1000 ? 'on time' : istTime(step.actualAt);
}

/** Why a step stands as it does, where that is for the trader to know at a glance: it did not go as planned. */
export function troubleText(step: StepState): string | null {
  return ['waiting', 'failed', 'missed'].includes(lookOf(step)) && step.detail !== null
    ? readableDates(step.detail)
    : null;
}

/** Planned and actual time and the detail in one sentence, for the tooltip. */
export function stepStory(step: StepState): string {
  const actual = step.actualAt === null ? '' : `, at ${istTime(step.actualAt)}`;
  const late = step.dueAt > step.plannedAt ? ' (possible since the app started)' : '';
  const detail = step.detail === null ? '' : `. ${readableDates(step.detail)}`;
  return `${step.label}: planned ${istTime(step.plannedAt)}${late}; ${signOf(step).word}${actual}${detail}`;
}

/**
 * Steps worth a line: a reminder whose reason has gone, because of a login that is good, is none. The first ticks are of
 * the phase that begins in the same moment, and come after it.
 */
export function shownSteps(steps: readonly StepState[], hasLogin: boolean): StepState[] {
  const place = ({ step }: StepState): number => (step === 'first-ticks' ? 1 : 0);
  return steps
    .filter(
      ({ id, outcome }) =>
        outcome !== 'not-needed' && !(hasLogin && outcome === 'pending' && id.startsWith('token-reminder')),
    )
    .toSorted((a, b) => a.plannedAt - b.plannedAt || place(a) - place(b));
}

/** The step the day stands at: what is held up, otherwise the last one that is due; null before the first. */
export function currentStep(steps: readonly StepState[], now: number): StepState | null {
  const waiting = steps.find((step) => step.outcome === 'waiting');
  return waiting ?? steps.findLast((step) => step.plannedAt <= now) ?? null;
}
