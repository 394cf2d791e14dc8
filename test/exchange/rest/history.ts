import { addDays, DAY_MS, type IstDate, instantOf, istDateOf } from '../../../src/market/ist.ts';
import { type Candle, joinMinutes, type MinuteCandles } from '../market/candles.ts';
import type { Feed } from '../market/feed.ts';
import type { Instrument } from '../market/instruments.ts';
import type { MarketModel } from '../market/market-model.ts';
import { emptyTick } from '../market/market-tick.ts';
import { candleStamp, parseIstText } from './ist-text.ts';
import { type Answer, invalidInput, success } from './responses.ts';

/** A contract is listed this long before it expires, and has no history before. */
const LISTED_DAYS = 92;

/** Minutes a candle, and days a request may span. */
const intervals: ReadonlyMap<string, { readonly minutes: number; readonly maxDays: number }> = new Map([
  ['minute', { minutes: 1, maxDays: 60 }],
  ['3minute', { minutes: 3, maxDays: 100 }],
  ['5minute', { minutes: 5, maxDays: 100 }],
  ['10minute', { minutes: 10, maxDays: 100 }],
  ['15minute', { minutes: 15, maxDays: 200 }],
  ['30minute', { minutes: 30, maxDays: 200 }],
  ['60minute', { minutes: 60, maxDays: 400 }],
  ['day', { minutes: Number.POSITIVE_INFINITY, maxDays: 2000 }],
]);

/**
 * `GET /instruments/historical/{token}/{interval}`: candles whose start lies between `from` and `to`, both included, up to
 * the last full minute; those that end after `listedUpToMs` are not listed yet.
 */
export function history(
  model: MarketModel,
  nowMs: number,
  token: string,
  intervalName: string,
  query: URLSearchParams,
  listedUpToMs = Number.POSITIVE_INFINITY,
): Answer {
  const interval = intervals.get(intervalName);
  if (interval === undefined) return invalidInput('invalid interval');
  const instrument = model.instruments(istDateOf(nowMs)).byToken(Number(token));
  if (instrument === null || instrument.path === null) return invalidInput('invalid token');
  const fromMs = parseIstText(query.get('from'));
  const toMs = parseIstText(query.get('to'));
  if (fromMs === null) return invalidInput('invalid from date');
  if (toMs === null) return invalidInput('invalid to date');
  if (fromMs > toMs) return invalidInput('from date cannot be after to date');
  if (toMs - fromMs > interval.maxDays * DAY_MS) {
    return invalidInput(`interval exceeds max limit: ${interval.maxDays} days`);
  }
  const isDaily = interval.minutes === Number.POSITIVE_INFINITY;
  if (query.get('continuous') === '1' && !(isDaily && instrument.exchange === 'NFO' && instrument.type === 'FUT')) {
    return invalidInput('continuous data is only available for day candles of NFO futures');
  }
  const withInterest = query.get('oi') === '1';
  const span = { nowMs, listedMs: Math.min(nowMs, listedUpToMs), fromMs, toMs: Math.min(toMs, nowMs) };
  const candles = candlesBetween(model, instrument, span, interval.minutes);
  return success({ candles: candles.map((candle) => rowOf(candle, withInterest)) });
}

function candlesBetween(
  model: MarketModel,
  instrument: Instrument,
  { nowMs, listedMs, fromMs, toMs }: Readonly<Record<'nowMs' | 'listedMs' | 'fromMs' | 'toMs', number>>,
  minutes: number,
): Candle[] {
  const isDaily = minutes === Number.POSITIVE_INFINITY;
  const found: Candle[] = [];
  const listedOn = instrument.expiry === null ? '' : addDays(instrument.expiry, -LISTED_DAYS);
  for (let date = istDateOf(fromMs); instantOf(date, '00:00') <= toMs; date = addDays(date, 1)) {
    if (date < listedOn) continue;
    const feed = model.feedOn(instrument, date);
    const { columns, complete } = feed.candles(isDaily ? nowMs : listedMs);
    if (complete === 0) continue;
    const candles = isDaily ? [dayCandle(feed, date, nowMs)] : joinMinutes(firstMinutes(columns, complete), minutes);
    found.push(...candles.filter(({ startMs }) => startMs >= fromMs && startMs <= toMs));
  }
  return found;
}

/** The day as the quote has it: its official open and close, and all that has traded; observed 2026-10-06. */
function dayCandle(feed: Feed, date: IstDate, nowMs: number): Candle {
  const tick = emptyTick();
  feed.read(Math.min(nowMs, instantOf(addDays(date, 1), '00:00') - 1), tick);
  const { open, high, low, lastPrice, volume, openInterest } = tick;
  return { startMs: instantOf(date, '00:00'), open, high, low, close: lastPrice, volume, openInterest };
}

function firstMinutes(columns: MinuteCandles, length: number): MinuteCandles {
  return { ...columns, length };
}

function rowOf(candle: Candle, withInterest: boolean): (string | number)[] {
  const row = [
    candleStamp(candle.startMs),
    candle.open / 100,
    candle.high / 100,
    candle.low / 100,
    candle.close / 100,
    candle.volume,
  ];
  return withInterest ? [...row, candle.openInterest] : row;
}
