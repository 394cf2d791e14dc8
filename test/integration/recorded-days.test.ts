import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CandleRow } from '../../src/contract/commands.ts';
import { decodeTickBatch, type QuoteRow } from '../../src/contract/tick-lane.ts';
import { instantOf } from '../../src/market/ist.ts';
import { type RecordedBar, recordingsIn } from '../exchange/market/recorded-bars.ts';
import { type Floor, openFloor } from '../support/trading-floor.ts';

const dataDir = join(import.meta.dirname, '..', '..', '..', 'shared', 'market-data');
const isAway = !existsSync(dataDir);
const MINUTES = 375;

const indices = [
  { key: 'NSE:NIFTY 50', recording: 'NIFTY 50' },
  { key: 'NSE:NIFTY BANK', recording: 'NIFTY BANK' },
  { key: 'BSE:SENSEX', recording: 'SENSEX' },
];

/** The quote of an instrument as an interface is shown it. */
async function shownQuote(floor: Floor, key: string): Promise<QuoteRow> {
  const slot = floor.desk.state.instruments.findIndex((instrument) => instrument.key === key);
  const rows: QuoteRow[] = [];
  using attachment = floor.desk.attach({
    state: () => {},
    ticks: (batch) => void rows.push(...decodeTickBatch(batch).quotes),
  });
  attachment.setInterest({ slots: [slot], depth: [], candles: [], hidden: false });
  await floor.run(20);
  const [row] = rows;
  if (row === undefined) throw new Error(`no quote of ${key}`);
  return row;
}

function barsOf(recording: string, date: string): readonly RecordedBar[] {
  const bars = recordingsIn(dataDir).bars(recording, date);
  if (bars === null) throw new Error(`no recording of ${recording} on ${date}`);
  return bars;
}

/** A whole day of ticks, history and its settling takes about half a minute, and a busy PC several times that; real ms. */
const WHOLE_DAY_MS = 240_000;

/** `[start, open, high, low, close]` in paise. */
function pricesOf(rows: readonly CandleRow[]): number[][] {
  return rows.map(([start, ...prices]) => {
    const [open, high, low, close] = prices;
    return [start, ...[open, high, low, close].map((price) => Math.round(price * 100))];
  });
}

describe.skipIf(isAway)(
  `the recorded days (${isAway ? `skipped: no recordings at ${dataDir}` : 'recordings at hand'})`,
  () => {
    test.each(['2025-12-22', '2025-12-23'])(
      '%s plays through, and all of it is as recorded',
      async (date) => {
        await using floor = await openFloor({ exactTicks: true, date, at: '08:54', dataDir });
        await floor.to('15:31');
        expect(floor.desk.state.feed).toMatchObject({ state: 'live', reconnects: 0, gaps: [] });

        for (const { key, recording } of indices) {
          const bars = barsOf(recording, date);
          const row = await shownQuote(floor, key);
          expect([key, Math.round(row.high * 100), Math.round(row.low * 100), Math.round(row.lastPrice * 100)]).toEqual(
            [
              key,
              Math.max(...bars.map(({ high }) => high)),
              Math.min(...bars.map(({ low }) => low)),
              bars.at(-1)?.close,
            ],
          );
        }

        for (const { key, recording } of indices) {
          const { candles, history } = await floor.command('candles.get', { key, date: null });
          expect([key, history]).toEqual([key, 'complete']);
          // What ticks alone had made of each minute was right: history had nothing to correct.
          expect([key, candles.filter(([, , , , , , , , corrected]) => corrected)]).toEqual([key, []]);
          expect(pricesOf(candles)).toEqual(asRows(barsOf(recording, date)));
        }

        await floor.to('15:36');
        expect([floor.step('feed-stop').outcome, floor.step('certificate').outcome]).toEqual(['done', 'done']);
        expect(floor.journal()).toMatchObject({ reconnects: 0, gaps: [] });
      },
      WHOLE_DAY_MS,
    );

    function asRows(bars: readonly RecordedBar[]): number[][] {
      expect(bars).toHaveLength(MINUTES);
      return bars.map(({ startMs, open, high, low, close }) => [startMs, open, high, low, close]);
    }

    test('the day before can be looked at from the next morning', async () => {
      await using floor = await openFloor({ exactTicks: true, date: '2025-12-23', at: '09:16', dataDir });
      await floor.run(1_000);
      for (const { key, recording } of indices) {
        const { candles, history } = await floor.command('candles.get', { key, date: '2025-12-22' });
        expect([key, history]).toEqual([key, 'complete']);
        expect(pricesOf(candles)).toEqual(asRows(barsOf(recording, '2025-12-22')));
      }
      const first = instantOf('2025-12-23', '09:15');
      const { candles } = await floor.command('candles.get', { key: 'NSE:NIFTY 50', date: null });
      expect(candles[0]?.[0]).toBe(first);
    });
  },
);
