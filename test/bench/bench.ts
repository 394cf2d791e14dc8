/** One figure of a benchmark, and the budget it is held against where there is one. */
export interface FigureSpec {
  readonly name: string;
  /** What it is, for the table. */
  readonly what: string;
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Values by figure name; a figure that could not be had is absent. */
export type Figures = Readonly<Record<string, number>>;

export interface Bench {
  readonly name: string;
  /** What is measured, in one line. */
  readonly title: string;
  readonly figures: readonly FigureSpec[];
  /** Rejects with `BenchUnavailableError` where it cannot be measured. `say` takes a line about how it was done. */
  run(say: (line: string) => void): Promise<Figures>;
}

/** Something the benchmark needs is not here; the message says what. */
export class BenchUnavailableError extends Error {
  readonly code = 'bench-unavailable';
}
