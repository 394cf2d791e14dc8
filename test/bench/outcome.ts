import type { Figures } from './bench.ts';

/** What came of a benchmark, as it crosses from its process. */
export type BenchOutcome =
  | { readonly result: 'measured'; readonly figures: Figures; readonly notes: readonly string[] }
  | { readonly result: 'unavailable' | 'failed'; readonly reason: string; readonly notes: readonly string[] };
