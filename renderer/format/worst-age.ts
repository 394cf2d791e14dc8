import type { QuoteRow } from '../../src/contract/tick-lane.ts';

/** The oldest price of some, and how many of them are stale. */
export interface WorstAge {
  /** Whose it is; null while any younger one would be as good. */
  readonly title: string | null;
  /** Since its receipt, ms; null before any price has come. */
  readonly ageMs: number | null;
  readonly stale: number;
}

/** Below this every price is of the same moment to a reader, and naming one would only flicker; ms. */
const NAMED_FROM_MS = 3_000;

/** The worst of what is followed: a header that told the best would hide the one that is missing. `now`: ms. */
export function worstAge(
  followed: readonly { readonly title: string; readonly stale: boolean; readonly quote: QuoteRow | undefined }[],
  now: number,
): WorstAge {
  let worst: { readonly title: string; readonly ageMs: number } | null = null;
  let stale = 0;
  for (const { title, stale: isStale, quote } of followed) {
    if (isStale || quote?.stale === true) stale++;
    // A close has an age of days, not the one of its receipt.
    if (quote === undefined || (!quote.stale && isAtRest(quote))) continue;
    const ageMs = Math.max(0, now - quote.receivedAt);
    if (worst === null || ageMs > worst.ageMs) worst = { title, ageMs };
  }
  if (worst === null) return { title: null, ageMs: null, stale };
  return { title: worst.ageMs < NAMED_FROM_MS ? null : worst.title, ageMs: worst.ageMs, stale };
}

/** A close does not age: what it is of is named beside it. */
export function isAtRest({ kind }: QuoteRow): boolean {
  return kind === 'previous-close' || kind === 'frozen';
}
