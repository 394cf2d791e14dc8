import { instantOfAxis, istMinute } from '../../renderer/format/ist.ts';
import type { CandleRow } from '../../src/contract/commands.ts';
import { instantOf } from '../../src/market/ist.ts';
import type { Bar, PageOnFloor } from './page-on-floor.ts';
import type { Floor } from './trading-floor.ts';

type Figures = readonly [open: number, high: number, low: number, close: number];

/** A minute is settled at most so long after its end, where Kite answers; ms. */
const SETTLED_AFTER_MS = 40_000;
const MINUTE_MS = 60_000;
/** Half a paisa: what is left of a price that went through rupees. */
const SAME_WITHIN = 0.005;

/** Everything a page's charts have wrong, of minutes that have been over for a while; a sentence each. */
export async function chartDifferences(
  floor: Floor,
  page: PageOnFloor,
  keys: readonly string[],
): Promise<readonly string[]> {
  const untilMs = floor.clock.now() - SETTLED_AFTER_MS - MINUTE_MS;
  const found: string[] = [];
  for (const key of keys) {
    // At Kite's own pace, and beside what the desk asks.
    await floor.run(1_000);
    const truth = await floor.history(key);
    const rows = page.rows(key);
    found.push(...barDifferences(key, page.bars(key), truth, untilMs));
    found.push(...volumeDifferences(key, rows, truth, untilMs));
    for (const row of rows) {
      if (row[0] < untilMs && row[7] !== 'settled' && !isHeldClose(floor, key, row))
        found.push(`${key} ${istMinute(row[0])}: still ${row[7]}`);
    }
  }
  return found;
}

/** An index's last row of the day is provisional until the derivatives have closed and Kite's quote agrees. */
function isHeldClose({ clock, desk }: Floor, key: string, [startMs, , , , , , , state]: CandleRow): boolean {
  const segment = desk.state.instruments.find((each) => each.key === key)?.segment;
  const date = desk.state.market.date;
  const isLast = startMs === instantOf(date, '15:29') && segment?.endsWith('_INDEX') === true;
  return isLast && state === 'provisional' && clock.now() < instantOf(date, '15:42');
}

/**
 * Where a chart differs from the exchange's own candles, a sentence a minute. `bars`: of the chart's series. Minutes that
 * start at or after `untilMs` are not looked at.
 */
function barDifferences(
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
function volumeDifferences(
  key: string,
  rows: readonly CandleRow[],
  truth: readonly CandleRow[],
  untilMs: number,
): readonly string[] {
  const right = new Map(truth.map((row) => [row[0], row]));
  return rows.flatMap(([start, , , , , volume, interest]) => {
    const real = right.get(start);
    if (start >= untilMs || real === undefined) return [];
    const at = `${key} ${istMinute(start)}`;
    return [
      ...(real[5] === volume ? [] : [`${at}: volume shown ${volume}, exchange ${real[5]}`]),
      ...(real[6] === interest ? [] : [`${at}: open interest shown ${interest}, exchange ${real[6]}`]),
    ];
  });
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
