/** The parts of the two exchanges that keep different hours. */

export const segments = [
  'NSE_INDEX',
  'BSE_INDEX',
  /** Shares that also have derivatives: they stop for the closing auction. */
  'NSE_CASH_CAS',
  'BSE_CASH_CAS',
  /** Shares without derivatives: continuous to the end, closing price by volume-weighted average. */
  'NSE_CASH_NONCAS',
  'BSE_CASH_NONCAS',
  'NFO_FUT',
  'BFO_FUT',
  'NFO_OPT',
  'BFO_OPT',
] as const;

export type Segment = (typeof segments)[number];

/** What one segment is doing. `pre-open-limit` and `auction-limit` end at a random moment the calendar only brackets. */
export const segmentPhases = [
  'closed',
  'pre-open-entry',
  'pre-open-limit',
  'pre-open-matching',
  'buffer',
  'continuous',
  'auction-reference',
  'auction-entry',
  'auction-limit',
  'auction-matching',
  /** The index while its constituents are in the closing auction: no trade moves it. */
  'frozen',
  /** The index while the auction's equilibrium prices become its close. */
  'close-discovery',
  'transition',
  'post-close',
  'halted',
  'unknown',
] as const;

export type SegmentPhase = (typeof segmentPhases)[number];

/** What the market as a whole is doing, seen from the segments of what is subscribed. */
export const marketPhases = [
  'closed',
  'pre-open',
  'pre-open-matching',
  'buffer',
  'live',
  /** The index is frozen while the futures still trade. */
  'closing-auction',
  /** The index is done while the futures still trade. */
  'derivatives-only',
  'halted',
  'unknown',
] as const;

export type MarketPhase = (typeof marketPhases)[number];
