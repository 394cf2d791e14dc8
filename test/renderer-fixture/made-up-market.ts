import type { CandleRow } from '../../src/contract/commands.ts';
import type { PriceKind } from '../../src/contract/price.ts';
import type { InstrumentState } from '../../src/contract/state.ts';
import type { DepthRow, QuoteRow } from '../../src/contract/tick-lane.ts';

const MINUTE_MS = 60_000;

/** Repeatable noise in (-1, 1): the same screenshots every time. */
export function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 31 - 1) * 0.999;
  };
}

/** What an instrument was at yesterday's end, and how it moves. */
interface Course {
  readonly close: number;
  readonly drift: number;
  readonly seed: number;
}

/** Rupees; the three indices drift differently so that all directions are on screen. */
const courses: Readonly<Record<string, Course>> = {
  NIFTY: { close: 26_068.15, drift: 0.000_007, seed: 11 },
  BANKNIFTY: { close: 58_867.7, drift: -0.000_008, seed: 12 },
  SENSEX: { close: 85_231.92, drift: 0.000_003, seed: 13 },
  RELIANCE: { close: 1546.6, drift: 0.000_009, seed: 14 },
  HDFCBANK: { close: 998.05, drift: -0.000_006, seed: 15 },
};

/** Futures stand above their spot by about this share. */
const FUTURE_PREMIUM = 0.000_3;
const fallback: Course = { close: 182.4, drift: -0.000_09, seed: 16 };

export function closeOf(instrument: InstrumentState): number {
  const { close } = courses[instrument.underlying] ?? fallback;
  return tick(instrument.role === 'future' ? close * (1 + FUTURE_PREMIUM) : close);
}

/** Where the day opens, in rupees. */
export function openingOf(instrument: InstrumentState): number {
  const { seed } = courses[instrument.underlying] ?? fallback;
  return tick(closeOf(instrument) * (1 + noise(seed)() * 0.002));
}

/** One-minute candles from `from` up to and with the minute of `until` (ms). */
export function candlesOf(instrument: InstrumentState, from: number, until: number): CandleRow[] {
  const { drift, seed } = courses[instrument.underlying] ?? fallback;
  const random = noise(seed);
  const rows: CandleRow[] = [];
  random();
  let last = openingOf(instrument);
  const volumeNoise = noise(seed + 100);
  for (let start = from; start <= until; start += MINUTE_MS) {
    const early = start - from < 30 * MINUTE_MS ? 2 : 1;
    const open = last;
    const close = open * (1 + drift * 4 + random() * 0.000_32 * early);
    const wick = Math.abs(random()) * open * 0.000_14 * early;
    const volume = instrument.segment?.includes('INDEX') ? 0 : Math.round(18_000 * early * (1.05 + volumeNoise()));
    rows.push([
      start,
      tick(open),
      tick(Math.max(open, close) + wick),
      tick(Math.min(open, close) - wick),
      tick(close),
      volume,
      null,
      start + MINUTE_MS > until ? 'forming' : 'settled',
      false,
    ]);
    last = close;
  }
  return rows;
}

/** Pre-open prices settling towards the opening. */
export function indicativeOf(instrument: InstrumentState, from: number, until: number): [number, number][] {
  const random = noise(77);
  const opening = openingOf(instrument);
  const points: [number, number][] = [];
  for (let at = from; at <= until; at += MINUTE_MS / 2) {
    points.push([at, tick(opening * (1 + random() * 0.0006 * (1 - (at - from) / (13 * MINUTE_MS))))]);
  }
  return points;
}

interface QuoteOptions {
  readonly slot: number;
  readonly kind: PriceKind;
  readonly rows: readonly CandleRow[];
  readonly lastPrice: number;
  /** ms since the epoch, of the exchange and of the arrival. */
  readonly at: number;
  readonly stale?: boolean;
  readonly fromRest?: boolean;
}

export function quoteOf(instrument: InstrumentState, options: QuoteOptions): QuoteRow {
  const { slot, kind, rows, lastPrice, at } = options;
  const isIndex = instrument.segment?.includes('INDEX') ?? false;
  const volume = rows.reduce((sum, row) => sum + row[5], 0);
  const traded = rows.length > 0;
  return {
    slot,
    kind,
    stale: options.stale ?? false,
    fromRest: options.fromRest ?? false,
    lastPrice,
    open: rows[0]?.[1] ?? 0,
    high: traded ? Math.max(lastPrice, ...rows.map((row) => row[2])) : 0,
    low: traded ? Math.min(lastPrice, ...rows.map((row) => row[3])) : 0,
    close: closeOf(instrument),
    averagePrice: isIndex || !traded ? 0 : tick(rows.reduce((sum, row) => sum + row[4], 0) / rows.length),
    volume,
    openInterest: instrument.role === 'future' ? 14_362_875 : 0,
    lastQuantity: isIndex || !traded ? 0 : instrument.lotSize * 2,
    buyQuantity: isIndex || kind === 'previous-close' ? 0 : 842_400,
    sellQuantity: isIndex || kind === 'previous-close' ? 0 : 1_031_625,
    exchangeTime: at,
    receivedAt: at,
    changedAt: kind === 'live' ? at : 0,
    lastTradedAt: isIndex || !traded ? 0 : at,
    depth: isIndex || kind === 'previous-close' ? null : bookAround(lastPrice, instrument),
  };
}

/** The same quote with every number as wide as it can get: a SENSEX beyond a lakh, a crash, crores of open interest. */
export function widened(quote: QuoteRow, instrument: InstrumentState): QuoteRow {
  const isFuture = instrument.role === 'future';
  return {
    ...quote,
    lastPrice: isFuture ? 123_057.35 : 123_456.05,
    open: 124_000.55,
    high: 135_802.75,
    low: 122_888.85,
    close: isFuture ? 135_403.85 : 135_802.72,
    averagePrice: 128_444.65,
    volume: 12_345_678,
    openInterest: 123_456_789,
    lastQuantity: 88_888,
    buyQuantity: 88_888_888,
    sellQuantity: 88_888_888,
    depth:
      quote.depth === null ? null : quote.depth.map(() => ({ price: 123_456.05, quantity: 8_888_888, orders: 8888 })),
  };
}

function bookAround(price: number, instrument: InstrumentState): DepthRow[] {
  const random = noise(Math.round(price * 20));
  const level = (side: -1 | 1, distance: number): DepthRow => {
    const orders = 1 + Math.round(Math.abs(random()) * 14);
    return {
      price: tick(price + side * (0.1 + distance * 0.45 + Math.abs(random()) * 0.3)),
      quantity: Math.max(1, instrument.lotSize) * (orders + Math.round(Math.abs(random()) * 30)),
      orders,
    };
  };
  return [-1, 1].flatMap((side) => [0, 1, 2, 3, 4].map((distance) => level(side === -1 ? -1 : 1, distance)));
}

/** Rounded to the exchange's step of five paise. */
export function tick(rupees: number): number {
  return Math.round(rupees * 20) / 20;
}
