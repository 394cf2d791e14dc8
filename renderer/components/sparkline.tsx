import { memo, type ReactElement } from 'react';
import { directionOf } from '../format/numbers.ts';
import type { CandleDay } from '../state/candle-book.ts';

const WIDTH = 110;
const HEIGHT = 22;

interface SparklineProps {
  /** A new object a minute, which is how often the line is drawn again. */
  readonly day: CandleDay;
  /** Previous session's close in rupees, drawn as the base line; 0: unknown. */
  readonly close: number;
}

/** The day's closes in miniature. */
export const Sparkline = memo(function Sparkline({ day, close }: SparklineProps): ReactElement {
  const { rows } = day;
  const first = rows[0];
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return <svg className="sparkline" aria-hidden="true" />;
  const values = rows.map((row) => row[4]);
  const low = Math.min(...values, close > 0 ? close : Number.POSITIVE_INFINITY);
  const high = Math.max(...values, close);
  const span = Math.max(60_000, last[0] - first[0]);
  const x = (ms: number): string => (((ms - first[0]) / span) * WIDTH).toFixed(1);
  const y = (rupees: number): string => (1 + (1 - (rupees - low) / (high - low || 1)) * (HEIGHT - 2)).toFixed(1);
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      data-direction={close > 0 ? directionOf(last[4] - close) : 'flat'}
      aria-hidden="true"
    >
      {close > 0 ? <path className="sparkline__base" d={`M0 ${y(close)}H${WIDTH}`} /> : null}
      <path className="sparkline__line" d={`M${rows.map((row) => `${x(row[0])} ${y(row[4])}`).join('L')}`} />
    </svg>
  );
});
