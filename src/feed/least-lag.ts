const BUCKETS = 10;

interface Bucket {
  readonly startMs: number;
  leastMs: number;
}

/** The least lag over a moving window. Times are monotonic ms, lags ms. */
export class LeastLag {
  private readonly bucketMs: number;
  private buckets: Bucket[] = [];
  private sinceMs: number | null = null;

  constructor(windowMs: number) {
    this.bucketMs = windowMs / BUCKETS;
  }

  note(nowMs: number, lagMs: number): void {
    this.sinceMs ??= nowMs;
    const last = this.buckets.at(-1);
    if (last !== undefined && nowMs < last.startMs + this.bucketMs) last.leastMs = Math.min(last.leastMs, lagMs);
    else this.buckets.push({ startMs: nowMs, leastMs: lagMs });
    while (nowMs - (this.buckets[0]?.startMs ?? nowMs) >= this.bucketMs * BUCKETS) this.buckets.shift();
  }

  /** Null until lags have been noted for at least `forMs`. */
  after(forMs: number, nowMs: number): number | null {
    if (this.sinceMs === null || nowMs - this.sinceMs < forMs) return null;
    return Math.min(...this.buckets.map(({ leastMs }) => leastMs));
  }

  reset(): void {
    this.buckets = [];
    this.sinceMs = null;
  }
}
