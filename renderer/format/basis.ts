import type { QuoteRow } from '../../src/contract/tick-lane.ts';

/** Future minus spot, or why there is none to show. */
export type Basis =
  | { readonly known: true; readonly points: number; readonly percent: number }
  | { readonly known: false; readonly reason: string };

/**
 * The basis of a front-month future. Both prices must be live: a spot that is frozen, indicative or stale would give a
 * number that nobody could trade.
 */
export function basisOf(spot: QuoteRow | undefined, future: QuoteRow | undefined): Basis {
  const reason = whyUnusable('spot', spot) ?? whyUnusable('future', future);
  if (reason !== null || spot === undefined || future === undefined) return { known: false, reason: reason ?? '' };
  const points = future.lastPrice - spot.lastPrice;
  return { known: true, points, percent: (points / spot.lastPrice) * 100 };
}

function whyUnusable(name: 'spot' | 'future', quote: QuoteRow | undefined): string | null {
  if (quote === undefined || quote.lastPrice <= 0) return `no ${name} price`;
  if (quote.stale) return `${name} stale`;
  switch (quote.kind) {
    case 'live':
      return null;
    case 'indicative':
      return `${name} indicative`;
    case 'frozen':
      return `${name} frozen`;
    case 'previous-close':
      return `no ${name} trade`;
  }
}
