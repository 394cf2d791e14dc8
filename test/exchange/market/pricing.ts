import { type IstDate, instantOf } from '../../../src/market/ist.ts';
import type { Instrument } from './instruments.ts';
import { optionValue } from './option-value.ts';
import type { PathDay } from './price-path.ts';
import { subSeed, wander } from './random.ts';

/** How one tradable is priced on one day; paise, not rounded to its tick. */
export interface Pricing {
  /** Middle of the market at an instant of trading. */
  mid(instantMs: number): number;
  /** Distance between the best bid and ask at a price. */
  spread(mid: number): number;
}

/** Cost of carrying the index, a year. */
const CARRY = 0.055;
const YEAR_MS = 365 * 86_400_000;
/** A future strays from its fair value by this share of the price, over so many ms. */
const FUTURE_NOISE = 0.00004;
const FUTURE_NOISE_MS = 8_000;
/** Spread of a future as a share of the price: about 2 points of NIFTY. */
const FUTURE_SPREAD = 0.000077;

/** The trade price of a share is its path. */
export function sharePricing(path: PathDay, tickPaise: number): Pricing {
  return { mid: (instantMs) => path.valueAt(instantMs), spread: (mid) => Math.max(tickPaise, mid * 0.0001) };
}

/** Spot, a basis that decays to nothing at expiry, and a little noise of the contract's own. */
export function futurePricing(path: PathDay, contract: Instrument, expiry: IstDate, seed: number): Pricing {
  const noise = subSeed(seed, 'noise', contract.tradingSymbol, path.plan.dayNumber);
  const expiryMs = expiryInstant(expiry);
  return {
    mid: (instantMs) => {
      const spot = path.valueAt(instantMs);
      return spot + basis(spot, expiryMs, instantMs) + spot * FUTURE_NOISE * wander(noise, instantMs / FUTURE_NOISE_MS);
    },
    spread: (mid) => mid * FUTURE_SPREAD,
  };
}

/** Value of an option on the future; within a minute along its slope, because a formula a tick would cost too much. */
export function optionPricing(path: PathDay, contract: Instrument, expiry: IstDate): Pricing {
  const right = contract.type === 'PE' ? 'put' : 'call';
  const strike = contract.strike * 100;
  const expiryMs = expiryInstant(expiry);
  let minute = -1;
  let from = { value: 0, delta: 0 };
  let forwardThen = 0;
  return {
    mid: (instantMs) => {
      const spot = path.valueAt(instantMs);
      const forward = spot + basis(spot, expiryMs, instantMs);
      const own = Math.floor(instantMs / 60_000);
      if (own !== minute) {
        // From the minute's first value, so that the answer does not depend on which instant was asked for first.
        const startMs = own * 60_000;
        const opening = path.valueAt(startMs);
        minute = own;
        forwardThen = opening + basis(opening, expiryMs, startMs);
        from = optionValue(right, forwardThen, strike, yearsTo(expiryMs, startMs));
      }
      return Math.max(contract.tickPaise, from.value + from.delta * (forward - forwardThen));
    },
    spread: (mid) => Math.max(contract.tickPaise, mid * 0.004),
  };
}

/** Future less spot, paise. */
function basis(spot: number, expiryMs: number, instantMs: number): number {
  return spot * CARRY * yearsTo(expiryMs, instantMs);
}

function yearsTo(expiryMs: number, instantMs: number): number {
  return Math.max(0, expiryMs - instantMs) / YEAR_MS;
}

/** From when on a contract has no time value left. */
function expiryInstant(expiry: IstDate): number {
  return instantOf(expiry, '15:30');
}
