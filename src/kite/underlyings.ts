import type { Underlying } from '../market/calendar.ts';
import type { Segment } from '../market/segments.ts';

/** How Kite names an index underlying and what belongs to it. */
export interface UnderlyingSpec {
  readonly spot: {
    readonly exchange: 'NSE' | 'BSE';
    readonly tradingSymbol: string;
    /** As documented, for a dump without index rows; an index keeps its token. */
    readonly token: number;
    readonly hours: Segment;
  };
  readonly futures: { readonly exchange: 'NFO' | 'BFO'; readonly segment: 'NFO-FUT' | 'BFO-FUT' };
}

const nse = (tradingSymbol: string, token: number): UnderlyingSpec => ({
  spot: { exchange: 'NSE', tradingSymbol, token, hours: 'NSE_INDEX' },
  futures: { exchange: 'NFO', segment: 'NFO-FUT' },
});

/** Tokens: exchange token << 8 | 9. Documented for NIFTY 50 and SENSEX; all three seen in live dumps of 2025 and 2026. */
export const underlyingSpecs: Readonly<Record<Underlying, UnderlyingSpec>> = {
  NIFTY: nse('NIFTY 50', 256265),
  BANKNIFTY: nse('NIFTY BANK', 260105),
  SENSEX: {
    spot: { exchange: 'BSE', tradingSymbol: 'SENSEX', token: 265, hours: 'BSE_INDEX' },
    futures: { exchange: 'BFO', segment: 'BFO-FUT' },
  },
};
