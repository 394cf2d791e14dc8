import { phaseWords } from '../../../src/contract/phase-words.ts';
import type { MarketState } from '../../../src/contract/state.ts';

/** The phase now, with the day's own word where the market is closed for the day. */
export function marketWord(market: Pick<MarketState, 'phase' | 'day' | 'hours'>): string {
  const { now } = phaseWords[market.phase];
  if (market.day === 'unknown' && market.phase !== 'unknown') return `${now}?`;
  if (market.phase !== 'closed') return now;
  if (market.day === 'holiday') return 'Holiday';
  if (market.day === 'weekend') return 'Weekend';
  return now;
}

/** The next change of phase, before its time: `Opens`, `Closing auction`. */
export function nextWord(phase: MarketState['phase']): string {
  return phaseWords[phase].next;
}
