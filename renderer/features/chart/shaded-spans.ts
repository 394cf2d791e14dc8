import type { CandleRow } from '../../../src/contract/commands.ts';
import type { SessionWindow } from '../../../src/contract/state.ts';
import { axisTime } from '../../format/ist.ts';
import type { ChartColors } from './chart-colors.ts';
import { MINUTE_MS, minuteOf } from './series-data.ts';
import type { ShadedSpan } from './session-shading.ts';
import type { Gap } from './use-gaps.ts';

/** The instrument's day as far as shading depends on it; instants in ms. */
export interface ShadedDay {
  /** Those of the instrument's segment. */
  readonly sessions: readonly SessionWindow[];
  readonly gaps: readonly Gap[];
  /** Ascending by start. */
  readonly rows: readonly CandleRow[];
  /** Market time. */
  readonly now: number;
}

/**
 * What to mark behind an instrument's candles: its auctions, the minutes an outage has left without a candle, and the
 * closed minutes whose candle may lack ticks.
 */
export function shadedSpans(
  day: ShadedDay,
  colors: Pick<ChartColors, 'preOpen' | 'closingAuction' | 'outage'>,
): ShadedSpan[] {
  const auctions = day.sessions
    .filter((session) => session.kind !== 'continuous')
    .map((session) => ({
      from: axisTime(session.from),
      to: axisTime(session.to),
      color: session.kind === 'pre-open' ? colors.preOpen : colors.closingAuction,
      label: session.kind === 'pre-open' ? 'Pre-open' : 'Closing auction',
    }));
  const spanOf =
    (label: string) =>
    ({ from, to }: Stretch): ShadedSpan => ({ from: axisTime(from), to: axisTime(to), color: colors.outage, label });
  const doubtful = day.rows.filter((row) => row[7] === 'doubtful').map((row) => row[0]);
  return [...auctions, ...missing(day).map(spanOf('No data')), ...stretches(doubtful).map(spanOf('Incomplete'))];
}

/** A stretch of time in ms, `to` exclusive. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * The stretches of the outages for which there is nothing. In continuous trading those are minutes without a candle, and a
 * candle of Kite's own after such a minute says that Kite lists none for it: nothing was traded.
 */
function missing({ sessions, gaps, rows, now }: ShadedDay): Stretch[] {
  const starts = new Set(rows.map((row) => row[0]));
  const settledTo = rows.findLast((row) => row[7] === 'settled')?.[0] ?? Number.NEGATIVE_INFINITY;
  const continuous = sessions.filter(({ kind }) => kind === 'continuous');
  const isTraded = (start: number): boolean =>
    continuous.length === 0 || continuous.some(({ from, to }) => start >= minuteOf(from) && start < to);
  const hasNothing = (start: number): boolean => !isTraded(start) || (!starts.has(start) && start > settledTo);
  const minutes = new Set<number>();
  for (const gap of gaps) {
    const to = gap.to ?? now;
    for (let start = minuteOf(gap.from); start < to; start += MINUTE_MS) if (hasNothing(start)) minutes.add(start);
  }
  return stretches([...minutes].sort((a, b) => a - b));
}

/** Minutes that follow one another, as one stretch each. */
function stretches(starts: readonly number[]): Stretch[] {
  const found: Stretch[] = [];
  for (const start of starts) {
    const last = found.at(-1);
    if (last?.to === start) found[found.length - 1] = { from: last.from, to: start + MINUTE_MS };
    else found.push({ from: start, to: start + MINUTE_MS });
  }
  return found;
}
