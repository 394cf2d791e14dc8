import type { MarketState } from '../../../src/contract/state.ts';

const names: Readonly<Record<MarketState['phase'], string>> = {
  closed: 'Closed',
  'pre-open': 'Pre-open',
  'pre-open-matching': 'Pre-open matching',
  buffer: 'Buffer',
  live: 'Live',
  'closing-auction': 'Closing auction',
  'derivatives-only': 'Derivatives only',
  halted: 'Halted',
  unknown: 'Unknown',
};

export function phaseName(phase: MarketState['phase']): string {
  return names[phase];
}

/** The phase now, with the day's own word where the market is closed for the day. */
export function marketWord(market: Pick<MarketState, 'phase' | 'day' | 'hours'>): string {
  if (market.day === 'unknown' && market.phase !== 'unknown') return `${phaseName(market.phase)}?`;
  if (market.phase !== 'closed') return phaseName(market.phase);
  if (market.day === 'holiday') return 'Holiday';
  if (market.day === 'weekend') return 'Weekend';
  return phaseName('closed');
}
