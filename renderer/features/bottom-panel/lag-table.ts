import type { FeedLag } from '../../../src/contract/state.ts';
import type { PaintLagFigures } from '../../state/paint-lag.ts';

const percentiles = ['p50Ms', 'p95Ms', 'p99Ms'] as const;

/** One stretch of a tick's way and how long it takes; ms as text, blank where it is not known. */
export interface LagLine {
  readonly name: string;
  readonly about: string;
  readonly figures: readonly string[];
}

/** A tick's way from the exchange to the screen. The last line adds up the two above it. */
export function lagLines(lag: FeedLag, paint: PaintLagFigures): LagLine[] {
  const known = percentiles.map((name) => ({ feed: lag[name], page: paint[name] }));
  return [
    {
      name: 'Exchange to this PC',
      about: 'The exchange stamps whole seconds: up to 1 s of this is rounding.',
      figures: known.map(({ feed }) => millis(feed)),
    },
    {
      name: 'This PC to the screen',
      about: 'From the tick’s receipt to its pixels, over about the last minute.',
      figures: known.map(({ page }) => millis(page)),
    },
    {
      name: 'Exchange to the screen',
      about: 'The two above added up.',
      figures: known.map(({ feed, page }) => millis(feed === null || page === null ? null : feed + page)),
    },
  ];
}

function millis(value: number | null): string {
  return value === null ? '–' : `${Math.round(value).toLocaleString('en-IN')} ms`;
}

/** How the PC's clock stands to the exchange's. */
export function skewText(skewMs: number | null): string {
  if (skewMs === null) return 'not known yet';
  if (Math.abs(skewMs) < 500) return 'right, to half a second';
  const seconds = (Math.abs(skewMs) / 1000).toFixed(1);
  return skewMs > 0 ? `${seconds} s ahead` : `${seconds} s behind`;
}
