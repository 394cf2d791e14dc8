import type { Journal } from '../contract/journal.ts';
import type { StepState } from '../contract/state.ts';

/**
 * One day's journal of two runs: what an earlier one left, and what the present one has noted since. Of a step that both
 * know the settled state stays, the earlier one's first.
 */
export function joinedRuns(earlier: Journal, present: Journal): Journal {
  const known = new Set(earlier.firstTicks.map(({ key }) => key));
  return {
    ...present,
    startedAt: earlier.startedAt,
    steps: joinedSteps(earlier.steps, present.steps),
    firstTicks: [...earlier.firstTicks, ...present.firstTicks.filter(({ key }) => !known.has(key))],
    feed: [...earlier.feed, ...present.feed],
    reconnects: earlier.reconnects + present.reconnects,
    gaps: [...earlier.gaps, ...present.gaps],
    lag: [...earlier.lag, ...present.lag],
    alerts: [...earlier.alerts, ...present.alerts],
    activity: [...earlier.activity, ...present.activity],
  };
}

function joinedSteps(earlier: readonly StepState[], present: readonly StepState[]): readonly StepState[] {
  const before = new Map(earlier.map((step) => [step.id, step]));
  const ids = new Set(present.map(({ id }) => id));
  const joined = present.map((step) => {
    const known = before.get(step.id);
    return known === undefined || known.outcome === 'pending' || known.outcome === 'waiting' ? step : known;
  });
  return [...earlier.filter(({ id }) => !ids.has(id)), ...joined];
}
