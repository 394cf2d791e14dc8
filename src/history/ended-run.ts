import type { Journal } from '../contract/journal.ts';

/**
 * A journal that nobody is writing any more, as it is to be read at `nowMs` (ms since the epoch): what its last run left open
 * has ended, an outage at the latest when the feed was to stop. A run that was killed said nothing of its end: it ran until
 * it last wrote, and from then on is an outage.
 */
export function endedRun(journal: Journal, nowMs: number): Journal {
  const stopMs = journal.steps.findLast(({ step }) => step === 'feed-stop')?.plannedAt ?? nowMs;
  const { feed, gaps, alerts } = withItsEnd(journal, stopMs);
  return {
    ...journal,
    feed,
    gaps: gaps.map((gap) => ({ ...gap, to: gap.to ?? Math.max(gap.from, Math.min(nowMs, stopMs)) })),
    alerts: alerts.map((alert) => ({ ...alert, withdrawnAt: alert.withdrawnAt ?? nowMs })),
  };
}

function withItsEnd(journal: Journal, stopMs: number): Journal {
  const { aliveAt, feed, gaps } = journal;
  const last = feed.at(-1);
  if (aliveAt === null || last === undefined || last.state === 'off') return journal;
  const at = Math.max(last.at, aliveAt);
  const isOut = gaps.some(({ to, keys }) => to === null && keys.length === 0);
  return {
    ...journal,
    feed: [...feed, { at, state: 'off', source: 'none', cause: null }],
    gaps: isOut || at >= stopMs ? gaps : [...gaps, { from: at, to: null, cause: 'not-running', keys: [] }],
  };
}
