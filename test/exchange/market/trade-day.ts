import { candleColumns, type MinuteCandles } from './candles.ts';
import type { MinuteGrid } from './minute-grid.ts';
import type { OpenInterest } from './open-interest.ts';
import { hash32, subSeed, uniform } from './random.ts';
import type { MinuteTrades, TradeMinutes } from './trade-minutes.ts';
import { drawUnseen, type UnseenOdds } from './unseen.ts';

/** What continuous trading had come to by the end of a trade. Prices in paise. */
export interface DayTotals {
  open: number;
  high: number;
  low: number;
  volume: number;
  /** Sum of price times quantity. */
  value: number;
}

/** What the candles of a day hold beside the ticks. */
export interface BesideTicks {
  /** The pre-open match, in paise and units: it opens the first candle. Null without one. */
  readonly preOpen: { readonly price: number; readonly quantity: number } | null;
  /** How often a minute's ticks miss its prices; null for ticks that miss nothing. */
  readonly unseen: { readonly odds: UnseenOdds; readonly seed: number } | null;
}

/** Share of a minute's volume that the candles at most count in the next: the ticks' sums differ; observed 2026-10-07. */
const LATE_VOLUME = 0.06;

/** The continuous trading of one instrument and day, minute by minute as far as it has been asked for. */
export class TradeDay {
  private readonly trades: TradeMinutes;
  private readonly beside: BesideTicks;
  private readonly unit: { readonly tickPaise: number; readonly lotSize: number };
  private readonly candles: MinuteCandles;
  /** Before each minute: the day's extremes, volume and value so far. */
  private readonly highBefore: Int32Array;
  private readonly lowBefore: Int32Array;
  private readonly volumeBefore: Float64Array;
  private readonly valueBefore: Float64Array;
  private built = 0;
  private lateVolume = 0;

  constructor(
    grid: MinuteGrid,
    trades: TradeMinutes,
    openInterest: OpenInterest | null,
    unit: { readonly tickPaise: number; readonly lotSize: number },
    beside: BesideTicks,
  ) {
    this.trades = trades;
    this.beside = beside;
    this.unit = unit;
    this.candles = candleColumns(grid.starts);
    const { length } = grid;
    this.highBefore = new Int32Array(length + 1).fill(-0x8000_0000);
    this.lowBefore = new Int32Array(length + 1).fill(0x7fff_ffff);
    this.volumeBefore = new Float64Array(length + 1);
    this.valueBefore = new Float64Array(length + 1);
    if (openInterest === null) return;
    grid.starts.forEach((startMs, minute) => {
      this.candles.openInterest[minute] = openInterest.at(startMs + 59_999).now * unit.lotSize;
    });
  }

  /** Totals up to and including trade `index` of `minute`. */
  totals(minute: number, index: number, out: DayTotals): void {
    this.build(minute);
    const trades = this.trades.of(minute);
    out.open = minute === 0 ? this.openOf(0, trades) : (this.candles.open[0] ?? 0);
    out.high = Math.max(this.highBefore[minute] ?? 0, trades.runningHigh[index] ?? 0, out.open);
    out.low = Math.min(this.lowBefore[minute] ?? 0, trades.runningLow[index] ?? 0, out.open);
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
      if (last < 0) {
        this.passIdle(m);
        continue;
      }
      this.writeCandle(m, trades);
      volume[m] = this.volumeOf(m, trades.runningVolume[last] ?? 0);
      this.highBefore[m + 1] = Math.max(this.highBefore[m] ?? 0, high[m] ?? 0, open[m] ?? 0, close[m] ?? 0);
      this.lowBefore[m + 1] = Math.min(this.lowBefore[m] ?? 0, low[m] ?? 0, open[m] ?? 0, close[m] ?? 0);
      this.volumeBefore[m + 1] = (this.volumeBefore[m] ?? 0) + (trades.runningVolume[last] ?? 0);
      this.valueBefore[m + 1] = (this.valueBefore[m] ?? 0) + (trades.runningValue[last] ?? 0);
    }
  }

  /** A minute without a trade has no candle, and leaves the day's totals as they are; observed 2026-10-08. */
  private passIdle(m: number): void {
    this.candles.idle[m] = 1;
    this.highBefore[m + 1] = this.highBefore[m] ?? 0;
    this.lowBefore[m + 1] = this.lowBefore[m] ?? 0;
    this.volumeBefore[m + 1] = this.volumeBefore[m] ?? 0;
    this.valueBefore[m + 1] = this.valueBefore[m] ?? 0;
  }

  private writeCandle(m: number, trades: MinuteTrades): void {
    const { open, high, low, close } = this.candles;
    const last = trades.count - 1;
    const seenClose = trades.price[last] ?? 0;
    const misses = this.misses(m);
    const start = this.openOf(m, trades);
    const end = misses?.close === true ? this.neighbour(seenClose, m, 2) : seenClose;
    const reach = (missed: boolean | undefined, n: number): number =>
      missed === true ? this.unit.tickPaise * (1 + (hash32(this.beside.unseen?.seed ?? 0, m, n) % 3)) : 0;
    open[m] = start;
    close[m] = end;
    high[m] = Math.max(trades.runningHigh[last] ?? 0, start, end) + reach(misses?.high, 3);
    const bottom = Math.min(trades.runningLow[last] ?? 0, start, end);
    low[m] = Math.min(bottom, Math.max(this.unit.tickPaise, bottom - reach(misses?.low, 4)));
  }

  /** The first candle opens at the official open, the pre-open's match; observed 2026-10-08 (indices). */
  private openOf(m: number, trades: MinuteTrades): number {
    const seen = trades.price[0] ?? 0;
    const { preOpen } = this.beside;
    if (m === 0 && preOpen !== null) return preOpen.price;
    const misses = this.misses(m);
    return misses !== null && (m === 0 || misses.open) ? this.neighbour(seen, m, 1) : seen;
  }

  private misses(m: number): Record<keyof UnseenOdds, boolean> | null {
    const { unseen } = this.beside;
    // What stands after the session's last trade is its close, and the quote's extremes are the day's.
    const isLast = m === this.candles.length - 1;
    return unseen === null || isLast ? null : drawUnseen(unseen.odds, subSeed(unseen.seed, m));
  }

  /** A price one or two ticks away. */
  private neighbour(price: number, m: number, n: number): number {
    const draw = hash32(this.beside.unseen?.seed ?? 0, m, n);
    const away = this.unit.tickPaise * (1 + (draw & 1));
    return (draw & 2) === 0 && price > away ? price - away : price + away;
  }

  /** The candle's volume; over the day they add up to what has traded, with the pre-open's match. */
  private volumeOf(m: number, traded: number): number {
    const { unseen, preOpen } = this.beside;
    const { lotSize } = this.unit;
    const isLast = m === this.candles.length - 1;
    const share = unseen === null || isLast ? 0 : LATE_VOLUME * uniform(subSeed(unseen.seed, m), 17);
    const late = lotSize * Math.floor((traded * share) / lotSize);
    const volume = traded - late + this.lateVolume + (m === 0 ? (preOpen?.quantity ?? 0) : 0);
    this.lateVolume = late;
    return volume;
  }
}
