/** A SENSEX future that trades nothing for minutes, as it may (observed, row 5.24): nothing is wrong with it. */
import { expect, test } from 'vitest';
import { chartDifferences } from '../support/candle-differences.ts';
import { openPage } from '../support/page-on-floor.ts';
import { openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const CALM = 'BFO:SENSEX26NOVFUT';
const MINUTES = 20;

test('its chart has Kite’s rows and none for the minutes between, and its history is not asked for again and again', async () => {
  await using floor = await openFloor({ date, at: '10:00:20', idleMinutes: { [CALM]: 0.5 } });
  using page = openPage(floor);
  const keys = floor.desk.state.instruments.map(({ key }) => key);
  expect(keys).toContain(CALM);
  await page.chart(keys);
  await floor.run(60_000);
  const asked = (): number => floor.exchange.stats.requests['GET /instruments/historical/:token/:interval'] ?? 0;
  const before = asked();
  await floor.run(MINUTES * 60_000);
  // Once a minute for each, and once more where a minute has no row.
  expect(asked() - before).toBeLessThanOrEqual((keys.length + 2) * MINUTES);
  expect(await chartDifferences(floor, page, keys)).toEqual([]);
  const [calm, busy] = [page.rows(CALM).length, page.rows('NSE:NIFTY 50').length];
  expect(calm).toBeLessThan(busy - 15);
  expect(calm).toBeGreaterThan(10);
});

test('nobody is told of it', async () => {
  const told: string[] = [];
  const channels = [
    { name: 'test', show: ({ title }: { title: string }) => void told.push(title), withdraw: () => {} },
  ];
  await using floor = await openFloor({ date, at: '10:00:20', idleMinutes: { [CALM]: 0.5 }, channels });
  await floor.run(MINUTES * 60_000);
  expect(told).toEqual([]);
});
