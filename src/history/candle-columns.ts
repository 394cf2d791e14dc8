import type { CandleState } from '../contract/candle.ts';
import type { CandleRow } from '../contract/commands.ts';
import type { UnitCandle } from './candle-series.ts';

const FIRST_CAPACITY = 32;
const GIVEN = 1;
const CORRECTED = 2;

type Column = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float64Array;

/** The candles of one series side by side, in order of their minutes; prices in the smallest unit. */
export class CandleColumns {
  private size = 0;
  private minute = new Uint16Array(FIRST_CAPACITY);
  private open = new Int32Array(FIRST_CAPACITY);
  private high = new Int32Array(FIRST_CAPACITY);
  private low = new Int32Array(FIRST_CAPACITY);
  private close = new Int32Array(FIRST_CAPACITY);
  private volume = new Float64Array(FIRST_CAPACITY);
  /** NaN: none. */
  private openInterest = new Float64Array(FIRST_CAPACITY);
  private flags = new Uint8Array(FIRST_CAPACITY);

  get length(): number {
    return this.size;
  }

  /** -1 without any. */
  get lastMinute(): number {
    return this.size === 0 ? -1 : (this.minute[this.size - 1] ?? -1);
  }

  minuteAt(index: number): number {
    return this.minute[index] ?? 0;
  }

  volumeAt(index: number): number {
    return this.volume[index] ?? 0;
  }

  /** -1: no candle of that minute. */
  indexOf(minute: number): number {
    const index = this.firstFrom(minute);
    return index < this.size && this.minute[index] === minute ? index : -1;
  }

  /** The minute must not have a candle yet. */
  insert(minute: number, candle: UnitCandle): void {
    if (this.size === this.minute.length) this.grow();
    const index = this.firstFrom(minute);
    for (const column of this.all()) column.copyWithin(index + 1, index, this.size);
    this.size++;
    this.minute[index] = minute;
    this.flags[index] = 0;
    this.write(index, candle);
  }

  /** Returns whether open, high, low and close are what they were. */
  replace(index: number, candle: UnitCandle): boolean {
    const isSame =
      this.open[index] === candle.open &&
      this.high[index] === candle.high &&
      this.low[index] === candle.low &&
      this.close[index] === candle.close;
    this.write(index, candle);
    if (!isSame) this.noteCorrection(index);
    return isSame;
  }

  remove(index: number): void {
    for (const column of this.all()) column.copyWithin(index, index + 1, this.size);
    this.size--;
  }

  /** A tick within the candle; `isFirst`, `isLast`: by the exchange's time. */
  extend(index: number, price: number, isFirst: boolean, isLast: boolean): void {
    const high = Math.max(this.high[index] ?? price, price);
    const low = Math.min(this.low[index] ?? price, price);
    const open = isFirst ? price : (this.open[index] ?? price);
    const close = isLast ? price : (this.close[index] ?? price);
    const isSame =
      high === this.high[index] && low === this.low[index] && open === this.open[index] && close === this.close[index];
    if (isSame) return;
    this.high[index] = high;
    this.low[index] = low;
    this.open[index] = open;
    this.close[index] = close;
    this.noteCorrection(index);
  }

  setVolume(index: number, volume: number): void {
    this.volume[index] = volume;
  }

  setOpenInterest(index: number, openInterest: number | null): void {
    this.openInterest[index] = openInterest ?? Number.NaN;
  }

  /** The candle has been given out after its end. */
  give(index: number): void {
    this.flags[index] = (this.flags[index] ?? 0) | GIVEN;
  }

  restoreFlags(index: number, corrected: boolean): void {
    this.flags[index] = (this.flags[index] ?? 0) | GIVEN | (corrected ? CORRECTED : 0);
  }

  /** In rupees. */
  row(index: number, startMs: number, divisor: number, state: CandleState): CandleRow {
    const openInterest = this.openInterest[index] ?? Number.NaN;
    return [
      startMs,
      (this.open[index] ?? 0) / divisor,
      (this.high[index] ?? 0) / divisor,
      (this.low[index] ?? 0) / divisor,
      (this.close[index] ?? 0) / divisor,
      this.volume[index] ?? 0,
      Number.isNaN(openInterest) ? null : openInterest,
      state,
      ((this.flags[index] ?? 0) & CORRECTED) !== 0,
    ];
  }

  private noteCorrection(index: number): void {
    const flags = this.flags[index] ?? 0;
    if ((flags & GIVEN) !== 0) this.flags[index] = flags | CORRECTED;
  }

  private write(index: number, candle: UnitCandle): void {
    this.open[index] = candle.open;
    this.high[index] = candle.high;
    this.low[index] = candle.low;
    this.close[index] = candle.close;
    this.volume[index] = candle.volume;
    this.openInterest[index] = candle.openInterest ?? Number.NaN;
  }

  private firstFrom(minute: number): number {
    // Ticks build the last one.
    if (this.size > 0 && (this.minute[this.size - 1] ?? 0) < minute) return this.size;
    let [from, to] = [0, this.size];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.minute[middle] ?? 0) < minute) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  private all(): readonly Column[] {
    const { minute, open, high, low, close, volume, openInterest, flags } = this;
    return [minute, open, high, low, close, volume, openInterest, flags];
  }

  private grow(): void {
    const length = this.minute.length * 2;
    const wider = <C extends Column>(column: C, larger: C): C => {
      larger.set(column);
      return larger;
    };
    this.minute = wider(this.minute, new Uint16Array(length));
    this.open = wider(this.open, new Int32Array(length));
    this.high = wider(this.high, new Int32Array(length));
    this.low = wider(this.low, new Int32Array(length));
    this.close = wider(this.close, new Int32Array(length));
    this.volume = wider(this.volume, new Float64Array(length));
    this.openInterest = wider(this.openInterest, new Float64Array(length));
    this.flags = wider(this.flags, new Uint8Array(length));
  }
}
