import { istDateOf } from '../../../src/market/ist.ts';
import type { Instrument } from '../market/instruments.ts';
import type { MarketModel } from '../market/market-model.ts';
import { BOOK_LEVELS, emptyTick, type MarketTick } from '../market/market-tick.ts';
import { istText } from './ist-text.ts';
import { type Answer, invalidInput, success } from './responses.ts';

export type QuoteSort = 'full' | 'ohlc' | 'ltp';

/** Instruments a request may ask for. */
const limits: Readonly<Record<QuoteSort, number>> = { full: 500, ohlc: 1000, ltp: 1000 };

/** `GET /quote`, `/quote/ohlc` and `/quote/ltp`: what is not listed is missing from the answer. */
export function quotes(model: MarketModel, nowMs: number, sort: QuoteSort, keys: readonly string[]): Answer {
  if (keys.length === 0) return invalidInput('Missing or empty field `i`');
  if (keys.length > limits[sort]) return invalidInput(`Maximum ${limits[sort]} instruments allowed`);
  const list = model.instruments(istDateOf(nowMs));
  const data: Record<string, unknown> = {};
  const tick = emptyTick();
  for (const key of keys) {
    const instrument = list.byKey(key) ?? list.byToken(Number(key));
    const feed = instrument === null ? null : model.feed(instrument.token, nowMs);
    if (instrument === null || feed === null) continue;
    feed.read(nowMs, tick);
    data[key] = quoteOf(sort, instrument, tick);
  }
  return success(data);
}

function quoteOf(sort: QuoteSort, instrument: Instrument, tick: MarketTick): object {
  const last = { instrument_token: instrument.token, last_price: rupees(tick.lastPrice) };
  if (sort === 'ltp') return last;
  const ohlc = {
    open: rupees(tick.open),
    high: rupees(tick.high),
    low: rupees(tick.low),
    close: rupees(tick.close),
  };
  if (sort === 'ohlc') return { ...last, ohlc };
  return instrument.segment === 'INDICES' ? indexQuote(instrument, tick, ohlc) : tradableQuote(instrument, tick, ohlc);
}

/** An index has neither trades nor a book. */
function indexQuote(instrument: Instrument, tick: MarketTick, ohlc: object): object {
  return {
    instrument_token: instrument.token,
    tradingsymbol: instrument.tradingSymbol,
    timestamp: istText(tick.exchangeTimeS * 1000),
    last_price: rupees(tick.lastPrice),
    net_change: rupees(tick.lastPrice - tick.close),
    indicative_close_price: 0,
    ohlc,
  };
}

function tradableQuote(instrument: Instrument, tick: MarketTick, ohlc: object): object {
  const band = instrument.type === 'EQ' || instrument.type === 'FUT' ? 0.1 : 0.9;
  const circuit = (share: number): number => {
    const paise = Math.round((tick.close * share) / instrument.tickPaise) * instrument.tickPaise;
    return rupees(Math.max(instrument.tickPaise, paise));
  };
  return {
    instrument_token: instrument.token,
    timestamp: istText(tick.exchangeTimeS * 1000),
    last_trade_time: tick.lastTradeTimeS === 0 ? null : istText(tick.lastTradeTimeS * 1000),
    last_price: rupees(tick.lastPrice),
    last_quantity: tick.lastQuantity,
    buy_quantity: tick.buyQuantity,
    sell_quantity: tick.sellQuantity,
    volume: tick.volume,
    average_price: rupees(tick.averagePrice),
    oi: tick.openInterest,
    oi_day_high: tick.openInterestHigh,
    oi_day_low: tick.openInterestLow,
    net_change: 0,
    lower_circuit_limit: circuit(1 - band),
    upper_circuit_limit: circuit(1 + band),
    indicative_close_price: 0,
    total_imbalance_qty: 0,
    ohlc,
    depth: { buy: side(tick, 0), sell: side(tick, BOOK_LEVELS) },
  };
}

function side(tick: MarketTick, from: number): object[] {
  return Array.from({ length: BOOK_LEVELS }, (_, level) => ({
    price: rupees(tick.bookPrice[from + level] ?? 0),
    quantity: tick.bookQuantity[from + level] ?? 0,
    orders: tick.bookOrders[from + level] ?? 0,
  }));
}

function rupees(paise: number): number {
  return paise / 100;
}
