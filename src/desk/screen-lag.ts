import type { Clock } from '../clock.ts';
import type { CommandArgs } from '../contract/commands.ts';
import type { ScreenLag } from '../contract/state.ts';
import { LagHistogram, type LagScale } from '../feed/lag-histogram.ts';
import { istDateOf } from '../market/ist.ts';

/** A tick that takes longer to the screen is late, however late. */
const RECEIPT_SCALE: LagScale = { leastMs: 0, mostMs: 5_000, stepMs: 1 };

/** Counts how long the day's ticks took to the screens of all interfaces. */
export class ScreenLagMeter {
  private readonly clock: Pick<Clock, 'now' | 'speed'>;
  private readonly fromReceipt = new LagHistogram(RECEIPT_SCALE);
  private readonly fromExchange = new LagHistogram();
  private date = '';

  constructor(clock: Pick<Clock, 'now' | 'speed'>) {
    this.clock = clock;
  }

  /** Takes a paint of which the desk has heard now; returns the day's figures with it. */
  painted({ receivedAt, ticks }: CommandArgs<'ticks.painted'>): ScreenLag {
    const nowMs = this.clock.now();
    this.startDay(istDateOf(nowMs));
    this.fromReceipt.add(this.sinceMs(receivedAt, nowMs));
    // What is left of the way to the screen takes real time, at whatever speed the market goes.
    for (const [exchangeMs, receivedMs] of ticks)
      this.fromExchange.add(receivedMs - exchangeMs + this.sinceMs(receivedMs, nowMs));
    return { fromReceipt: this.fromReceipt.percentiles, fromExchange: this.fromExchange.percentiles };
  }

  /** Real ms between two readings of the desk's clock. */
  private sinceMs(atMs: number, nowMs: number): number {
    return Math.max(0, nowMs - atMs) / this.clock.speed;
  }

  private startDay(date: string): void {
    if (date === this.date) return;
    this.date = date;
    this.fromReceipt.clear();
    this.fromExchange.clear();
  }
}
