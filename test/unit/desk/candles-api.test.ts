import { expect, test } from 'vitest';
import type { ApiCandles, ApiInterval } from '../../../src/contract/candles-api.ts';
import type { KiteInstrument } from '../../../src/kite/session.ts';
import { infosys, nifty } from '../feed/instruments.ts';
import { BackfillBench, rowAt } from '../history/backfill-bench.ts';

const today = '2026-11-23';
const listed = { key: infosys.key, token: infosys.token, hours: 'NSE_CASH_CAS' } as KiteInstrument;

async function asked(
  bench: BackfillBench,
  key: string,
  interval: ApiInterval,
  from: string = today,
): Promise<ApiCandles> {
  const answering = bench.api.answer({ key, interval, from, to: today });
  await bench.run(6_000);
  const result = await answering;
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** The index's day as far as it is to be had, from its open and on the Friday before. */
function traded(time: string): BackfillBench {
  const bench = new BackfillBench(time);
  for (const [date, price] of [
    ['2026-11-20', 25_900],
    [today, 26_000],
  ] as const) {
    bench.history.list(nifty.token, '09:15:00', '15:30:00', (startMs) => rowAt(startMs, price), date);
  }
  return bench;
}

test('without a quote of today the running day is not known, whatever the reason, and is not called complete', async () => {
  using bench = traded('11:00:00');
  bench.signedIn = false;
  expect(await asked(bench, nifty.key, 'day')).toMatchObject({
    candles: [],
    history: 'unavailable',
    reason: 'No price of today has come.',
  });
  bench.listed.set(infosys.key, listed);
  expect(await asked(bench, infosys.key, 'day')).toMatchObject({
    candles: [],
    history: 'unavailable',
    reason: 'NSE:INFY is not followed: its prices of today are not known.',
  });
});

test('a quote of before the open is none of today, until then nothing has traded', async () => {
  using bench = traded('09:08:00');
  bench.tick(nifty, 26_010);
  await bench.to('09:10:00');
  const nothingYet = { candles: [], history: 'complete', reason: 'Nothing has traded yet.' };
  expect(await asked(bench, nifty.key, 'day')).toMatchObject(nothingYet);
  bench.listed.set(infosys.key, listed);
  expect(await asked(bench, infosys.key, 'day')).toMatchObject(nothingYet);
  await bench.to('09:30:00');
  expect(await asked(bench, nifty.key, 'day')).toMatchObject({ candles: [], history: 'unavailable' });
});

test('a quote of today is the running day, and says of when it is once it is stale', async () => {
  using bench = traded('11:00:00');
  bench.tick(nifty, 26_010, { origin: 'rest' });
  expect(await asked(bench, nifty.key, 'day')).toMatchObject({
    candles: [{ close: 26_010, state: 'forming' }],
    history: 'complete',
    reason: null,
  });
  bench.staleQuotes = true;
  expect(await asked(bench, nifty.key, 'day')).toMatchObject({
    candles: [{ close: 26_010, state: 'forming' }],
    history: 'unavailable',
    reason: 'The last price is of 11:00.',
  });
});

test('what is settled ends where an earlier day has a hole, and nowhere where earlier days could not be loaded', async () => {
  using bench = traded('11:00:00');
  await bench.to('11:02:30');
  const whole = await asked(bench, nifty.key, '1', '2026-11-20');
  expect(whole).toMatchObject({ history: 'complete', settledTo: `${today}T11:02:00+05:30` });
  bench.history.list(nifty.token, '10:00:00', '10:01:00', () => null, '2026-11-20');
  const holed = await asked(bench, nifty.key, '1', '2026-11-20');
  expect(holed).toMatchObject({ history: 'complete', settledTo: '2026-11-20T10:00:00+05:30' });
  expect(holed.reason).toContain('left out');
  bench.failure = 'network';
  const failed = await asked(bench, nifty.key, '1', '2026-11-20');
  expect(failed).toMatchObject({ history: 'unavailable', settledTo: null });
  expect(failed.candles.length).toBeGreaterThan(100);
});

test('days without trading before today are no hole', async () => {
  using bench = traded('11:00:00');
  await bench.to('11:02:30');
  expect(await asked(bench, nifty.key, '1', '2026-11-21')).toMatchObject({ settledTo: `${today}T11:02:00+05:30` });
});
