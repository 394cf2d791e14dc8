/** Decoding for tests: ours and the official client's readings of a frame in the same words. */
import { KiteTicker } from 'kiteconnect';
import { type DropCounts, noDrops } from '../../../src/kite/drop-counts.ts';
import { decodeFrame } from '../../../src/kite/frame.ts';
import { divisorOf } from '../../../src/kite/instrument-token.ts';
import { packetModes, TickColumns } from '../../../src/kite/tick-columns.ts';
import { TouchedSlots } from '../../../src/kite/touched-slots.ts';
import type { FullFields } from './ticker-frames.ts';

export const NOW_MS = Date.parse('2026-11-23T09:20:00+05:30');
export const NOW_S = NOW_MS / 1000;

/** The official client's reading of a frame, field by field; its typings do not name the method. */
export interface OfficialTick {
  readonly instrument_token: number;
  readonly mode: string;
  readonly last_price: number;
  readonly last_traded_quantity?: number;
  readonly average_traded_price?: number;
  readonly volume_traded?: number;
  readonly total_buy_quantity?: number;
  readonly total_sell_quantity?: number;
  readonly ohlc?: { readonly open: number; readonly high: number; readonly low: number; readonly close: number };
  readonly oi?: number;
  readonly oi_day_high?: number;
  readonly oi_day_low?: number;
  readonly last_trade_time?: Date | null;
  readonly exchange_timestamp?: Date | null;
  readonly depth?: {
    readonly buy: readonly { readonly quantity: number; readonly price: number; readonly orders: number }[];
    readonly sell: readonly { readonly quantity: number; readonly price: number; readonly orders: number }[];
  };
}

const official = new KiteTicker({ api_key: 'k', access_token: 't' }) as unknown as {
  parseBinary(frame: ArrayBuffer): OfficialTick[];
};

export function officialTicks(frame: Uint8Array): OfficialTick[] {
  return official.parseBinary(new Uint8Array(frame).buffer);
}

export interface Decoded {
  readonly columns: TickColumns;
  readonly touched: TouchedSlots;
  readonly drops: DropCounts;
  readonly accepted: number;
}

export function decode(frame: Uint8Array, tokens: readonly number[], columns = new TickColumns()): Decoded {
  for (const token of tokens) columns.add(token, divisorOf(token));
  const touched = new TouchedSlots();
  const drops = noDrops();
  const accepted = decodeFrame(frame, columns, NOW_MS, touched, drops);
  return { columns, touched, drops, accepted };
}

/** What the columns hold of a slot, in the official client's words. */
export function tickAt(columns: TickColumns, slot: number): OfficialTick {
  const at = (column: { readonly [slot: number]: number }): number => column[slot] ?? Number.NaN;
  const rupees = (column: { readonly [slot: number]: number }): number => at(column) / at(columns.divisor);
  const time = (ms: number): Date | null => (ms === 0 ? null : new Date(ms));
  const mode = packetModes[at(columns.mode)] ?? '';
  const tick = { instrument_token: at(columns.token), mode, last_price: rupees(columns.lastPrice) };
  if (mode === 'ltp') return tick;
  const ohlc = {
    open: rupees(columns.open),
    high: rupees(columns.high),
    low: rupees(columns.low),
    close: rupees(columns.close),
  };
  const full = mode === 'full' ? { exchange_timestamp: time(at(columns.exchangeTimeMs)) } : {};
  if ((tick.instrument_token & 0xff) === 9) return { ...tick, ohlc, ...full };
  const quote = {
    ...tick,
    ohlc,
    last_traded_quantity: at(columns.lastQuantity),
    average_traded_price: rupees(columns.averagePrice),
    volume_traded: at(columns.volume),
    total_buy_quantity: at(columns.buyQuantity),
    total_sell_quantity: at(columns.sellQuantity),
  };
  if (mode === 'quote') return quote;
  const level = (cell: number) => ({
    quantity: columns.depthQuantity[slot * 10 + cell] ?? Number.NaN,
    price: (columns.depthPrice[slot * 10 + cell] ?? Number.NaN) / at(columns.divisor),
    orders: columns.depthOrders[slot * 10 + cell] ?? Number.NaN,
  });
  return {
    ...quote,
    ...full,
    last_trade_time: time(at(columns.lastTradeTimeMs)),
    oi: at(columns.openInterest),
    oi_day_high: at(columns.openInterestHigh),
    oi_day_low: at(columns.openInterestLow),
    depth: { buy: [0, 1, 2, 3, 4].map(level), sell: [5, 6, 7, 8, 9].map(level) },
  };
}

/** The one documented difference: the official client reads quantities of 2^31 and more as negative. */
export function unsigned(tick: OfficialTick): OfficialTick {
  const fixed: Record<string, unknown> = { ...tick };
  for (const field of ['tradable', 'change']) delete fixed[field];
  for (const [field, value] of Object.entries(fixed)) {
    if (/quantity|volume|^oi/.test(field)) fixed[field] = Number(value) >>> 0;
  }
  if (tick.depth !== undefined) {
    const side = (levels: readonly { quantity: number; price: number; orders: number }[]) =>
      levels.map((level) => ({ ...level, quantity: level.quantity >>> 0 }));
    fixed.depth = { buy: side(tick.depth.buy), sell: side(tick.depth.sell) };
  }
  return fixed as unknown as OfficialTick;
}

export const FUTURE = 12_683_010;
export const NIFTY = 256_265;

/** A full tick of `FUTURE` at `NOW_MS`. */
export const fullTick: FullFields = {
  token: FUTURE,
  lastPrice: 2_597_850,
  lastQuantity: 75,
  averagePrice: 2_602_412,
  volume: 3_332_925,
  buyQuantity: 301_125,
  sellQuantity: 417_525,
  open: 2_608_000,
  high: 2_610_020,
  low: 2_597_240,
  close: 2_606_020,
  lastTradeTime: NOW_S - 1,
  openInterest: 11_148_150,
  openInterestHigh: 11_200_000,
  openInterestLow: 11_000_000,
  exchangeTime: NOW_S,
  depth: Array.from({ length: 10 }, (_, cell) => ({ quantity: 75 * cell, price: 2_597_560 + cell, orders: cell })),
};
