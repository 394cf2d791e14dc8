import { BOOK_LEVELS, type MarketTick } from './market-tick.ts';
import { hash32 } from './random.ts';

/**
 * Writes five bids and five asks around `mid` (paise): the best a spread apart, the next a few ticks behind each other,
 * quantities growing with the distance. Prices stay on the instrument's tick; `spread` is at least one tick.
 */
export function writeBook(
  tick: MarketTick,
  mid: number,
  spread: number,
  tickPaise: number,
  lotSize: number,
  seed: number,
): void {
  let bid = tickPaise * Math.floor((mid - spread / 2) / tickPaise);
  let ask = tickPaise * Math.ceil((mid + spread / 2) / tickPaise);
  for (let level = 0; level < BOOK_LEVELS; level++) {
    const h = hash32(seed, level);
    writeLevel(tick, level, bid, level + (h & 7), lotSize, h >>> 6);
    writeLevel(tick, BOOK_LEVELS + level, ask, level + ((h >>> 3) & 7), lotSize, h >>> 18);
    bid -= tickPaise * (1 + ((h >>> 12) & 3));
    ask += tickPaise * (1 + ((h >>> 14) & 3));
  }
}

/** Takes every order out of the book. */
export function clearBook(tick: MarketTick): void {
  tick.bookQuantity.fill(0);
  tick.bookPrice.fill(0);
  tick.bookOrders.fill(0);
}

function writeLevel(tick: MarketTick, at: number, price: number, size: number, lotSize: number, chance: number): void {
  const lots = price > 0 ? 1 + size + (chance % (1 + size)) : 0;
  tick.bookPrice[at] = Math.max(0, price);
  tick.bookQuantity[at] = lots * lotSize;
  tick.bookOrders[at] = lots === 0 ? 0 : 1 + Math.floor(lots / 2);
}
