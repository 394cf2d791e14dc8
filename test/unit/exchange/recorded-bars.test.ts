import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { istTimeOf } from '../../../src/market/ist.ts';
import { RecordingError, recordingsIn } from '../../exchange/market/recorded-bars.ts';
import { feedOf, marketModel, NO_RECORDINGS, recordedData, ticksBetween } from './market-bench.ts';

interface Candle {
  open: number;
  high: number;
  low: number;
  close: number;
}

/** The bars of a recording by minute, read by another way than the exchange's own. */
function recordedCandles(stem: string, date: string): Map<string, Candle> {
  const text = readFileSync(join(recordedData ?? '', 'spot_1min', `${stem}_1min_${date}.csv`), 'utf8');
  return new Map(
    [...text.matchAll(/ (\d\d:\d\d):00\+05:30,([\d.]+),([\d.]+),([\d.]+),([\d.]+),/g)].map(
      ([, minute = '', open, high, low, close]) => [
        minute,
        { open: Number(open), high: Number(high), low: Number(low), close: Number(close) },
      ],
    ),
  );
}

describe('a recorded session', () => {
  describe.each([
    ['NSE:NIFTY 50', 'NIFTY50', '2025-12-22'],
    ['NSE:NIFTY 50', 'NIFTY50', '2025-12-23'],
    ['NSE:NIFTY BANK', 'NIFTYBANK', '2025-12-22'],
    ['BSE:SENSEX', 'SENSEX', '2025-12-23'],
  ])('%s of %s on %s', (key, stem, date) => {
    it.skipIf(recordedData === null)(
      `is reproduced by candles built from its ticks (skipped where ${NO_RECORDINGS})`,
      () => {
        const feed = feedOf(marketModel({ dataDir: recordedData, exactTicks: true }), key, date);
        const built = new Map<string, Candle>();
        let day: Candle = { open: 0, high: 0, low: 0, close: 0 };
        for (const { tick } of ticksBetween(feed, date, '09:15', '15:30')) {
          const minute = istTimeOf(tick.exchangeTimeS * 1000).slice(0, 5);
          const price = tick.lastPrice / 100;
          const candle = built.get(minute) ?? { open: price, high: price, low: price, close: price };
          built.set(minute, {
            open: candle.open,
            high: Math.max(candle.high, price),
            low: Math.min(candle.low, price),
            close: price,
          });
          day =
            day.open === 0
              ? { open: price, high: price, low: price, close: price }
              : { ...day, high: Math.max(day.high, price), low: Math.min(day.low, price), close: price };
          expect([tick.open, tick.high, tick.low]).toEqual(
            [day.open, day.high, day.low].map((p) => Math.round(p * 100)),
          );
        }
        const recorded = recordedCandles(stem, date);
        expect(recorded.size).toBe(375);
        expect(built).toEqual(recorded);
      },
    );
  });

  it.skipIf(recordedData === null)('closes where the next one says it closed, and opens near the one before', () => {
    const model = marketModel({ dataDir: recordedData });
    const first = feedOf(model, 'NSE:NIFTY 50', '2025-12-22');
    const second = feedOf(model, 'NSE:NIFTY 50', '2025-12-23');
    const [tick] = ticksBetween(second, '2025-12-23', '09:15', '09:16');
    expect(tick?.tick.close).toBe(first.closingPrice);
    expect(first.closingPrice).toBe(2_616_275);
    const before = feedOf(model, 'NSE:NIFTY 50', '2025-12-19').closingPrice;
    expect(Math.abs(before / 2_605_585 - 1)).toBeLessThan(0.01);
  });

  it('is an error when the file holds something other than one-minute bars', () => {
    const home = mkdtempSync(join(tmpdir(), 'recording-'));
    mkdirSync(join(home, 'spot_1min'));
    const file = join(home, 'spot_1min', 'NIFTY50_1min_2026-01-20.csv');
    writeFileSync(file, 'date,open,high,low,close,volume,oi\n2026-01-20 09:15:00+05:30,100,99,98,100,0,0\n');
    expect(() => recordingsIn(home).bars('NIFTY 50', '2026-01-20')).toThrow(RecordingError);
    rmSync(home, { recursive: true });
  });

  it('is not looked for where the directory is missing', () => {
    expect(recordingsIn('/nowhere').dates('NIFTY 50')).toEqual([]);
    expect(recordingsIn('/nowhere').bars('NIFTY 50', '2026-01-20')).toBeNull();
  });
});
