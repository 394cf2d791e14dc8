/** Minutes in which nothing trades, as observed of Kite in October 2026 (observed, rows 5.6 and 5.24). */
import { describe, expect, it } from 'vitest';
import { type IstDate, instantOf, istTimeOf } from '../../../src/market/ist.ts';
import { history } from '../../exchange/rest/history.ts';
import { quotes } from '../../exchange/rest/quotes.ts';
import { feedOf, marketModel, ticksBetween } from './market-bench.ts';

const OBSERVED: IstDate = '2026-10-08';
const CALM = 'BFO:SENSEX26NOVFUT';
const FRONT = 'BFO:SENSEX26OCTFUT';
type Row = readonly [string, number, number, number, number, number, number];
type Model = ReturnType<typeof marketModel>;

function rows(model: Model, key: string, interval = 'minute'): { status: number; candles: Row[] } {
  const token = String(model.instruments(OBSERVED).byKey(key)?.token);
  const query = new URLSearchParams({ from: `${OBSERVED} 00:00:00`, to: `${OBSERVED} 23:59:59`, oi: '1' });
  const answer = history(model, instantOf(OBSERVED, '18:00'), token, interval, query);
  return { status: answer.status, ...(JSON.parse(String(answer.body)) as { data: { candles: Row[] } }).data };
}

function minutesOfTicks(model: Model, key: string): Set<string> {
  const minutes = new Set<string>();
  const feed = feedOf(model, key, OBSERVED);
  for (const { atMs } of ticksBetween(feed, OBSERVED, '09:15', '15:40')) minutes.add(istTimeOf(atMs).slice(0, 5));
  return minutes;
}

const listed = (candles: readonly Row[]): string[] => candles.map(([stamp]) => stamp.slice(11, 16));

describe('a calm future', () => {
  it.each([
    ['a later SENSEX future, as it is', CALM, marketModel()],
    ['the front one where the exchange is told so', FRONT, marketModel({ idleMinutes: { [FRONT]: 0.5 } })],
  ])('%s, goes minutes without a trade: no tick comes, and no row is listed', (_name, key, model) => {
    const { candles } = rows(model, key);
    const ticked = minutesOfTicks(model, key);
    expect(candles.length).toBeGreaterThan(100);
    expect(candles.length).toBeLessThan(385 * 0.8);
    expect(listed(candles)).toEqual([...ticked]);
    const feed = feedOf(model, key, OBSERVED);
    const times = [...ticksBetween(feed, OBSERVED, '09:15', '15:40')].map(({ atMs }) => atMs);
    const rests = times.slice(1).map((atMs, n) => atMs - (times[n] ?? 0));
    expect(Math.max(...rests)).toBeGreaterThan(120_000);
  });

  it('has the day’s totals of the minutes that traded, in its day candle, its quote and longer candles alike', () => {
    const model = marketModel();
    const { candles } = rows(model, CALM);
    const [day] = rows(model, CALM, 'day').candles;
    const sum = (of: readonly Row[]): number => of.reduce((total, row) => total + row[5], 0);
    expect(sum(candles)).toBe(day?.[5]);
    expect(sum(rows(model, CALM, '5minute').candles)).toBe(day?.[5]);
    expect(day?.slice(1, 5)).toEqual([
      candles[0]?.[1],
      Math.max(...candles.map((row) => row[2])),
      Math.min(...candles.map((row) => row[3])),
      candles.at(-1)?.[4],
    ]);
    const quote = JSON.parse(String(quotes(model, instantOf(OBSERVED, '18:00'), 'full', [CALM]).body));
    expect(quote.data[CALM].volume).toBe(day?.[5]);
  });

  it('is the only one: the front futures trade in every minute', () => {
    const model = marketModel();
    for (const key of [FRONT, 'NFO:NIFTY26OCTFUT', 'NFO:BANKNIFTY26OCTFUT'])
      expect(rows(model, key).candles).toHaveLength(385);
  });
});

describe('an option', () => {
  const model = marketModel();
  const options = model.instruments(OBSERVED).all.filter(({ type }) => type === 'CE' || type === 'PE');

  it('has no row of a minute without a trade', () => {
    const [option] = options;
    const key = `${option?.exchange}:${option?.tradingSymbol}`;
    const { candles } = rows(model, key);
    expect(candles.length).toBeLessThan(385);
    expect(listed(candles)).toEqual([...minutesOfTicks(model, key)]);
  });

  it('that nobody has traded gets an answer of 200 without a row', () => {
    const [option] = options;
    const key = `${option?.exchange}:${option?.tradingSymbol}`;
    const untraded = marketModel({ idleMinutes: { [key]: 1 } });
    expect(rows(untraded, key)).toEqual({ status: 200, candles: [] });
    expect(minutesOfTicks(untraded, key).size).toBe(0);
  });
});
