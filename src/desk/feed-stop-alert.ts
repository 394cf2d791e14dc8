import { listedNames } from '../contract/silent-words.ts';
import type { DeskState } from '../contract/state.ts';
import { istTimeOf } from '../market/ist.ts';
import type { AlertInput } from '../notify/alert-center.ts';

/** How long before the feed stops it is said; ms. */
const SAID_BEFORE_MS = 15 * 60_000;

/**
 * The feed stops after the last close the calendar knows. What keeps hours of its own (commodities, currencies, GIFT
 * Nifty) may trade on without prices here: that is said before. Null where nothing of the sort is followed.
 */
export function feedStopAlert({ feed, instruments, schedule }: DeskState, nowMs: number): AlertInput | null {
  const stop = schedule.steps.find(({ step, plannedAt }) => step === 'feed-stop' && plannedAt > nowMs);
  if (stop === undefined || stop.plannedAt - nowMs > SAID_BEFORE_MS || feed.desired !== 'on') return null;
  const titles = instruments.filter(({ segment, retired }) => segment === null && !retired).map(({ title }) => title);
  if (titles.length === 0) return null;
  return {
    id: 'feed-stops',
    severity: 'info',
    title: `The feed stops at ${istTimeOf(stop.plannedAt).slice(0, 5)}: no prices of ${listedNames(titles)} after that.`,
    body: 'The app follows the hours of NSE and BSE; what trades longer stays at its last price, marked as stale.',
    action: null,
  };
}
