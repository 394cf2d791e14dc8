import { describe, expect, it } from 'vitest';
import { addDays, type IstDate, instantOf } from '../../../src/market/ist.ts';
import type { MinuteCandles } from '../../exchange/market/candles.ts';
import type { MarketModel } from '../../exchange/market/market-model.ts';
import { AUCTION_DAY, feedOf, marketModel, tickAt, ticksBetween } from './market-bench.ts';

const FIRST_HALF_HOUR = 30;

function candlesOf(model: MarketModel, key: string, date: IstDate): MinuteCandles {
  return feedOf(model, key, date).candles(instantOf(date, '23:59')).columns;
}

/** One-minute close-to-close returns in basis points, of every session in two months. */
function returnsOf(model: MarketModel, key: string): { readonly minute: number; readonly bp: number }[] {
  const returns: { minute: number; bp: number }[] = [];
  for (let date = '2026-04-01'; date < '2026-06-01'; date = addDays(date, 1)) {
    const { close, length } = candlesOf(model, key, date);
    for (let m = 1; m < length; m++) {
      returns.push({ minute: m, bp: 10_000 * Math.log((close[m] ?? 0) / (close[m - 1] ?? 1)) });
    }
  }
  return returns;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]): number => Math.sqrt(mean(values.map((value) => value * value)));
const kurtosis = (values: readonly number[]): number =>
  mean(values.map((value) => value ** 4)) / mean(values.map((value) => value ** 2)) ** 2;

describe('a seeded price path', () => {
  const model = marketModel();
  const nifty = returnsOf(model, 'NSE:NIFTY 50');
  const banknifty = returnsOf(model, 'NSE:NIFTY BANK');

  it('has one-minute returns of 1.6 to 1.9 basis points with fat tails', () => {
    const values = nifty.map(({ bp }) => bp);
    expect(deviation(values)).toBeGreaterThan(1.6);
    expect(deviation(values)).toBeLessThan(1.9);
    expect(kurtosis(values)).toBeGreaterThan(4.5);
    expect(kurtosis(values)).toBeLessThan(7);
  });

  it('moves about twice as much in the first half hour', () => {
    const early = nifty.filter(({ minute }) => minute < FIRST_HALF_HOUR).map(({ bp }) => bp);
    const late = nifty.filter(({ minute }) => minute >= FIRST_HALF_HOUR).map(({ bp }) => bp);
    expect(deviation(early) / deviation(late)).toBeGreaterThan(1.7);
    expect(deviation(early) / deviation(late)).toBeLessThan(2.3);
  });

  it('moves NIFTY and BANKNIFTY together with a correlation of about 0.78', () => {
    const products = nifty.map(({ bp }, n) => bp * (banknifty[n]?.bp ?? 0));
    const correlation =
      mean(products) / (deviation(nifty.map(({ bp }) => bp)) * deviation(banknifty.map(({ bp }) => bp)));
    expect(correlation).toBeGreaterThan(0.74);
    expect(correlation).toBeLessThan(0.82);
  });

  it('is the same for the same seed whatever was asked before, and another for another seed', () => {
    const asked = marketModel();
    candlesOf(asked, 'NSE:NIFTY BANK', '2024-05-03');
    candlesOf(asked, 'NSE:NIFTY 50', '2026-11-20');
    const key = 'NFO:NIFTY26NOVFUT';
    expect(candlesOf(asked, key, AUCTION_DAY)).toEqual(candlesOf(marketModel(), key, AUCTION_DAY));
    expect(candlesOf(asked, key, AUCTION_DAY).close).not.toEqual(
      candlesOf(marketModel({ seed: 2 }), key, AUCTION_DAY).close,
    );
  });

  it.each([
    'NSE:NIFTY 50',
    'BSE:SENSEX',
    'NSE:RELIANCE',
    'NFO:NIFTY26DECFUT',
    'BFO:SENSEX26DECFUT',
  ])('gives %s as previous close the last value of the session before', (key) => {
    for (const date of ['2026-11-18', '2026-11-20', '2026-11-23', '2026-11-25', '2027-01-05']) {
      if (model.instruments(date).byKey(key) === null) continue;
      const before = model.previousSession(date) ?? '';
      const lastBefore = tickAt(feedOf(model, key, before), before, '23:59:59').lastPrice;
      expect(tickAt(feedOf(model, key, date), date, '10:00').close).toBe(lastBefore);
    }
  });

  it.each([
    'NSE:NIFTY 50',
    'NFO:NIFTY26NOVFUT',
    'NSE:INFY',
    'BFO:SENSEX26DECFUT',
  ])('serves candles of %s that are those of its ticks', (key) => {
    const feed = feedOf(marketModel({ exactTicks: true }), key, AUCTION_DAY);
    const { columns } = feed.candles(instantOf(AUCTION_DAY, '23:59'));
    const last = key === 'NSE:NIFTY 50' ? columns.startMs.indexOf(instantOf(AUCTION_DAY, '15:14')) : columns.length - 1;
    const first = key === 'NSE:NIFTY 50' ? [0] : [];
    // The first candle of what has a pre-open opens with its match: no tick of the minute.
    for (const m of [...first, 1, 77, 78, last]) {
      const from = columns.startMs[m] ?? 0;
      const prices: number[] = [];
      const time = (ms: number): string => new Date(ms + 19_800_000).toISOString().slice(11, 19);
      for (const { tick } of ticksBetween(feed, AUCTION_DAY, time(from), time(from + 60_000)))
        prices.push(tick.lastPrice);
      // A calm future may trade nothing for minutes.
      if (columns.idle[m] === 1 && key.startsWith('BFO')) {
        expect(prices).toEqual([]);
        continue;
      }
      expect(prices.length).toBeGreaterThan(10);
      expect({
        open: columns.open[m],
        high: columns.high[m],
        low: columns.low[m],
        close: columns.close[m],
      }).toEqual({
        open: prices[0],
        high: Math.max(...prices),
        low: Math.min(...prices),
        close: prices.at(-1),
      });
    }
  });
});
