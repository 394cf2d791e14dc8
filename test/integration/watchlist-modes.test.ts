import { expect, test } from 'vitest';
import { openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';

test('a watched option comes in full mode while some interface shows it, and in quote mode otherwise', async () => {
  await using floor = await openFloor({ date, at: '10:59:30' });
  await floor.to('10:59:40');
  const found = await floor.command('instruments.search', { text: 'nifty ce', limit: 1 });
  const key = found[0]?.key ?? '';
  await floor.command('settings.update', { watchlist: [key] });
  await floor.run(60_000);
  const slot = floor.desk.state.instruments.findIndex((instrument) => instrument.key === key);
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', capacity: { used: 7, limit: 9_000 } });
  const option = () => floor.desk.health().instruments.find((instrument) => instrument.key === key);
  // A packet of quote mode has no time, so there is no lag to tell; its volume shows that it is traded.
  expect(option()).toMatchObject({ lagMs: null, kind: 'live', stale: false });
  const others = floor.desk.health().instruments.filter((instrument) => instrument.key !== key);
  expect(others.filter(({ lagMs }) => lagMs === null)).toEqual([]);

  const attached = floor.desk.attach({ state: () => undefined, ticks: () => undefined });
  attached.setInterest({ slots: [slot], depth: [slot], candles: [], hidden: false });
  await floor.run(2_000);
  expect(option()?.lagMs).not.toBeNull();
  attached[Symbol.dispose]();
  await floor.run(20_000);
  expect(option()?.lagMs).not.toBeNull();
  await floor.run(20_000);
  expect(option()?.lagMs).toBeNull();
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', reconnects: 0 });
});

test('the lag of the day is in the state, in the record and in the certificate, and the clocks agree', async () => {
  await using floor = await openFloor({ date, at: '15:30:00' });
  await floor.to('15:46:00');
  const { lag } = floor.desk.state.feed;
  expect(lag.samples).toBeGreaterThan(100);
  expect(lag).toMatchObject({ skewMs: null, heldUpMs: 0 });
  expect(lag.p50Ms).toBeGreaterThanOrEqual(0);
  expect(lag.p99Ms).toBeLessThan(1_500);
  expect(floor.journal().lag).toMatchObject([{ samples: lag.samples, p50Ms: lag.p50Ms, p95Ms: lag.p95Ms, skewMs: 0 }]);
  expect(floor.step('certificate').detail).toMatch(/lag \d+ ms/);
});

test('a clock of the PC that agrees with the exchange has no skew, and health says so', async () => {
  await using floor = await openFloor({ date, at: '10:59:00' });
  expect(floor.desk.health().clock.skewMs).toBeNull();
  await floor.run(60_000);
  expect(floor.desk.health().clock.skewMs).toBe(0);
  expect(floor.desk.state.alerts).toEqual([]);
});
