/** The chart on the library itself: what it draws is what the book holds, and what is in view stays in view. */
import { expect, type Page, test } from '@playwright/test';
import type { IChartApi } from 'lightweight-charts';
import type { CandleChart } from '../../renderer/features/chart/candle-chart.ts';
import type { resolveChartColors } from '../../renderer/features/chart/chart-colors.ts';
import type { CandleBook } from '../../renderer/state/candle-book.ts';
import type { CandleUpdate } from '../../src/contract/tick-lane.ts';
import { type Fixture, startFixture } from '../renderer-fixture/fixture-server.ts';
import { randomFrom } from '../support/random.ts';
import { openScenario } from './fixture-page.ts';

const KEY = 'NSE:NIFTY 50';
const FIRST = Date.parse('2026-11-23T09:15:00+05:30');
const MINUTE_MS = 60_000;
let fixture: Fixture;

test.beforeAll(async () => {
  fixture = await startFixture();
});

test.afterAll(() => fixture[Symbol.asyncDispose]());

function update(minute: number, close: number, volume: number, removed = false): CandleUpdate {
  const [high, low] = [Math.max(100, close), Math.min(100, close)];
  const state = 'provisional' as const;
  const start = FIRST + minute * MINUTE_MS;
  return { slot: 0, start, open: 100, high, low, close, volume, openInterest: null, state, corrected: false, removed };
}

/** What is left of the chart's parts once types have gone through the page. */
interface Drawn {
  readonly rows: readonly (readonly [number, number, number, number, number, number])[];
  readonly bars: readonly (readonly [number, number, number, number, number])[];
  readonly volumes: readonly (readonly [number, number])[];
  /** The minutes in view, ms: first and last. */
  readonly view: readonly [number, number];
}

interface Parts {
  readonly CandleBook: typeof CandleBook;
  readonly CandleChart: typeof CandleChart;
  readonly resolveChartColors: typeof resolveChartColors;
}

/** A chart's own fields: nothing else says what the library holds. */
interface Inside {
  readonly chart: IChartApi;
  readonly candles: { data(): readonly { time: number; open: number; high: number; low: number; close: number }[] };
  readonly volumes: { data(): readonly { time: number; value: number }[] };
  readonly span: { readonly from: number } | null;
}

/** Draws batches one after another in a chart of its own and answers with what it holds after each. */
function drawBatches(page: Page, batches: readonly (readonly CandleUpdate[])[], scrollBack: number): Promise<Drawn[]> {
  return page.evaluate(
    ({ sent, key, minutesBack }) => {
      const parts = (window as unknown as { chartParts: Parts }).chartParts;
      const host = document.body.appendChild(document.createElement('div'));
      host.style.cssText = 'position:fixed;inset:0;width:900px;height:400px';
      const book = new parts.CandleBook({ invoke: () => new Promise(() => {}) });
      const chart = new parts.CandleChart(host, parts.resolveChartColors(host), 0.05, () => {});
      const { chart: api, candles, volumes } = chart as unknown as Inside;
      const scale = api.timeScale();
      chart.setDay([], [], null, 'near');
      book.onChange(key, null, (change) => chart.apply(change));
      const drawn = sent.map((batch, index): Drawn => {
        book.put(key, batch);
        if (index === 0 && minutesBack > 0) {
          const { from, to } = scale.getVisibleLogicalRange() ?? { from: 0, to: 0 };
          scale.setVisibleLogicalRange({ from: from - minutesBack, to: to - minutesBack });
        }
        const logical = scale.getVisibleLogicalRange();
        const first = (chart as unknown as Inside).span?.from ?? 0;
        const inMs = (place: number): number => first + place * 60_000;
        return {
          rows: book
            .day(key, null)
            .rows.map(([start, open, high, low, close, volume]) => [start, open, high, low, close, volume]),
          bars: candles.data().map(({ time, open, high, low, close }) => [time, open, high, low, close]),
          volumes: volumes.data().map(({ time, value }) => [time, value]),
          view: logical === null ? [0, 0] : [inMs(logical.from), inMs(logical.to)],
        };
      });
      chart[Symbol.dispose]();
      host.remove();
      return drawn;
    },
    { sent: batches, key: KEY, minutesBack: scrollBack },
  );
}

const axisSeconds = (startMs: number): number => (startMs + 19_800_000) / 1000;

for (const seed of [1, 2, 3, 4, 5]) {
  test(`the library’s series are the book’s rows after every batch, whatever comes (${seed})`, async ({ page }) => {
    await openScenario(page, fixture, 'live');
    const random = randomFrom(seed);
    const batches = Array.from({ length: 120 }, () =>
      Array.from({ length: 1 + Math.floor(random() * 4) }, () =>
        update(Math.floor(random() * 40), 90 + Math.floor(random() * 20), random() < 0.4 ? 0 : 5, random() < 0.25),
      ),
    );
    for (const { rows, bars, volumes } of await drawBatches(page, batches, 0)) {
      expect(bars).toEqual(rows.map(([start, ...prices]) => [axisSeconds(start), ...prices.slice(0, 4)]));
      expect(volumes).toEqual(rows.filter((row) => row[5] > 0).map((row) => [axisSeconds(row[0]), row[5]]));
    }
  });
}

test('a correction, a minute put in, one taken away and one before the first leave the view where it is', async ({
  page,
}) => {
  await openScenario(page, fixture, 'live');
  const day = Array.from({ length: 300 }, (_, minute) => update(minute, 101, 5)).filter((_, minute) => minute !== 200);
  const changes = [[update(100, 99, 6)], [update(200, 99, 6)], [update(50, 99, 6, true)], [update(-5, 99, 6)]];
  const drawn = await drawBatches(page, [day, ...changes], 90);
  const views = drawn.map(({ view }) => view);
  for (const [from, to] of views) {
    expect(Math.abs(from - (views[0]?.[0] ?? 0))).toBeLessThan(MINUTE_MS);
    expect(Math.abs(to - (views[0]?.[1] ?? 0))).toBeLessThan(MINUTE_MS);
  }
  expect(drawn.map(({ bars }) => bars.length)).toEqual([299, 299, 300, 299, 300]);
});
