import type { DeskState } from '../contract/state.ts';
import { listFailureWords } from '../instruments/instrument-lists.ts';
import { dayWords } from '../market/date-words.ts';
import type { DueAlert } from './alert-rules.ts';
import type { ListTrouble } from './instruments.ts';

/** By then lists that are asked for again when Kite has answered are there; ms. */
const LISTS_COME_MS = 10_000;

/**
 * Kite's instrument lists could not be loaded: in the window at once, and outside it from the morning's login check until
 * the feed stops, because what they name may have no prices until they come. While the login is not proven the notice of
 * the login speaks for both: most often Kite cannot be reached at all. `validSinceMs`: since when it is, null: it is not.
 */
export function listAlert(
  trouble: ListTrouble,
  state: DeskState,
  nowMs: number,
  validSinceMs: number | null,
): DueAlert {
  const { failures } = trouble;
  const names = failures.map(({ exchange }) => exchange).join(', ');
  const lists = failures.length === 1 ? `${names} instrument list` : `instrument lists (${names})`;
  return {
    alert: {
      id: 'instruments',
      severity: 'warning',
      title: `Kite's ${lists} could not be loaded${reasonWords(failures)}.`,
      body: [olderWords(trouble), costWords(trouble), 'Trying again automatically.'].join(' ').trim(),
      action: 'retry-feed',
    },
    notifyAt: validSinceMs === null ? null : notifyAfter(notifyFrom(state.schedule.steps, nowMs), validSinceMs),
  };
}

/** One reason for all, or each reason with the lists it concerns. */
function reasonWords(failures: ListTrouble['failures']): string {
  const byReason = [...Map.groupBy(failures, ({ code }) => listFailureWords(code))];
  if (byReason.length <= 1) return byReason.map(([reason]) => `: ${reason}`).join('');
  return `: ${byReason.map(([reason, lists]) => `${reason} (${lists.map(({ exchange }) => exchange).join(', ')})`).join('; ')}`;
}

function notifyAfter(fromMs: number | null, validSinceMs: number): number | null {
  return fromMs === null ? null : Math.max(fromMs, validSinceMs + LISTS_COME_MS);
}

function olderWords({ olderDate }: ListTrouble): string {
  return olderDate === null ? '' : `Until then the list of ${dayWords(olderDate)} is used.`;
}

function costWords({ without }: ListTrouble): string {
  if (without === 0) return '';
  return `${without.toLocaleString('en-IN')} ${without === 1 ? 'instrument has' : 'instruments have'} no prices.`;
}

function notifyFrom(steps: DeskState['schedule']['steps'], nowMs: number): number | null {
  const last = steps.findLast(
    ({ step, plannedAt }) => (step === 'token-check' || step === 'feed-stop') && plannedAt <= nowMs,
  );
  return last?.step === 'token-check' ? last.plannedAt : null;
}
