import { priceKinds } from '../contract/price.ts';
import type { DepthRow, QuoteRow } from '../contract/tick-lane.ts';
import { isIndexToken } from '../kite/instrument-token.ts';
import type { DepthLevel, KiteQuote } from '../kite/session.ts';
import { DEPTH_LEVELS, packetModes, type TickColumns } from '../kite/tick-columns.ts';

const FULL = packetModes.indexOf('full');
const timelessModes: ReadonlySet<number> = new Set([packetModes.indexOf('ltp'), packetModes.indexOf('quote')]);
const DEPTH_CELLS = DEPTH_LEVELS * 2;

/** What the book knows of a slot besides its columns. */
export interface SlotMarks {
  /** Index into `priceKinds`. */
  readonly kind: number;
  readonly stale: boolean;
  readonly fromRest: boolean;
  readonly changedAtMs: number;
  /** The last session's close, on the wire's scale. */
  readonly previousClose: number;
}

/** Whether the slot's last packet had no time of its own: the one that is held belongs to an earlier price. */
export function isTimeless(columns: Pick<TickColumns, 'mode'>, slot: number): boolean {
  return timelessModes.has(columns.mode[slot] ?? 0);
}

/**
 * A contract that nobody has traded yet: its price is what the exchange set for it, however new its packet. An index is
 * not traded at all. `tradedMs`: when its volume last grew under our eyes, 0 for never.
 */
export function isNeverTraded(columns: TickColumns, slot: number, tradedMs: number): boolean {
  return (
    tradedMs === 0 &&
    columns.lastTradeTimeMs[slot] === 0 &&
    columns.volume[slot] === 0 &&
    columns.open[slot] === 0 &&
    !isIndexToken(columns.token[slot] ?? 0)
  );
}

/** A slot as an interface sees it: rupees instead of the wire's integers. */
export function readRow(columns: TickColumns, slot: number, marks: SlotMarks, withDepth: boolean): QuoteRow {
  const divisor = columns.divisor[slot] ?? 1;
  const rupees = (column: Int32Array): number => (column[slot] ?? 0) / divisor;
  return {
    slot,
    kind: priceKinds[marks.kind] ?? 'previous-close',
    stale: marks.stale,
    fromRest: marks.fromRest,
    lastPrice: rupees(columns.lastPrice),
    open: rupees(columns.open),
    high: rupees(columns.high),
    low: rupees(columns.low),
    close: marks.previousClose / divisor,
    averagePrice: rupees(columns.averagePrice),
    volume: columns.volume[slot] ?? 0,
    openInterest: columns.openInterest[slot] ?? 0,
    lastQuantity: columns.lastQuantity[slot] ?? 0,
    buyQuantity: columns.buyQuantity[slot] ?? 0,
    sellQuantity: columns.sellQuantity[slot] ?? 0,
    exchangeTime: isTimeless(columns, slot) ? 0 : (columns.exchangeTimeMs[slot] ?? 0),
    receivedAt: columns.receivedAtMs[slot] ?? 0,
    changedAt: marks.changedAtMs,
    // A packet without a time of its own leaves the trade of an earlier price behind.
    lastTradedAt: isTimeless(columns, slot) ? 0 : (columns.lastTradeTimeMs[slot] ?? 0),
    depth: withDepth ? readDepth(columns, slot, divisor) : null,
  };
}

/** Writes an answer of `GET /quote` into a slot as if it had come as a full packet; what Kite left out becomes 0. */
export function writeQuote(columns: TickColumns, slot: number, quote: KiteQuote, receivedAtMs: number): void {
  const divisor = columns.divisor[slot] ?? 1;
  const units = (rupees: number | null): number => Math.round((rupees ?? 0) * divisor);
  columns.mode[slot] = FULL;
  columns.lastPrice[slot] = units(quote.lastPrice);
  columns.open[slot] = units(quote.open);
  columns.high[slot] = units(quote.high);
  columns.low[slot] = units(quote.low);
  columns.close[slot] = units(quote.close);
  columns.averagePrice[slot] = units(quote.averagePrice);
  columns.volume[slot] = quote.volume ?? 0;
  columns.openInterest[slot] = quote.openInterest ?? 0;
  columns.lastQuantity[slot] = quote.lastQuantity ?? 0;
  columns.buyQuantity[slot] = quote.buyQuantity ?? 0;
  columns.sellQuantity[slot] = quote.sellQuantity ?? 0;
  columns.exchangeTimeMs[slot] = quote.exchangeTimeMs ?? 0;
  columns.lastTradeTimeMs[slot] = quote.lastTradeTimeMs ?? 0;
  columns.receivedAtMs[slot] = receivedAtMs;
  writeDepth(columns, slot * DEPTH_CELLS, quote.bids, divisor);
  writeDepth(columns, slot * DEPTH_CELLS + DEPTH_LEVELS, quote.asks, divisor);
}

function readDepth(columns: TickColumns, slot: number, divisor: number): DepthRow[] {
  return Array.from({ length: DEPTH_CELLS }, (_, level) => {
    const cell = slot * DEPTH_CELLS + level;
    return {
      price: (columns.depthPrice[cell] ?? 0) / divisor,
      quantity: columns.depthQuantity[cell] ?? 0,
      orders: columns.depthOrders[cell] ?? 0,
    };
  });
}

function writeDepth(columns: TickColumns, firstCell: number, levels: readonly DepthLevel[], divisor: number): void {
  for (let level = 0; level < DEPTH_LEVELS; level++) {
    const { price = 0, quantity = 0, orders = 0 } = levels[level] ?? {};
    columns.depthPrice[firstCell + level] = Math.round(price * divisor);
    columns.depthQuantity[firstCell + level] = quantity;
    columns.depthOrders[firstCell + level] = orders;
  }
}
