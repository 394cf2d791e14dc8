/**
 * What an instrument token tells by itself: its low byte is the exchange segment
 * (https://kite.trade/docs/connect/v3/websocket/, "Message structure"; codes as in the official clients).
 */

const CURRENCY_NSE = 3;
const CURRENCY_BSE = 6;
const INDICES = 9;

/** Kite's segment code: 1 NSE, 2 NFO, 3 CDS, 4 BSE, 5 BFO, 6 BCD, 7 MCX, 8 MCXSX, 9 indices. */
export function segmentOf(token: number): number {
  return token & 0xff;
}

/** Indices have packets of their own: no volume, no depth, another order of prices. */
export function isIndexToken(token: number): boolean {
  return segmentOf(token) === INDICES;
}

/** Smallest price units per rupee. The official clients' figures; the documentation's sentence gives 1e7 for BCD too. */
export function divisorOf(token: number): number {
  switch (segmentOf(token)) {
    case CURRENCY_NSE:
      return 10_000_000;
    case CURRENCY_BSE:
      return 10_000;
    default:
      return 100;
  }
}
