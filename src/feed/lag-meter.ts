import type { Clock } from '../clock.ts';
import type { FeedLag } from '../contract/state.ts';
import type { ClockSkew } from './clock-skew.ts';
import { NO_LAG } from './feed-status.ts';
import type { LagHistogram } from './lag-histogram.ts';

/** The lag as it is shown; the same object until something in it changes. */
export class LagMeter {
  private readonly clock: Clock;
  private readonly lags: LagHistogram;
  private readonly skew: ClockSkew;
  private heldUpMs = 0;
  private current: FeedLag = NO_LAG;

  constructor(clock: Clock, lags: LagHistogram, skew: ClockSkew) {
    this.clock = clock;
    this.lags = lags;
    this.skew = skew;
  }

  get lag(): FeedLag {
    return this.current;
  }

  /** This process could not run for so long; frames have waited. */
  heldUp(forMs: number): void {
    this.heldUpMs = Math.max(this.heldUpMs, forMs);
  }

  /** To be called about once a second: the figures are counted together anew. */
  measure(): void {
    const { lags, current } = this;
    const { samples } = lags;
    // The figures are the day's: another one has begun.
    if (samples < current.samples) this.heldUpMs = 0;
    // Market time at another speed is not the PC's clock.
    const skewMs = this.clock.speed === 1 ? this.skew.skewMs(this.clock.monotonic()) : null;
    const { heldUpMs } = this;
    if (samples === current.samples && skewMs === current.skewMs && heldUpMs === current.heldUpMs) return;
    this.current = { ...lags.percentiles, skewMs, heldUpMs };
  }
}
