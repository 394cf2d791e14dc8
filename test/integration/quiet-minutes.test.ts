/** Candles where nothing trades, and where nothing can be written: on a whole desk, on virtual time. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDeskStore } from '../../src/history/store.ts';
import { instantOf } from '../../src/market/ist.ts';
import { openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const NIFTY = 'NSE:NIFTY 50';
const at = (time: string): number => instantOf(date, time);

test('minutes in which a calm SENSEX future does not trade have no candle, and are not asked for without end', async () => {
  const quiet = { token: 0, fromMs: at('10:04'), toMs: at('10:09'), asked: 0 };
  await using floor = await openFloor({
    date,
    at: '10:00:00',
    rest: (rest) => ({
      ...rest,
      candles: async (session, request) => {
        const rows = await rest.candles(session, request);
        if (request.token !== quiet.token) return rows;
        quiet.asked++;
        return rows.filter(({ startMs }) => startMs < quiet.fromMs || startMs >= quiet.toMs);
      },
    }),
  });
  const future = floor.desk.state.instruments.find(({ key }) => key.startsWith('BFO:SENSEX'));
  if (future === undefined) throw new Error('no SENSEX future');
  quiet.token = future.token;
  await floor.to('10:04:00');
  floor.exchange.control.apply({ kind: 'quiet', token: future.token, forMs: quiet.toMs - quiet.fromMs });
  quiet.asked = 0;
  await floor.to('10:12:50');
  expect(quiet.asked).toBeLessThanOrEqual(5 * 6 + 4 * 2);
  const { candles, history } = await floor.command('candles.get', { key: future.key, date: null });
  const times = candles.filter(([start]) => start >= at('10:02')).map(([start]) => (start - at('10:00')) / 60_000);
  expect(times).toEqual([2, 3, 9, 10, 11, 12]);
  expect(candles.slice(0, -1).filter((row) => row[7] !== 'settled')).toEqual([]);
  expect(history).toBe('complete');
});

test.each([
  'full',
  'locked',
  'read-only',
] as const)('candles of minutes in which the disk was %s are in the store afterwards', async (fault) => {
  const home = mkdtempSync(join(tmpdir(), 'kept-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  {
    await using floor = await openFloor({ date, at: '10:00:00', home });
    await floor.to('10:02:00');
    floor.disk.fault = fault;
    await floor.to('10:12:30');
    floor.disk.fault = null;
    await floor.run(40_000);
  }
  using store = openDeskStore(home, at('10:14')).store;
  const kept = store.loadCandles(NIFTY, at('09:15'), at('10:12') - 1);
  expect(kept.map(([start]) => start)).toEqual(
    Array.from({ length: 57 }, (_, minute) => at('09:15') + minute * 60_000),
  );
  expect(kept.filter((row) => row[7] !== 'settled')).toEqual([]);
});
