import type { MarketPhase } from '../market/segments.ts';

/** What a phase of the market is called: standing alone, as what comes next (`Opens 09:15`), and after "Market". */
export interface PhaseWords {
  readonly now: string;
  readonly next: string;
  readonly inSentence: string;
}

/** The one table of these words: "live" is said of prices, and the market is open. */
export const phaseWords: Readonly<Record<MarketPhase, PhaseWords>> = {
  closed: { now: 'Closed', next: 'Closes', inSentence: 'closed' },
  'pre-open': { now: 'Pre-open', next: 'Pre-open', inSentence: 'in pre-open' },
  'pre-open-matching': { now: 'Order matching', next: 'Order matching', inSentence: 'matching orders' },
  buffer: { now: 'About to open', next: 'Orders matched', inSentence: 'about to open' },
  live: { now: 'Open', next: 'Opens', inSentence: 'open' },
  'closing-auction': { now: 'Closing auction', next: 'Closing auction', inSentence: 'in closing auction' },
  'derivatives-only': { now: 'Derivatives only', next: 'Derivatives only', inSentence: 'open for derivatives' },
  halted: { now: 'Halted', next: 'Halt', inSentence: 'halted' },
  unknown: { now: 'Unknown', next: 'Unknown', inSentence: 'hours unknown' },
};
