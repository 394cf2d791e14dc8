import type { CandleRow } from '../contract/commands.ts';
import type { IstDate } from '../market/ist.ts';

export const MINUTE_MS = 60_000;
const FIRST_CAPACITY = 32;

/** A candle in the instrument's smallest units. */
export interface UnitCandle {
  readonly startMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Where a merged candle went, and whether that changed anything. */
export interface Placement {
  readonly index: number;
  readonly outcome: 'same' | 'corrected' | 'filled';
}

/**
 * One instrument's one-minute candles of one IST day, in order of their starts. Ticks build the last one; history may
 * fill and correct what is closed. Prices are integers in the smallest unit, starts minutes of the day.
 */
export class CandleSeries {
  readonly date: IstDate;
  private readonly dayStartMs: number;
  private size = 0;
  private minute = new Uint16Array(FIRST_CAPACITY);
  private open = new Int32Array(FIRST_CAPACITY);
  private high = new Int32Array(FIRST_CAPACITY);
  private low = new Int32Array(FIRST_CAPACITY);
  private close = new Int32Array(FIRST_CAPACITY);
  private volume = new Uint32Array(FIRST_CAPACITY);

  /** Exchange times of the ticks that gave the last candle its open and its close. */
  private openTimeMs = 0;
  private closeTimeMs = 0;
  /** Minutes up to this one are settled by history; ticks do not change them. */
  private settledMinute = -1;
  /** The day's quantity where the last candle began, and the largest seen; null: not known yet. */
  private volumeBefore: number | null = null;
  private dayVolume: number | null = null;
  /** The last candle's first tick was the first sight of the day's quantity. */
  private isVolumePartial = false;
  private lastTickMs = Number.NEGATIVE_INFINITY;
  /** Ticks have been missed since the last one: the quantity traded meanwhile belongs to no minute we know. */
  private missedTicks = false;

  constructor(date: IstDate, dayStartMs: number) {
    this.date = date;
    this.dayStartMs = dayStartMs;
  }

  get length(): number {
    return this.size;
  }

  /** A packet without a trade of its own tells where the day's quantity stands: the next tick counts from there. */
  standing(dayVolume: number): void {
    this.dayVolume = this.size === 0 ? dayVolume : Math.max(this.dayVolume ?? dayVolume, dayVolume);
    this.missedTicks = false;
  }

  /** Ticks may have been missed. */
  interrupted(): void {
    this.missedTicks = true;
  }

  /**
   * Takes a tick of continuous trading; returns the index of the candle it changed, -1 when it is late: its minute is
   * over. Within a minute the exchange's time decides, and the order of arrival where that is the same second.
   */
  tick(exchangeTimeMs: number, price: number, dayVolume: number): number {
    const minute = this.minuteOf(exchangeTimeMs);
    const last = this.size - 1;
    const lastMinute = last < 0 ? -1 : (this.minute[last] ?? -1);
    if (minute < lastMinute || minute <= this.settledMinute) return -1;
    if (minute > lastMinute) this.begin(minute, exchangeTimeMs, price, dayVolume);
    else this.extend(last, exchangeTimeMs, price);
    this.countVolume(this.size - 1, dayVolume);
    this.lastTickMs = Math.max(this.lastTickMs, exchangeTimeMs);
    this.missedTicks = false;
    return this.size - 1;
  }

  /** Puts a closed candle of the exchange's own history in its place. */
  settle(candle: UnitCandle): Placement {
    const minute = this.minuteOf(candle.startMs);
    const index = this.firstFrom(minute);
    const exists = index < this.size && this.minute[index] === minute;
    const isSame = exists && this.equals(index, candle);
    if (!exists) this.insert(index);
    this.settledMinute = Math.max(this.settledMinute, minute);
    this.missedTicks ||= minute > this.minuteOf(this.lastTickMs);
    this.minute[index] = minute;
    this.open[index] = candle.open;
    this.high[index] = candle.high;
    this.low[index] = candle.low;
    this.close[index] = candle.close;
    this.volume[index] = candle.volume;
    return { index, outcome: !exists ? 'filled' : isSame ? 'same' : 'corrected' };
  }

  /** The index of the first candle that starts at or after an instant; `length` when there is none. */
  indexFrom(instantMs: number): number {
    return this.firstFrom(Math.ceil((instantMs - this.dayStartMs) / MINUTE_MS));
  }

  startOf(index: number): number {
    return this.dayStartMs + (this.minute[index] ?? 0) * MINUTE_MS;
  }

  /** A candle with prices in rupees. */
  row(index: number, divisor: number): CandleRow {
    return [
      this.startOf(index),
      (this.open[index] ?? 0) / divisor,
      (this.high[index] ?? 0) / divisor,
      (this.low[index] ?? 0) / divisor,
      (this.close[index] ?? 0) / divisor,
      this.volume[index] ?? 0,
      null,
      index === this.size - 1 ? 'forming' : 'provisional',
      false,
    ];
  }

  private begin(minute: number, timeMs: number, price: number, dayVolume: number): void {
    const skipsMinutes = minute - this.minuteOf(this.lastTickMs) > 1;
    if (this.missedTicks && skipsMinutes) this.dayVolume = null;
    this.isVolumePartial = this.dayVolume === null;
    this.volumeBefore = this.dayVolume ?? dayVolume;
    this.insert(this.size);
    const index = this.size - 1;
    this.minute[index] = minute;
    this.open[index] = price;
    this.high[index] = price;
    this.low[index] = price;
    this.close[index] = price;
    this.openTimeMs = timeMs;
    this.closeTimeMs = timeMs;
  }

  private extend(index: number, timeMs: number, price: number): void {
    this.high[index] = Math.max(this.high[index] ?? price, price);
    this.low[index] = Math.min(this.low[index] ?? price, price);
    if (timeMs < this.openTimeMs) {
      this.open[index] = price;
      this.openTimeMs = timeMs;
    }
    if (timeMs >= this.closeTimeMs) {
      this.close[index] = price;
      this.closeTimeMs = timeMs;
    }
  }

  private countVolume(index: number, dayVolume: number): void {
    this.dayVolume = Math.max(this.dayVolume ?? dayVolume, dayVolume);
    if (this.isVolumePartial) this.volumeBefore = Math.min(this.volumeBefore ?? dayVolume, dayVolume);
    this.volume[index] = this.dayVolume - (this.volumeBefore ?? this.dayVolume);
  }

  private minuteOf(instantMs: number): number {
    return Math.floor((instantMs - this.dayStartMs) / MINUTE_MS);
  }

  private firstFrom(minute: number): number {
    let [from, to] = [0, this.size];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.minute[middle] ?? 0) < minute) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  private equals(index: number, candle: UnitCandle): boolean {
    return (
      this.open[index] === candle.open &&
      this.high[index] === candle.high &&
      this.low[index] === candle.low &&
      this.close[index] === candle.close &&
      this.volume[index] === candle.volume
    );
  }

  private insert(index: number): void {
    if (this.size === this.minute.length) this.grow();
    for (const column of [this.minute, this.open, this.high, this.low, this.close, this.volume]) {
      column.copyWithin(index + 1, index, this.size);
    }
    this.size++;
  }

  private grow(): void {
    const length = this.size * 2;
    const wider = <C extends Uint16Array | Int32Array | Uint32Array>(column: C, larger: C): C => {
      larger.set(column);
      return larger;
    };
    this.minute = wider(this.minute, new Uint16Array(length));
    this.open = wider(this.open, new Int32Array(length));
    this.high = wider(this.high, new Int32Array(length));
    this.low = wider(this.low, new Int32Array(length));
    this.close = wider(this.close, new Int32Array(length));
    this.volume = wider(this.volume, new Uint32Array(length));
  }
}
