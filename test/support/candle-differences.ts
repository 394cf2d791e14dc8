import { instantOfAxis, istMinute } from '../../renderer/format/ist.ts';
import type { CandleRow } from '../../src/contract/commands.ts';
import type { Bar } from './page-on-floor.ts';

type Figures = readonly [open: number, high: number, low: number, close: number];

/** Half a paisa: what is left of a price that went through rupees. */
const SAME_WITHIN = 0.005;

/**
 * Where a chart differs from the exchange's own candles, a sentence a minute. `bars`: of the chart's series. Minutes that
 * start at or after `untilMs` are not looked at.
 */
export function barDifferences(
  key: string,
  bars: readonly Bar[],
  truth: readonly CandleRow[],
  untilMs: number,
): readonly string[] {
  const shown = new Map<number, Figures>();
  for (const bar of bars) {
    if ('open' in bar) shown.set(instantOfAxis(Number(bar.time)), [bar.open, bar.high, bar.low, bar.close]);
  }
  const right = new Map<number, Figures>(truth.map(([start, ...figures]) => [start, pricesOf(figures)]));
  const starts = [...new Set([...shown.keys(), ...right.keys()])].filter((start) => start < untilMs);
  return starts
    .sort((a, b) => a - b)
    .flatMap((start) => {
      const [seen, real] = [shown.get(start), right.get(start)];
      const isSame =
        seen !== undefined &&
        real !== undefined &&
        seen.every((price, index) => Math.abs(price - (real[index] ?? 0)) < SAME_WITHIN);
      return isSame ? [] : [`${key} ${istMinute(start)}: shown ${wordsOf(seen)}, exchange ${wordsOf(real)}`];
    });
}

/** Where volume or open interest of the page's rows differ from the exchange's, a sentence a minute. */
export function volumeDifferences(
  key: string,
  rows: readonly CandleRow[],
  truth: readonly CandleRow[],
  untilMs: number,
): readonly string[] {
  const right = new Map(truth.map((row) => [row[0], row[5]]));
  return rows
    .filter(([start, , , , , volume]) => start < untilMs && right.has(start) && right.get(start) !== volume)
    .map((row) => `${key} ${istMinute(row[0])}: volume shown ${row[5]}, exchange ${right.get(row[0])}`);
}

function pricesOf(figures: readonly unknown[]): Figures {
  const [open, high, low, close] = figures.map(Number);
  return [open ?? 0, high ?? 0, low ?? 0, close ?? 0];
}

function wordsOf(figures: Figures | undefined): string {
  if (figures === undefined) return 'nothing';
  const [open, high, low, close] = figures;
  return `O${open} H${high} L${low} C${close}`;
}
