import type { Clock } from '../clock.ts';
import type { ClockSkew } from './clock-skew.ts';
import { LAGGING_AFTER_MS, limitAtSpeed } from './freshness.ts';
import { LeastLag } from './least-lag.ts';

/** What is behind stays behind: the least lag of this long, so that one late frame says nothing. */
const WINDOW_MS = 5_000;
/** Enough where the connection before was late: until the contrary is shown, so is this one. */
const SUSPECT_WINDOW_MS = 500;
/** A reading older than this is none. */
const READING_FOR_MS = 10_000;

/**
 * Whether one connection's prices are late: not by the PC's clock, which may be wrong, but against what the fastest ticks
 * have needed of late. What is late itself does not move that measure.
 */
export class LagWatch {
  private readonly clock: Clock;
  private readonly skew: ClockSkew;
  private readonly recent = new LeastLag(WINDOW_MS);
  private notedMs = Number.NEGATIVE_INFINITY;
  private isLate = false;
  private isSuspect = false;

  constructor(clock: Clock, skew: ClockSkew) {
    this.clock = clock;
    this.skew = skew;
  }

  /** The least lag of a frame's ticks, ms. */
  note(lagMs: number): void {
    const nowMs = this.clock.monotonic();
    if (nowMs - this.notedMs > READING_FOR_MS) this.recent.reset();
    this.notedMs = nowMs;
    this.recent.note(nowMs, lagMs);
    const limitMs = limitAtSpeed(LAGGING_AFTER_MS, this.clock.speed);
    this.isLate = (this.behindMs ?? 0) > limitMs;
    const isOutlier = lagMs - (this.skew.baselineMs(nowMs) ?? lagMs) > limitMs;
    if (!isOutlier) this.skew.note(nowMs, lagMs);
  }

  /** How much later than usual prices come now, ms; null while there is nothing to tell it by. */
  get behindMs(): number | null {
    const nowMs = this.clock.monotonic();
    const recentMs = this.recent.after(this.isSuspect ? SUSPECT_WINDOW_MS : WINDOW_MS, nowMs);
    const baselineMs = this.skew.baselineMs(nowMs);
    if (recentMs === null || baselineMs === null || nowMs - this.notedMs > READING_FOR_MS) return null;
    return Math.max(0, recentMs - baselineMs);
  }

  /** Prices come, and every one of them is far behind. */
  get isLagging(): boolean {
    return this.isLate && this.behindMs !== null;
  }

  /** Another connection, another clock, or frames that waited unread. `isSuspect`: the connection before was late. */
  reset(isSuspect = false): void {
    this.recent.reset();
    this.isLate = false;
    this.isSuspect = isSuspect;
  }
}
