/**
 * Chance without state: every draw is a function of a seed and of what it is for, so any instant of any day can be asked
 * for first, in any order, on any machine, with the same answer.
 */

/** Spreads up to three integers over 32 bits (the finaliser of MurmurHash3 after each word). */
export function hash32(seed: number, a = 0, b = 0): number {
  let h = seed | 0;
  h = finalise(Math.imul(h ^ a, 0x9e3779b1) + 0x7f4a7c15);
  h = finalise(Math.imul(h ^ b, 0x85ebca77) + 0x165667b1);
  return h >>> 0;
}

function finalise(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A seed of its own for one purpose: `subSeed(seed, 'gap', 'NIFTY 50')`. */
export function subSeed(seed: number, ...purpose: readonly (string | number)[]): number {
  let h = seed | 0;
  for (const part of purpose) {
    if (typeof part === 'number') h = hash32(h, part, 1);
    else for (let i = 0; i < part.length; i++) h = hash32(h, part.charCodeAt(i), 2);
  }
  return h;
}

/** Uniform in [0, 1). */
export function uniform(seed: number, a = 0, b = 0): number {
  return hash32(seed, a, b) / 0x1_0000_0000;
}

/** Standard normal (Box-Muller). */
export function gaussian(seed: number, a = 0, b = 0): number {
  const first = hash32(seed, a, b);
  const radius = Math.sqrt(-2 * Math.log((first + 1) / 0x1_0000_0001));
  return radius * Math.cos((2 * Math.PI * hash32(first, a, b)) / 0x1_0000_0000);
}

/** A cheap bell in (-1, 1): the difference of the two halves of one hash. For noise drawn at every tick. */
export function bell(seed: number, a = 0, b = 0): number {
  const h = hash32(seed, a, b);
  return ((h & 0xffff) - (h >>> 16)) / 0x1_0000;
}

/** Noise in (-1, 1) that wanders smoothly: bells at whole numbers, straight lines between. */
export function wander(seed: number, position: number): number {
  const whole = Math.floor(position);
  const left = bell(seed, whole);
  return left + (bell(seed, whole + 1) - left) * (position - whole);
}
