import { LAGGING_AFTER_MS } from './freshness.ts';

/** So many instruments have to show a skew before it is one: a single one's stamps may be wrong. */
const AGREEING = 3;
/** Least lags are those of the last one to two of these; ms. */
const PERIOD_MS = 150_000;
const FIRST_CAPACITY = 16;
const NEVER = Number.POSITIVE_INFINITY;

/** What the ticks of each instrument took at the least of late, ms. Other times are wall ms. */
export class LagWitnesses {
  private current = new Float64Array(FIRST_CAPACITY).fill(NEVER);
  private earlier = new Float64Array(FIRST_CAPACITY).fill(NEVER);
  private periodStartMs = 0;

  /** A tick that streams in continuous trading. */
  note(slot: number, atMs: number, lagMs: number): void {
    const knownMs = Math.min(this.current[slot] ?? NEVER, this.earlier[slot] ?? NEVER);
    // Prices that come late are late, and no news of the clock.
    if (lagMs - knownMs > LAGGING_AFTER_MS) return;
    if (atMs - this.periodStartMs > PERIOD_MS || atMs < this.periodStartMs) this.turn(atMs);
    while (slot >= this.current.length) this.grow();
    if (lagMs < (this.current[slot] ?? NEVER)) this.current[slot] = lagMs;
  }

  /**
   * The least lag that three instruments bear out, both where there are two; null while too few stream. Whoever's stamps
   * are ahead of all others' is outvoted. `followed`: how many there are.
   */
  agreedMs(followed: number): number | null {
    const needed = Math.min(AGREEING, Math.max(2, followed));
    const least: number[] = [];
    for (let slot = 0; slot < this.current.length; slot++) {
      const lagMs = Math.min(this.current[slot] ?? 0, this.earlier[slot] ?? 0);
      if (lagMs < (least[needed - 1] ?? NEVER)) {
        least.push(lagMs);
        least.sort((a, b) => a - b);
        least.length = Math.min(least.length, needed);
      }
    }
    return least[needed - 1] ?? null;
  }

  /** The clock was set: what was learnt of the old one is void. */
  reset(): void {
    this.current.fill(NEVER);
    this.earlier.fill(NEVER);
  }

  private turn(atMs: number): void {
    this.periodStartMs = atMs;
    const { earlier } = this;
    this.earlier = this.current;
    this.current = earlier.fill(NEVER);
  }

  private grow(): void {
    const wider = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const longer = new Float64Array(column.length * 2).fill(NEVER);
      longer.set(column);
      return longer;
    };
    this.current = wider(this.current);
    this.earlier = wider(this.earlier);
  }
}
