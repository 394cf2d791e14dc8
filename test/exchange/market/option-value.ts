/** Implied volatility at the money, and how much it rises with the distance of the strike. */
const VOLATILITY = 0.125;
const SMILE = 1.6;

/** An option's value in the unit of its forward, and its slope in the forward. */
export interface OptionValue {
  readonly value: number;
  readonly delta: number;
}

/** Black's formula for an option on a forward, without discounting; intrinsic value at expiry. */
export function optionValue(right: 'call' | 'put', forward: number, strike: number, years: number): OptionValue {
  const sign = right === 'call' ? 1 : -1;
  const moneyness = Math.log(forward / strike);
  const deviation = (VOLATILITY + SMILE * moneyness * moneyness) * Math.sqrt(years);
  if (deviation === 0) {
    const intrinsic = sign * (forward - strike);
    return { value: Math.max(0, intrinsic), delta: intrinsic > 0 ? sign : 0 };
  }
  const d1 = moneyness / deviation + deviation / 2;
  const nearer = normalCdf(sign * d1);
  const farther = normalCdf(sign * (d1 - deviation));
  return { value: sign * (forward * nearer - strike * farther), delta: sign * nearer };
}

/** Standard normal distribution function by Abramowitz and Stegun 26.2.17 (error below 7.5e-8). */
function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail =
    (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x >= 0 ? 1 - tail : tail;
}
