import { describe, expect, test } from 'vitest';
import {
  currentStep,
  outcomeText,
  shownSteps,
  stepStory,
  troubleText,
} from '../../../renderer/features/timeline/day-steps.ts';
import type { StepState } from '../../../src/contract/state.ts';
import { ist, stepsAt } from '../../renderer-fixture/day-plan.ts';

const date = '2026-11-23';

function step(change: Partial<StepState>): StepState {
  const plannedAt = ist(date, '08:50');
  return {
    id: 'token-check',
    step: 'token-check',
    label: 'Token check',
    plannedAt,
    dueAt: plannedAt,
    actualAt: null,
    outcome: 'pending',
    detail: null,
    ...change,
  };
}

describe('the current step', () => {
  test('is the last one that is due', () => {
    const now = ist(date, '11:00');
    expect(currentStep(stepsAt(date, now, false), now)?.id).toBe('live');
  });

  test('is the one held up, when there is one', () => {
    const now = ist(date, '09:05');
    expect(currentStep(stepsAt(date, now, true), now)?.id).toBe('token-check');
  });

  test('is none before the day has begun', () => {
    expect(currentStep(stepsAt(date, ist(date, '04:00'), false), ist(date, '04:00'))).toBeNull();
  });
});

test('reminders that were not needed take no line', () => {
  const steps = stepsAt(date, ist(date, '11:00'), false);
  expect(steps.length - shownSteps(steps, false).length).toBe(1);
});

test('reminders to come take a line only while there is something to remind of', () => {
  const toCome: readonly StepState[] = [
    { ...step({ outcome: 'pending' }), id: 'token-reminder-2' },
    { ...step({ outcome: 'done' }), id: 'token-reminder-1' },
    { ...step({ outcome: 'pending' }), id: 'live' },
  ];
  expect(shownSteps(toCome, false)).toEqual(toCome);
  expect(shownSteps(toCome, true)).toEqual(toCome.slice(1));
});

test.each<[Partial<StepState>, string]>([
  [{ outcome: 'done', actualAt: ist(date, '08:50') + 300 }, 'on time'],
  [{ outcome: 'done', actualAt: ist(date, '08:52') }, '08:52:00'],
  [{ outcome: 'waiting' }, 'waiting'],
  [{ outcome: 'missed' }, 'missed'],
])('a step with %o ends its line with %s', (change, text) => {
  expect(outcomeText(step(change))).toBe(text);
});

test('a step that could only be done later, because the app was not running, says when it was', () => {
  const dueAt = ist(date, '09:30');
  expect(outcomeText(step({ outcome: 'done', dueAt, actualAt: dueAt + 100 }))).toBe('09:30:00');
});

test('what went wrong is told at a glance, what went well or is to come is not', () => {
  const detail = 'No network.';
  const told = (['waiting', 'failed', 'missed', 'done', 'pending'] as const).filter(
    (outcome) => troubleText(step({ outcome, detail })) === detail,
  );
  expect(told).toEqual(['waiting', 'failed', 'missed']);
  expect(troubleText(step({ outcome: 'missed', detail, dueAt: ist(date, '09:30') }))).toBeNull();
});

test('the whole story of a step is one sentence', () => {
  const late = step({
    outcome: 'failed',
    actualAt: ist(date, '08:50:03'),
    dueAt: ist(date, '08:50:02'),
    detail: 'No network.',
  });
  expect(stepStory(late)).toBe(
    'Token check: planned 08:50:00 (possible since the app started); failed, at 08:50:03. No network.',
  );
});

test('what a phase brings stands after it, and else the plan keeps its order', () => {
  const shown = shownSteps(stepsAt(date, ist(date, '11:00'), false), true).map(({ id }) => id);
  expect(shown.indexOf('first-ticks')).toBe(shown.indexOf('pre-open') + 1);
  const times = shownSteps(stepsAt(date, ist(date, '11:00'), false), true).map(({ plannedAt }) => plannedAt);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

test('dates in the reasons of steps are written as people write them', () => {
  const detail = 'disk full; still open when 2026-11-23 ended';
  expect(troubleText(step({ outcome: 'failed', detail }))).toBe('disk full; still open when Mon 23 Nov 2026 ended');
});
