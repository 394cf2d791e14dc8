import { describe, expect, test } from 'vitest';
import { at, nifty, niftyCall, niftyFuture } from '../feed/instruments.ts';
import { BackfillBench, minuteText, rowAt } from './backfill-bench.ts';

const [index, future, call] = [0, 1, 2];
const MINUTE_MS = 60_000;

/** Every minute of the index's and the future's day is listed, an index's price by its minute. */
function calmDay(bench: BackfillBench): BackfillBench {
  bench.history
    .list(nifty.token, '09:15:00', '15:30:00', (startMs) => rowAt(startMs, 26_000))
    .list(niftyFuture.token, '09:15:00', '15:40:00', (startMs) => rowAt(startMs, 26_100, 650, 9_000));
  return bench;
}

describe('a row of Kite’s history that no trade can have made', () => {
  test('makes no candle, holds up no other minute, and is asked for ever more seldom until it is right', async () => {
    using bench = calmDay(new BackfillBench('10:04:30'));
    bench.history.list(nifty.token, '10:02:00', '10:03:00', () => null);
    await bench.to('10:20:30');
    expect(bench.told(index).filter((row) => row.startsWith('10:02'))).toEqual([]);
    expect(bench.isAnswered(index, '10:02:00')).toBe(false);
    expect(bench.told(index).at(-1)).toBe('10:19 settled 26001');
    expect(bench.candles.refusedRows).toBeGreaterThan(0);
    expect(minuteText(bench.backfill.settledTo(index) ?? 0)).toBe('10:02');
    const askedAgain = bench.askedOf(nifty).filter(({ fromMs }) => fromMs <= at('10:02:00'));
    // Every minute's own question goes on; those for this one: at once, then 6, 12, 24, 48, 96, 120… seconds apart.
    expect(askedAgain.length).toBeLessThanOrEqual(16);
    bench.history.list(nifty.token, '10:02:00', '10:03:00', (startMs) => rowAt(startMs, 25_990));
    await bench.to('10:23:00');
    expect(bench.told(index)).toContain('10:02 settled 25991');
    expect(minuteText(bench.backfill.settledTo(index) ?? 0)).toBe('10:22');
  });

  test('is said where somebody looks at the chart', async () => {
    using bench = calmDay(new BackfillBench('10:04:30'));
    bench.history.list(nifty.token, '10:02:00', '10:03:00', () => null);
    const waited = bench.backfill.bringUpToDate(index);
    await bench.run(2_000);
    expect(await waited).toBeNull();
    expect(bench.backfill.leftOut(index)).toBe('Kite’s candle of one minute cannot be right and was left out.');
    bench.history.list(nifty.token, '10:02:00', '10:03:00', (startMs) => rowAt(startMs, 25_990));
    await bench.run(20_000);
    expect(bench.backfill.leftOut(index)).toBeNull();
  });
});

test('a minute in which nothing traded gets no candle and is settled by a few questions, not by an endless row', async () => {
  using bench = calmDay(new BackfillBench('10:00:00'));
  bench.history.list(niftyFuture.token, '10:00:00', '10:30:00', () => undefined);
  await bench.to('10:10:50');
  expect(bench.told(future).at(-1)).toBe('09:59 settled 26101');
  expect(minuteText(bench.backfill.settledTo(future) ?? 0)).toBe('10:10');
  const perMinute = bench.askedOf(niftyFuture).filter(({ atMs }) => atMs >= at('10:01:00'));
  expect(perMinute.length).toBeLessThanOrEqual(10 * 6);
  const before = bench.askedOf(niftyFuture).length;
  bench.history.list(niftyFuture.token, '10:00:00', '15:40:00', () => undefined);
  await bench.to('10:10:59');
  expect(bench.askedOf(niftyFuture).length - before).toBeLessThanOrEqual(2);
});

test('the whole day is asked for again six minutes after its open: the official open replaces the first', async () => {
  using bench = calmDay(new BackfillBench('09:14:50'));
  await bench.to('09:20:30');
  expect(bench.candles.rows(index, at('09:15:00'), at('09:16:00'))[0]?.slice(1, 5)).toEqual([
    26_000, 26_002, 25_998, 26_001,
  ]);
  bench.history.list(nifty.token, '09:15:00', '09:16:00', (startMs) => ({ ...rowAt(startMs, 26_000), open: 26_001.5 }));
  await bench.to('09:22:00');
  expect(bench.candles.rows(index, at('09:15:00'), at('09:16:00'))[0]).toEqual([
    at('09:15:00'),
    26_001.5,
    26_002,
    25_998,
    26_001,
    0,
    null,
    'settled',
    true,
  ]);
  const whole = bench.askedOf(nifty).filter(({ atMs, fromMs }) => fromMs === at('09:15:00') && atMs > at('09:20:00'));
  expect(whole.map(({ atMs }) => minuteText(atMs))).toEqual(['09:21']);
});

describe('the official close of an index', () => {
  /** What is shown of 15:29. */
  const lastOf = (bench: BackfillBench): string | undefined =>
    bench.told(index).findLast((row) => row.startsWith('15:29'));

  test('is provisional until a question from after the derivatives’ close agrees with the quote', async () => {
    using bench = calmDay(new BackfillBench('15:20:00'));
    bench.history.list(nifty.token, '15:29:00', '15:30:00', (startMs) => ({
      ...rowAt(startMs, 26_000),
      high: 26_131.6,
      close: 26_131.6,
    }));
    bench.lastPrice = 26_131.6;
    await bench.to('15:39:50');
    expect(lastOf(bench)).toBe('15:29 provisional 26131.6');
    expect(minuteText(bench.backfill.settledTo(index) ?? 0)).toBe('15:29');
    await bench.to('15:43:00');
    expect(lastOf(bench)).toBe('15:29 settled 26131.6');
    // Nothing is listed while the close is found.
    expect(minuteText(bench.backfill.settledTo(index) ?? 0)).toBe('15:35');
    const before = bench.asked.length;
    await bench.to('15:55:00');
    expect(bench.asked.length - before).toBe(0);
  });

  test('that Kite enters late is asked for every five minutes until the quote agrees', async () => {
    using bench = calmDay(new BackfillBench('15:20:00'));
    bench.lastPrice = 26_131.6;
    await bench.to('15:58:30');
    expect(lastOf(bench)).toBe('15:29 provisional 26001');
    const times = bench.askedOf(nifty).filter(({ atMs }) => atMs >= at('15:40:30'));
    expect(times.map(({ atMs }) => minuteText(atMs))).toEqual(['15:41', '15:46', '15:51', '15:56']);
    bench.history.list(nifty.token, '15:29:00', '15:30:00', (startMs) => ({
      ...rowAt(startMs, 26_000),
      high: 26_131.6,
      close: 26_131.6,
    }));
    await bench.to('16:02:00');
    expect(lastOf(bench)).toBe('15:29 settled 26131.6');
  });

  test('that Kite enters late is no correction for who has not seen the row before', async () => {
    using bench = calmDay(new BackfillBench('15:20:00'));
    bench.lastPrice = 26_131.6;
    await bench.to('15:45:00');
    bench.history.list(nifty.token, '15:29:00', '15:30:00', (startMs) => ({
      ...rowAt(startMs, 26_000),
      high: 26_131.6,
      close: 26_131.6,
    }));
    await bench.to('16:02:00');
    const [last] = bench.candles.rows(index, at('15:29:00'), at('15:30:00'));
    expect(last?.slice(4)).toEqual([26_131.6, 0, null, 'settled', false]);
  });

  test('that nobody ever confirms stays provisional, and is not asked for after 18:00', async () => {
    using bench = calmDay(new BackfillBench('17:50:00'));
    await bench.to('18:00:00');
    const before = bench.asked.length;
    await bench.to('18:30:00');
    expect([lastOf(bench), bench.asked.length - before]).toEqual(['15:29 provisional 26001', 0]);
  });
});

test('a chart that waits goes before the back-fill, which takes one request a second at most', async () => {
  using bench = calmDay(new BackfillBench('14:00:00'));
  bench.history.list(niftyCall.token, '09:15:00', '15:40:00', (startMs) => rowAt(startMs, 120, 75));
  // The back-fill has been asking for the whole day of two instruments; a third one's chart is opened.
  bench.backfill.look();
  const waited = bench.backfill.bringUpToDate(call);
  await bench.clock.advance(0);
  await bench.run(1_000);
  expect(await waited).toBeNull();
  expect(bench.asked.slice(0, 2).map(({ token }) => token)).toContain(niftyCall.token);
  await bench.run(20_000);
  const own = bench.asked.filter(({ token }) => token !== niftyCall.token).map(({ atMs }) => atMs);
  for (const [turn, atMs] of own.entries()) {
    const before = own[turn - 1];
    if (before !== undefined) expect(atMs - before).toBeGreaterThanOrEqual(1_000);
  }
  const all = bench.asked.map(({ atMs }) => atMs);
  for (const atMs of all) {
    expect(all.filter((each) => each >= atMs && each < atMs + 1_000).length).toBeLessThanOrEqual(3);
  }
});

test('what a chart shows is followed minute for minute, and no longer than it is shown', async () => {
  using bench = calmDay(new BackfillBench('10:00:00'));
  bench.history.list(niftyCall.token, '09:15:00', '15:40:00', (startMs) => rowAt(startMs, 120, 75));
  await bench.to('10:03:00');
  expect(bench.askedOf(niftyCall)).toEqual([]);
  bench.shown.add(call);
  await bench.to('10:06:30');
  expect(bench.told(call).at(0)).toBe('09:15 settled 121');
  expect(bench.told(call).at(-1)).toBe('10:05 settled 121');
  bench.shown.delete(call);
  const before = bench.askedOf(niftyCall).length;
  await bench.to('10:12:00');
  expect(bench.askedOf(niftyCall).length).toBe(before);
});

test.each([
  ['ahead', 5 * MINUTE_MS],
  ['far ahead', 3_600_000],
  ['behind', -5 * MINUTE_MS],
])('a PC’s clock that is %s takes no minute for over that is not', async (_, pcAheadMs) => {
  using bench = calmDay(new BackfillBench('10:00:00'));
  bench.pcAheadMs = pcAheadMs;
  await bench.to('10:02:30');
  bench.tick(nifty, 26_000);
  for (const time of ['10:02:00', '10:03:00', '10:04:00']) {
    expect(bench.isAnswered(index, time)).toBe(false);
  }
  bench.pcAheadMs = 0;
  await bench.to('10:06:30');
  expect(bench.told(index).slice(-4)).toEqual([
    '10:02 settled 26001',
    '10:03 settled 26001',
    '10:04 settled 26001',
    '10:05 settled 26001',
  ]);
});

describe('a contract that gets another token under its name', () => {
  const renewed = 3;

  test('keeps nothing of the one before: neither in the store nor, without a login, on its chart', async () => {
    using bench = calmDay(new BackfillBench('10:00:00'));
    await bench.to('10:05:30');
    expect(bench.keptStarts(niftyFuture.key)).toContain(at('09:15:00'));
    bench.signedIn = false;
    bench.renew(niftyFuture, 99_001);
    const waited = bench.backfill.bringUpToDate(renewed);
    await bench.run(3_000);
    expect([await waited, bench.told(renewed)]).toEqual(['Sign in to load earlier candles.', []]);
    expect(bench.keptStarts(niftyFuture.key)).toEqual([]);
  });

  test('keeps its own candles from then on, and those alone', async () => {
    using bench = calmDay(new BackfillBench('10:00:00'));
    await bench.to('10:05:30');
    const { token } = bench.renew(niftyFuture, 99_001);
    bench.history.list(token, '10:00:00', '15:40:00', (startMs) => rowAt(startMs, 26_200, 65, 9_000));
    await bench.to('10:10:30');
    expect(bench.told(renewed).at(0)).toBe('10:00 settled 26201');
    expect(bench.keptStarts(niftyFuture.key)).toEqual(
      Array.from({ length: 10 }, (_, minute) => at('10:00:00') + minute * MINUTE_MS),
    );
  });
});
