/** Numbers as an Indian trader reads them. Every function is pure; unknown values come out as `BLANK`. */

/** Shown where there is no number to show. */
export const BLANK = '–';

/** A true minus: as wide as the plus sign in tabular figures, so that signed columns stay aligned. */
const MINUS = '\u2212';

const CRORE = 10_000_000;
const LAKH = 100_000;

const twoDecimals = new Intl.NumberFormat('en-IN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const wholeNumber = new Intl.NumberFormat('en-IN', { maximumFractionDigits: 0 });

/** A price in rupees: `24,57,300.50`. Zero and below mean "no price" in quotes and come out blank. */
export function formatPrice(rupees: number): string {
  return rupees > 0 ? twoDecimals.format(rupees) : BLANK;
}

/** A distance between two prices in rupees, without a sign: `0.85`, `0.00`. */
export function formatDifference(rupees: number): string {
  return Number.isFinite(rupees) ? twoDecimals.format(Math.abs(rupees)) : BLANK;
}

/** A difference in points with its sign: `+123.45`, `−88.10`, `0.00`. */
export function formatSigned(points: number): string {
  if (!Number.isFinite(points)) return BLANK;
  return signOf(points) + twoDecimals.format(Math.abs(points));
}

/** A signed percentage: `+0.51%`. */
export function formatPercent(percent: number): string {
  if (!Number.isFinite(percent)) return BLANK;
  return `${signOf(percent)}${twoDecimals.format(Math.abs(percent))}%`;
}

/** A quantity in full: `1,23,450`. */
export function formatQuantity(quantity: number): string {
  return Number.isFinite(quantity) ? wholeNumber.format(quantity) : BLANK;
}

/** A large quantity in lakh and crore, to be scanned and not read: `52,310`, `34.21 L`, `1.43 Cr`. */
export function formatCompact(quantity: number): string {
  if (!Number.isFinite(quantity)) return BLANK;
  const inLakh = twoDecimals.format(quantity / LAKH);
  if (quantity < LAKH) return formatQuantity(quantity);
  // 99.995 lakh would round to "100.00 L".
  return inLakh === '100.00' || quantity >= CRORE ? `${twoDecimals.format(quantity / CRORE)} Cr` : `${inLakh} L`;
}

/** A count with its noun: `1 tick`, `2,300 ticks`. */
export function formatCount(count: number, noun: string): string {
  return `${formatQuantity(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Which way a difference points once it has been rounded to what is shown. */
export type Direction = 'up' | 'down' | 'flat';

export function directionOf(points: number): Direction {
  const sign = signOf(points);
  if (sign === '') return 'flat';
  return sign === '+' ? 'up' : 'down';
}

function signOf(value: number): '' | '+' | typeof MINUS {
  // Decided on the rounded value, so that "+0.00" never appears.
  if (!Number.isFinite(value) || Math.abs(value) < 0.005) return '';
  return value > 0 ? '+' : MINUS;
}
