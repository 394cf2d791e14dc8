/** What the chart shows after each kind of trouble: the exchange's own candles. Desk and page joined, on virtual time. */
import { expect, test } from 'vitest';
import { type CandleUpdate, decodeTickBatch } from '../../src/contract/tick-lane.ts';
import { chartDifferences } from '../support/candle-differences.ts';
import { openPage, type PageOnFloor } from '../support/page-on-floor.ts';
import { type Floor, openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';

interface Joined {
  readonly floor: Floor;
  readonly page: PageOnFloor;
  readonly keys: readonly string[];
}

async function chartsAfter(trouble: (joined: Joined) => Promise<void>, at = '10:00:00'): Promise<readonly string[]> {
  await using floor = await openFloor({ date, at });
  using page = openPage(floor);
  const keys = floor.desk.state.instruments.map(({ key }) => key);
  expect(keys).toHaveLength(6);
  await page.chart(keys);
  await floor.to('10:03:30');
  await trouble({ floor, page, keys });
  await floor.run(300_000);
  return await chartDifferences(floor, page, keys);
}

test('on a calm day', async () => {
  expect(await chartsAfter(async ({ floor }) => floor.run(60_000))).toEqual([]);
});

test('the app was started in mid-minute', async () => {
  expect(await chartsAfter(async () => {}, '10:00:25')).toEqual([]);
});

test('the connection was lost for three minutes, and REST with it', async () => {
  const outage = async ({ floor }: Joined): Promise<void> => {
    floor.exchange.control.apply({ kind: 'refuse', where: 'both', status: 503 });
    floor.exchange.control.apply({ kind: 'drop' });
    await floor.run(180_000);
    floor.exchange.control.clear();
  };
  expect(await chartsAfter(outage)).toEqual([]);
});

test('prices came by REST for three minutes', async () => {
  const rest = async ({ floor }: Joined): Promise<void> => {
    floor.exchange.control.apply({ kind: 'refuse', where: 'socket', status: 503 });
    floor.exchange.control.apply({ kind: 'drop' });
    await floor.run(180_000);
    floor.exchange.control.clear();
  };
  expect(await chartsAfter(rest)).toEqual([]);
});

test('the feed was paused for three minutes', async () => {
  const pause = async ({ floor }: Joined): Promise<void> => {
    await floor.command('feed.pause', {});
    await floor.run(180_000);
    await floor.command('feed.resume', {});
  };
  expect(await chartsAfter(pause)).toEqual([]);
});

test('the PC slept for ten minutes', async () => {
  const sleep = async ({ floor }: Joined): Promise<void> => {
    floor.clock.jump(600_000);
    floor.desk.wake('resume');
  };
  expect(await chartsAfter(sleep)).toEqual([]);
});

test('the app was restarted', async () => {
  const restart = async ({ floor, page }: Joined): Promise<void> => {
    page.loseLink();
    await floor.restart(130_000);
    await page.findLink();
  };
  expect(await chartsAfter(restart)).toEqual([]);
});

test('the page was looking elsewhere, lost its link, and got a batch it could not read, through an outage', async () => {
  const absent = async ({ floor, page, keys }: Joined): Promise<void> => {
    await page.chart(keys.slice(3));
    floor.exchange.control.apply({ kind: 'refuse', where: 'both', status: 503 });
    floor.exchange.control.apply({ kind: 'drop' });
    await floor.run(75_000);
    page.loseLink();
    floor.exchange.control.clear();
    await floor.run(20_000);
    await page.findLink();
    await page.chart(keys);
    await floor.run(30_000);
    page.spoilBatch();
  };
  expect(await chartsAfter(absent)).toEqual([]);
});

test('a page that is opened later shows the same', async () => {
  await using floor = await openFloor({ date, at: '10:00:25' });
  const keys = floor.desk.state.instruments.map(({ key }) => key);
  {
    using first = openPage(floor);
    await first.chart(keys);
    await floor.run(240_000);
  }
  await floor.run(60_000);
  using second = openPage(floor);
  await second.chart(keys);
  await floor.run(1_000);
  expect(await chartDifferences(floor, second, keys)).toEqual([]);
});

test('two windows show the same, though one is hidden and the other has just come to the chart', async () => {
  await using floor = await openFloor({ date, at: '10:00:25' });
  const keys = floor.desk.state.instruments.map(({ key }) => key);
  using page = openPage(floor);
  await page.chart(keys.slice(0, 1));
  const hidden = { slots: [], depth: [], candles: [0], hidden: true };
  const received = new Map<number, CandleUpdate>();
  using window = floor.desk.attach({
    state: () => undefined,
    ticks: (buffer) => {
      const batch = decodeTickBatch(buffer);
      for (const candle of batch.candles) {
        if (candle.removed) received.delete(candle.start);
        else received.set(candle.start, candle);
      }
      queueMicrotask(() => window.acknowledge(batch.seq));
    },
  });
  window.setInterest(hidden);
  await floor.to('10:03:30');
  floor.exchange.control.apply({ kind: 'drop' });
  await floor.run(60_000);
  await page.chart([]);
  await floor.run(120_000);
  await page.chart(keys.slice(0, 1));
  await floor.run(2_000);
  const closed = page.rows(keys[0] ?? '').slice(0, -1);
  expect(closed.length).toBeGreaterThan(50);
  expect(closed.map(([start, open, high, low, close]) => [start, open, high, low, close])).toEqual(
    [...received.values()]
      .sort((a, b) => a.start - b.start)
      .slice(0, closed.length)
      .map(({ start, open, high, low, close }) => [start, open, high, low, close]),
  );
});
