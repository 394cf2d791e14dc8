/** Finer than this says nothing: the exchange's times are whole seconds. */
const STEP_MS = 10;
/** A PC clock that is behind makes lags negative; what lies outside counts as the nearest end. */
const LEAST_MS = -10_000;
const MOST_MS = 50_000;
const STEPS = (MOST_MS - LEAST_MS) / STEP_MS;

/** How long ticks took, counted in steps of 10 ms; a day of 9,000 instruments costs no more memory than a minute of one. */
export class LagHistogram {
  private readonly counts = new Uint32Array(STEPS);
  private total = 0;

  get samples(): number {
    return this.total;
  }

  add(lagMs: number): void {
    const step = Math.floor((lagMs - LEAST_MS) / STEP_MS);
    const at = Math.max(0, Math.min(STEPS - 1, step));
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    this.total++;
  }

  clear(): void {
    this.counts.fill(0);
    this.total = 0;
  }

  /** The lag that the share `part` (0 to 1) of the ticks did not exceed, to 10 ms; null without ticks. */
  percentile(part: number): number | null {
    if (this.total === 0) return null;
    const rank = Math.max(1, Math.ceil(part * this.total));
    let seen = 0;
    for (let at = 0; at < STEPS; at++) {
      seen += this.counts[at] ?? 0;
      if (seen >= rank) return LEAST_MS + at * STEP_MS;
    }
    return MOST_MS;
  }
}
