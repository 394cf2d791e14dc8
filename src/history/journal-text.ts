import type { Journal } from '../contract/journal.ts';
import type { LagPercentiles, StepState } from '../contract/state.ts';
import { istTimeOf } from '../market/ist.ts';

/** A journal for reading in a terminal: the day's steps as a table, then what the feed went through. Times in IST. */
export function formatJournal(journal: Journal): string {
  return [
    `${journal.date}  ${journal.day.kind}: ${journal.day.reason}${journal.simulated ? '  SIMULATED' : ''}`,
    '',
    ...stepLines(journal.steps),
    '',
    ...firstTickLines(journal),
    `Reconnects: ${journal.reconnects}`,
    ...gapLines(journal),
    ...lagLines(journal),
    ...alertLines(journal),
  ].join('\n');
}

function stepLines(steps: readonly StepState[]): string[] {
  if (steps.length === 0) return ['No steps: nothing that is followed trades on this day.'];
  const rows = steps.map((step) => [
    step.id,
    istTimeOf(step.plannedAt),
    step.actualAt === null ? '-' : istTimeOf(step.actualAt),
    step.actualAt === null ? '' : signedSeconds(step.actualAt - step.dueAt),
    step.outcome,
    step.detail ?? '',
  ]);
  return table(['Step', 'Planned', 'Actual', 'Diff s', 'Outcome', 'Detail'], rows, rightAligned);
}

const rightAligned = new Set(['Diff s']);

function firstTickLines({ firstTicks }: Journal): string[] {
  if (firstTicks.length === 0) return ['First ticks: none'];
  const ticks = firstTicks.toSorted((a, b) => a.at - b.at).map(({ key, at }) => `  ${istTimeOf(at)}  ${key}`);
  return ['First ticks:', ...ticks];
}

function gapLines({ gaps }: Journal): string[] {
  if (gaps.length === 0) return ['Gaps: none'];
  const lines = gaps.map(({ from, to, cause, keys }) => {
    const length = to === null ? 'still open' : `${((to - from) / 1000).toFixed(1)} s`;
    const whom = keys.length === 0 ? 'all instruments' : keys.join(', ');
    return `  ${istTimeOf(from)}  ${length}  ${cause}  ${whom}`;
  });
  return ['Gaps:', ...lines];
}

function lagLines({ lag }: Journal): string[] {
  return lag.flatMap(({ screen, ...received }) => [
    ...percentileLine('Lag', received),
    ...percentileLine('Receipt to screen', screen?.fromReceipt),
    ...percentileLine('Exchange to screen', screen?.fromExchange),
  ]);
}

function percentileLine(what: string, figures: LagPercentiles | undefined): string[] {
  if (figures === undefined || figures.samples === 0) return [];
  const { samples, p50Ms, p95Ms, p99Ms } = figures;
  return [`${what}: p50 ${p50Ms} ms, p95 ${p95Ms} ms, p99 ${p99Ms} ms of ${samples} ticks`];
}

function alertLines({ alerts }: Journal): string[] {
  if (alerts.length === 0) return ['Alerts: none'];
  const lines = alerts.map(({ title, raisedAt, withdrawnAt }) => {
    const until = withdrawnAt === null ? 'still standing' : `until ${istTimeOf(withdrawnAt)}`;
    return `  ${istTimeOf(raisedAt)}  ${title}  (${until})`;
  });
  return ['Alerts:', ...lines];
}

/** `+0.0`, `-57.2`. */
function signedSeconds(ms: number): string {
  return `${ms < 0 ? '' : '+'}${(ms / 1000).toFixed(1)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[], right: ReadonlySet<string>): string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    head
      .map((title, column) => {
        const [cell, width] = [cells[column] ?? '', widths[column] ?? 0];
        return right.has(title) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
