import { type CandleState, candleStates } from './candle.ts';
import { type PriceKind, priceKinds } from './price.ts';

/**
 * The tick lane's binary batch, little-endian: what changed since the last acknowledged batch, quotes first, then
 * candles. Prices in rupees, times in ms since the epoch (0: unknown).
 *
 *   header   u32 magic · u32 seq · u32 quotes · u32 candles · f64 sent at
 *   quote    u32 slot · u8 kind · u8 flags · u16 0 · f64 last, open, high, low, close, average · f64 volume, oi,
 *            last quantity, buy quantity, sell quantity · f64 exchange time, received at, changed at,
 *            last traded at · [10 x f64 price, u32 qty, u32 orders]
 *   candle   u32 slot · u8 state · u8 flags · u16 0 · f64 start, open, high, low, close, volume, oi (NaN: none)
 *
 * A slot that comes into `interest.candles` is sent whole: every candle of today. From then on every change of any of
 * them is sent, forming or closed, in whatever minute, and one that is taken away comes once more as `removed`. Within a
 * batch a slot's candles are in order of their starts, each once.
 */
const MAGIC = 0x544b4c32;
const HEADER_BYTES = 24;
const QUOTE_BYTES = 8 + 15 * 8;
const DEPTH_BYTES = 10 * 16;
const CANDLE_BYTES = 8 + 7 * 8;
const FLAG_STALE = 1;
const FLAG_DEPTH = 2;
const FLAG_REST = 4;
const FLAG_CORRECTED = 1;
const FLAG_REMOVED = 2;

/** One side's level of the order book; price in rupees. */
export interface DepthRow {
  readonly price: number;
  readonly quantity: number;
  readonly orders: number;
}

/** A quote as it crosses to an interface. */
export interface QuoteRow {
  readonly slot: number;
  readonly kind: PriceKind;
  readonly stale: boolean;
  readonly fromRest: boolean;
  readonly lastPrice: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  /** The last session's close, whatever Kite still sends before the open; 0: not known. Decided by the desk alone. */
  readonly close: number;
  readonly averagePrice: number;
  readonly volume: number;
  readonly openInterest: number;
  readonly lastQuantity: number;
  readonly buyQuantity: number;
  readonly sellQuantity: number;
  readonly exchangeTime: number;
  readonly receivedAt: number;
  /** When the price last came as another one than before, by the desk's clock; 0: not in this run. */
  readonly changedAt: number;
  /** When it was last traded, by the exchange; 0 for an index, and where Kite has not said. */
  readonly lastTradedAt: number;
  /** Five bids then five asks; null when not asked for. */
  readonly depth: readonly DepthRow[] | null;
}

/** A one-minute candle of a slot as it stands now; the fields are those of `CandleRow`. */
export interface CandleUpdate {
  readonly slot: number;
  readonly start: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly openInterest: number | null;
  readonly state: CandleState;
  readonly corrected: boolean;
  /** The exchange lists no such minute: there is no candle any more. The prices are 0. */
  readonly removed: boolean;
}

export interface TickBatch {
  readonly seq: number;
  readonly sentAt: number;
  readonly quotes: readonly QuoteRow[];
  readonly candles: readonly CandleUpdate[];
}

/** A batch that is not of this format. */
export class TickBatchError extends Error {
  readonly code = 'tick-batch';
}

export function encodeTickBatch(batch: TickBatch): ArrayBuffer {
  const depthRows = batch.quotes.reduce((count, quote) => count + (quote.depth === null ? 0 : 1), 0);
  const bytes =
    HEADER_BYTES + batch.quotes.length * QUOTE_BYTES + depthRows * DEPTH_BYTES + batch.candles.length * CANDLE_BYTES;
  const view = new DataView(new ArrayBuffer(bytes));
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, batch.seq, true);
  view.setUint32(8, batch.quotes.length, true);
  view.setUint32(12, batch.candles.length, true);
  view.setFloat64(16, batch.sentAt, true);
  let at = HEADER_BYTES;
  for (const quote of batch.quotes) at = writeQuote(view, at, quote);
  for (const candle of batch.candles) at = writeCandle(view, at, candle);
  return view.buffer;
}

export function decodeTickBatch(buffer: ArrayBuffer): TickBatch {
  const view = new DataView(buffer);
  if (buffer.byteLength < HEADER_BYTES || view.getUint32(0, true) !== MAGIC)
    throw new TickBatchError('not a tick batch');
  const quotes: QuoteRow[] = [];
  const candles: CandleUpdate[] = [];
  const quoteCount = view.getUint32(8, true);
  const candleCount = view.getUint32(12, true);
  try {
    let at = HEADER_BYTES;
    for (let index = 0; index < quoteCount; index++) {
      const quote = readQuote(view, at);
      quotes.push(quote);
      at += QUOTE_BYTES + (quote.depth === null ? 0 : DEPTH_BYTES);
    }
    for (let index = 0; index < candleCount; index++, at += CANDLE_BYTES) candles.push(readCandle(view, at));
  } catch (error) {
    if (error instanceof RangeError) throw new TickBatchError('tick batch is cut short');
    throw error;
  }
  return { seq: view.getUint32(4, true), sentAt: view.getFloat64(16, true), quotes, candles };
}

function writeQuote(view: DataView, start: number, quote: QuoteRow): number {
  view.setUint32(start, quote.slot, true);
  view.setUint8(start + 4, priceKinds.indexOf(quote.kind));
  view.setUint8(
    start + 5,
    (quote.stale ? FLAG_STALE : 0) | (quote.depth === null ? 0 : FLAG_DEPTH) | (quote.fromRest ? FLAG_REST : 0),
  );
  const numbers = [
    quote.lastPrice,
    quote.open,
    quote.high,
    quote.low,
    quote.close,
    quote.averagePrice,
    quote.volume,
    quote.openInterest,
    quote.lastQuantity,
    quote.buyQuantity,
    quote.sellQuantity,
    quote.exchangeTime,
    quote.receivedAt,
    quote.changedAt,
    quote.lastTradedAt,
  ];
  let at = start + 8;
  for (const number of numbers) {
    view.setFloat64(at, number, true);
    at += 8;
  }
  for (const level of quote.depth ?? []) {
    view.setFloat64(at, level.price, true);
    view.setUint32(at + 8, level.quantity, true);
    view.setUint32(at + 12, level.orders, true);
    at += 16;
  }
  return at;
}

function readQuote(view: DataView, start: number): QuoteRow {
  const flags = view.getUint8(start + 5);
  const number = (index: number): number => view.getFloat64(start + 8 + index * 8, true);
  const kind = priceKinds[view.getUint8(start + 4)];
  if (kind === undefined) throw new TickBatchError('unknown price kind');
  return {
    slot: view.getUint32(start, true),
    kind,
    stale: (flags & FLAG_STALE) !== 0,
    fromRest: (flags & FLAG_REST) !== 0,
    lastPrice: number(0),
    open: number(1),
    high: number(2),
    low: number(3),
    close: number(4),
    averagePrice: number(5),
    volume: number(6),
    openInterest: number(7),
    lastQuantity: number(8),
    buyQuantity: number(9),
    sellQuantity: number(10),
    exchangeTime: number(11),
    receivedAt: number(12),
    changedAt: number(13),
    lastTradedAt: number(14),
    depth: (flags & FLAG_DEPTH) === 0 ? null : readDepth(view, start + QUOTE_BYTES),
  };
}

function readDepth(view: DataView, start: number): DepthRow[] {
  return Array.from({ length: 10 }, (_, index) => {
    const at = start + index * 16;
    return {
      price: view.getFloat64(at, true),
      quantity: view.getUint32(at + 8, true),
      orders: view.getUint32(at + 12, true),
    };
  });
}

function writeCandle(view: DataView, start: number, candle: CandleUpdate): number {
  view.setUint32(start, candle.slot, true);
  view.setUint8(start + 4, candleStates.indexOf(candle.state));
  view.setUint8(start + 5, (candle.corrected ? FLAG_CORRECTED : 0) | (candle.removed ? FLAG_REMOVED : 0));
  const { open, high, low, close, volume, openInterest } = candle;
  const numbers = [candle.start, open, high, low, close, volume, openInterest ?? Number.NaN];
  for (const [index, number] of numbers.entries()) view.setFloat64(start + 8 + index * 8, number, true);
  return start + CANDLE_BYTES;
}

function readCandle(view: DataView, start: number): CandleUpdate {
  const number = (index: number): number => view.getFloat64(start + 8 + index * 8, true);
  const flags = view.getUint8(start + 5);
  const state = candleStates[view.getUint8(start + 4)];
  if (state === undefined) throw new TickBatchError('unknown candle state');
  return {
    slot: view.getUint32(start, true),
    start: number(0),
    open: number(1),
    high: number(2),
    low: number(3),
    close: number(4),
    volume: number(5),
    openInterest: Number.isNaN(number(6)) ? null : number(6),
    state,
    corrected: (flags & FLAG_CORRECTED) !== 0,
    removed: (flags & FLAG_REMOVED) !== 0,
  };
}
