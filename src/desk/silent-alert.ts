import { listedNames, silentWords } from '../contract/silent-words.ts';
import type { DeskState, SilentInstrument } from '../contract/state.ts';
import { istTimeOf } from '../market/ist.ts';
import type { AlertInput } from '../notify/alert-center.ts';

/** The first packets come with the subscription; ms. */
const FIRST_TICKS_COME_MS = 10_000;

/** Followed instruments whose prices do not come, and since when (ms since the epoch); null: all come. */
export function silentAlert(
  state: DeskState,
  nowMs: number,
): { readonly alert: AlertInput; readonly sinceMs: number } | null {
  return fallenSilent(state) ?? neverHeard(state, nowMs);
}

function fallenSilent({ feed, instruments }: DeskState): ReturnType<typeof silentAlert> {
  const silent = feed.silent ?? [];
  if (silent.length === 0) return null;
  const titles = new Map(instruments.map(({ key, title }) => [key, title]));
  const titlesOf = (some: readonly SilentInstrument[]): string[] => some.map(({ key }) => titles.get(key) ?? key);
  const sinceMs = Math.min(...silent.map(({ since }) => since));
  const unanswered = silent.filter(({ evidence }) => evidence === 'no-answer');
  return {
    alert: {
      id: 'silent-instruments',
      severity: 'warning',
      title: silentWords(titlesOf(silent)),
      body: `Since ${istTimeOf(sinceMs)}${evidenceWords(silent.length, titlesOf(unanswered))}`,
      action: 'retry-feed',
    },
    sinceMs,
  };
}

/** What REST brings of so many, and what it does not. `unanswered`: of which Kite gives no newer price. */
function evidenceWords(silent: number, unanswered: readonly string[]): string {
  if (unanswered.length === 0) return '. Until it sends them again, they are asked for by REST about once a second.';
  if (unanswered.length === silent) return ', and Kite gives no newer price when asked. Trying again automatically.';
  const names = listedNames(unanswered);
  return `. Kite gives no newer price of ${names} when asked; the rest come by REST about once a second.`;
}

/** The market is about to open, and the live feed has not sent a single packet of an index or a future. */
function neverHeard({ feed, instruments, schedule }: DeskState, nowMs: number): ReturnType<typeof silentAlert> {
  const step = schedule.steps.findLast((one) => one.step === 'first-ticks' && one.plannedAt <= nowMs);
  if (step?.outcome !== 'waiting' || feed.state !== 'live' || feed.source !== 'websocket') return null;
  const sinceMs = Math.max(step.dueAt, feed.since);
  const followed = instruments.filter(({ role, retired }) => role !== 'watch' && !retired);
  const missing = followed.filter(({ firstTickAt }) => firstTickAt === null);
  if (missing.length === 0 || missing.length === followed.length || nowMs - sinceMs < FIRST_TICKS_COME_MS) return null;
  return {
    alert: {
      id: 'silent-instruments',
      severity: 'warning',
      title: silentWords(missing.map(({ title }) => title)),
      body: 'Nothing has come today.',
      action: 'retry-feed',
    },
    sinceMs,
  };
}
