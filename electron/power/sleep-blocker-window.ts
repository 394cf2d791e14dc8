import type { ScheduleState } from '../../src/contract/state.ts';

/** Before the login check: a PC that fell asleep just then would miss it. */
const LEAD_MS = 5 * 60_000;

/**
 * Whether the PC should be kept awake at `nowMs` (market time): from five minutes before a login check of the day's plan
 * until the feed's next stop. The times are the plan's own, so that an evening session keeps the PC awake in the evening.
 */
export function isKeptAwake({ steps }: ScheduleState, nowMs: number): boolean {
  const edges = steps.flatMap(({ step, plannedAt }) => {
    if (step === 'token-check') return [{ at: plannedAt - LEAD_MS, awake: true }];
    return step === 'feed-stop' ? [{ at: plannedAt, awake: false }] : [];
  });
  return edges.findLast(({ at }) => at <= nowMs)?.awake ?? false;
}
