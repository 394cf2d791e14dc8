import type { AuctionPlan } from './day-plan.ts';
import { wander } from './random.ts';

/** How wide the indicative price swings at the start of an auction, as a share of the price. */
const SWING = 0.0012;
/** The indicative price wanders to a new value every so many ms. */
const WANDER_MS = 5_000;

/**
 * The price at which the orders collected so far would match (paise, not rounded): it starts about the previous close,
 * swings less and less, and is the equilibrium from the moment entry closes.
 */
export function indicativePrice(
  auction: AuctionPlan,
  seed: number,
  previousClose: number,
  equilibrium: number,
  instantMs: number,
): number {
  if (instantMs >= auction.matchMs) return equilibrium;
  const done = Math.max(0, instantMs - auction.startMs) / (auction.matchMs - auction.startMs);
  const trend = previousClose + (equilibrium - previousClose) * Math.min(1, done * 1.25);
  return trend + wander(seed, instantMs / WANDER_MS) * SWING * previousClose * (1 - done);
}

/** The quantity that would match, in lots: it gathers while orders come in. */
export function indicativeLots(auction: AuctionPlan, matchedLots: number, instantMs: number): number {
  if (instantMs >= auction.matchMs) return matchedLots;
  const done = Math.max(0, instantMs - auction.startMs) / (auction.matchMs - auction.startMs);
  return Math.floor(matchedLots * done * done);
}
