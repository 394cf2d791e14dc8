/** Depth levels a side. */
export const BOOK_LEVELS = 5;

/**
 * What the exchange knows of one instrument after one tick, filled in place. Prices in paise, quantities in units (not
 * lots), times in whole seconds since the epoch (UTC), 0 for none. For an index everything about trades stays 0.
 */
export interface MarketTick {
  lastPrice: number;
  open: number;
  high: number;
  low: number;
  /** The previous session's close. */
  close: number;
  exchangeTimeS: number;
  lastTradeTimeS: number;
  lastQuantity: number;
  averagePrice: number;
  volume: number;
  buyQuantity: number;
  sellQuantity: number;
  openInterest: number;
  openInterestHigh: number;
  openInterestLow: number;
  /** Bids best first, then asks best first. */
  readonly bookQuantity: Uint32Array;
  readonly bookPrice: Int32Array;
  readonly bookOrders: Uint16Array;
}

export function emptyTick(): MarketTick {
  return {
    lastPrice: 0,
    open: 0,
    high: 0,
    low: 0,
    close: 0,
    exchangeTimeS: 0,
    lastTradeTimeS: 0,
    lastQuantity: 0,
    averagePrice: 0,
    volume: 0,
    buyQuantity: 0,
    sellQuantity: 0,
    openInterest: 0,
    openInterestHigh: 0,
    openInterestLow: 0,
    bookQuantity: new Uint32Array(BOOK_LEVELS * 2),
    bookPrice: new Int32Array(BOOK_LEVELS * 2),
    bookOrders: new Uint16Array(BOOK_LEVELS * 2),
  };
}
