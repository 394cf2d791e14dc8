import type { LagPercentiles } from '../contract/state.ts';

/** What a histogram tells apart, ms: `stepMs` is its resolution; what lies outside counts as the nearest end. */
export interface LagScale {
  readonly leastMs: number;
  readonly mostMs: number;
  readonly stepMs: number;
}

/** For lags by the exchange's time: it is whole seconds, and a PC clock that is behind makes them negative. */
export const EXCHANGE_SCALE: LagScale = { leastMs: -10_000, mostMs: 50_000, stepMs: 10 };

/** How long ticks took, counted in steps; a day of 9,000 instruments costs no more memory than a minute of one. */
export class LagHistogram {
  private readonly scale: LagScale;
  private readonly counts: Uint32Array;
  private total = 0;

  constructor(scale: LagScale = EXCHANGE_SCALE) {
    this.scale = scale;
    this.counts = new Uint32Array((scale.mostMs - scale.leastMs) / scale.stepMs);
  }

  get samples(): number {
    return this.total;
  }

  get percentiles(): LagPercentiles {
    const [p50Ms, p95Ms, p99Ms] = [this.percentile(0.5), this.percentile(0.95), this.percentile(0.99)];
    return { samples: this.total, p50Ms, p95Ms, p99Ms };
  }

  add(lagMs: number): void {
    const { leastMs, stepMs } = this.scale;
    const step = Math.floor((lagMs - leastMs) / stepMs);
    const at = Math.max(0, Math.min(this.counts.length - 1, step));
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    this.total++;
  }

  clear(): void {
    this.counts.fill(0);
    this.total = 0;
  }

  /** The lag that the share `part` (0 to 1) of the ticks did not exceed, to a step; null without ticks. */
  percentile(part: number): number | null {
    if (this.total === 0) return null;
    const { leastMs, mostMs, stepMs } = this.scale;
    const rank = Math.max(1, Math.ceil(part * this.total));
    let seen = 0;
    for (let at = 0; at < this.counts.length; at++) {
      seen += this.counts[at] ?? 0;
      if (seen >= rank) return leastMs + at * stepMs;
    }
    return mostMs;
  }
}
