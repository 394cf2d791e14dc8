import { candleColumns, type MinuteCandles } from './candles.ts';
import type { MinuteGrid } from './minute-grid.ts';
import type { OpenInterest } from './open-interest.ts';
import type { TradeMinutes } from './trade-minutes.ts';

/** What continuous trading had come to by the end of a trade. Prices in paise. */
export interface DayTotals {
  open: number;
  high: number;
  low: number;
  volume: number;
  /** Sum of price times quantity. */
  value: number;
}

/** The continuous trading of one instrument and day, minute by minute as far as it has been asked for. */
export class TradeDay {
  private readonly trades: TradeMinutes;
  private readonly candles: MinuteCandles;
  /** Before each minute: the day's extremes, volume and value so far. */
  private readonly highBefore: Int32Array;
  private readonly lowBefore: Int32Array;
  private readonly volumeBefore: Float64Array;
  private readonly valueBefore: Float64Array;
  private built = 0;

  constructor(grid: MinuteGrid, trades: TradeMinutes, openInterest: OpenInterest | null, lotSize: number) {
    this.trades = trades;
    this.candles = candleColumns(grid.starts);
    const { length } = grid;
    this.highBefore = new Int32Array(length + 1).fill(-0x8000_0000);
    this.lowBefore = new Int32Array(length + 1).fill(0x7fff_ffff);
    this.volumeBefore = new Float64Array(length + 1);
    this.valueBefore = new Float64Array(length + 1);
    if (openInterest === null) return;
    grid.starts.forEach((startMs, minute) => {
      this.candles.openInterest[minute] = openInterest.at(startMs + 59_999).now * lotSize;
    });
  }

  /** Totals up to and including trade `index` of `minute`. */
  totals(minute: number, index: number, out: DayTotals): void {
    this.build(minute);
    const trades = this.trades.of(minute);
    out.open = minute === 0 ? (trades.price[0] ?? 0) : (this.candles.open[0] ?? 0);
    out.high = Math.max(this.highBefore[minute] ?? 0, trades.runningHigh[index] ?? 0);
    out.low = Math.min(this.lowBefore[minute] ?? 0, trades.runningLow[index] ?? 0);
    out.volume = (this.volumeBefore[minute] ?? 0) + (trades.runningVolume[index] ?? 0);
    out.value = (this.valueBefore[minute] ?? 0) + (trades.runningValue[index] ?? 0);
  }

  /** The candles of all minutes; those from `minutes` on are filled only if they were needed before. */
  minuteCandles(minutes: number): MinuteCandles {
    this.build(minutes);
    return this.candles;
  }

  /** Makes sure the totals before `minute` are known. */
  private build(minute: number): void {
    const { open, high, low, close, volume } = this.candles;
    for (; this.built < minute; this.built++) {
      const m = this.built;
      const trades = this.trades.of(m);
      const last = trades.count - 1;
      open[m] = trades.price[0] ?? 0;
      high[m] = trades.runningHigh[last] ?? 0;
      low[m] = trades.runningLow[last] ?? 0;
      close[m] = trades.price[last] ?? 0;
      volume[m] = trades.runningVolume[last] ?? 0;
      this.highBefore[m + 1] = Math.max(this.highBefore[m] ?? 0, high[m] ?? 0);
      this.lowBefore[m + 1] = Math.min(this.lowBefore[m] ?? 0, low[m] ?? 0);
      this.volumeBefore[m + 1] = (this.volumeBefore[m] ?? 0) + (volume[m] ?? 0);
      this.valueBefore[m + 1] = (this.valueBefore[m] ?? 0) + (trades.runningValue[last] ?? 0);
    }
  }
}
