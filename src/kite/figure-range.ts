/**
 * What a price and a quantity can be at all: as wide as they are on the ticker's wire, which REST has no figures beyond.
 * A column of 32 bits makes another number of anything else, and shows it.
 */
import { divisorOf } from './instrument-token.ts';
import type { KiteQuote } from './session.ts';

const LARGEST_UNITS = 0x7fff_ffff;
const LARGEST_QUANTITY = 0xffff_ffff;

/** A price in rupees as smallest units, rounded; null: no price is that large, or below 0. */
export function unitsOf(rupees: number, divisor: number): number | null {
  const units = Math.round(rupees * divisor);
  return units >= 0 && units <= LARGEST_UNITS ? units : null;
}

/** Whether somebody can have paid it: at least the smallest unit. Rupees. */
export function isPrice(rupees: number, token: number): boolean {
  return (unitsOf(rupees, divisorOf(token)) ?? 0) > 0;
}

/** Whether a number can count shares, lots or contracts. */
export function isQuantity(count: number): boolean {
  return Number.isInteger(count) && count >= 0 && count <= LARGEST_QUANTITY;
}

/** Whether all figures of a quote can be true by their size alone; what Kite left out can. Its order book is read apart. */
export function hasPossibleFigures(quote: KiteQuote): boolean {
  const divisor = divisorOf(quote.token);
  const prices = [quote.lastPrice, quote.open, quote.high, quote.low, quote.close, quote.averagePrice ?? 0];
  const counts = [quote.volume, quote.openInterest, quote.lastQuantity, quote.buyQuantity, quote.sellQuantity];
  return (
    prices.every((price) => unitsOf(price, divisor) !== null) &&
    counts.every((count) => isQuantity(count ?? 0)) &&
    [...quote.bids, ...quote.asks].every(
      ({ price, quantity, orders }) => unitsOf(price, divisor) !== null && isQuantity(quantity) && isOrderCount(orders),
    )
  );
}

function isOrderCount(orders: number): boolean {
  return isQuantity(orders) && orders <= 0xffff;
}
