import type { CandleState } from '../contract/candle.ts';
import type { CandleRow } from '../contract/commands.ts';
import type { IstDate } from '../market/ist.ts';
import { CandleColumns } from './candle-columns.ts';
import { MinuteMarks } from './minute-marks.ts';

export const MINUTE_MS = 60_000;
const MINUTES_A_DAY = 1_440;

/** A candle in the instrument's smallest units. */
export interface UnitCandle {
  readonly startMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly openInterest: number | null;
}

/** What a row of history did to the minute it belongs to. */
export type Placement = 'same' | 'restated' | 'corrected' | 'filled';

/** One tick of continuous trading; prices in the smallest unit. */
export interface CandleTick {
  readonly exchangeTimeMs: number;
  readonly price: number;
  readonly dayVolume: number;
  readonly openInterest: number | null;
}

/**
 * One instrument's one-minute candles of one IST day, in order of their starts, and what is known of every minute: Kite's
 * word, our ticks, or ticks with a hole. Ticks build the last candle; history fills, corrects and takes away.
 */
export class CandleSeries {
  readonly date: IstDate;
  private readonly dayStartMs: number;
  private readonly columns = new CandleColumns();
  private readonly marks = new MinuteMarks();
  /** The day's last row of an index, while it is not sure to be the official close; -1 for none. */
  private heldMinute = -1;

  /** Exchange times of the ticks that gave the last candle its open and its close. */
  private openTimeMs = 0;
  private closeTimeMs = 0;
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
    return this.columns.length;
  }

  /** A packet without a trade of its own tells where the day's quantity stands: the next tick counts from there. */
  standing(dayVolume: number): void {
    this.dayVolume = this.length === 0 ? dayVolume : Math.max(this.dayVolume ?? dayVolume, dayVolume);
    this.missedTicks = false;
  }

  /** The next tick's quantity cannot be told apart from what was traded unseen. */
  lostCount(): void {
    this.missedTicks = true;
  }

  /** No unbroken stream of ticks has been seen since an instant. */
  interrupted(sinceMs: number): void {
    this.missedTicks = true;
    this.marks.loseSight(Math.max(0, this.minuteOf(sinceMs)));
  }

  /** Ticks of the slot come again: the minute under way is seen from its middle. */
  seen(instantMs: number): void {
    this.marks.catchSight(this.minuteOf(instantMs));
  }

  /** The minute of an instant has been touched by something that is no unbroken stream. */
  doubt(instantMs: number): void {
    this.marks.doubt(this.minuteOf(instantMs));
  }

  /**
   * Takes a tick of continuous trading; returns the start of the candle it changed, null when it is late: its minute is
   * over. Within a minute the exchange's time decides, and the order of arrival where that is the same second.
   */
  tick(tick: CandleTick): number | null {
    const { columns, marks } = this;
    const minute = this.minuteOf(tick.exchangeTimeMs);
    if (marks.isAnswered(minute)) return null;
    if (minute < columns.lastMinute) {
      marks.doubt(minute);
      return null;
    }
    if (minute > columns.lastMinute) this.begin(minute, tick);
    else this.extend(columns.length - 1, tick);
    this.countVolume(columns.length - 1, tick.dayVolume);
    columns.setOpenInterest(columns.length - 1, tick.openInterest);
    this.lastTickMs = Math.max(this.lastTickMs, tick.exchangeTimeMs);
    this.missedTicks = false;
    return this.startOf(minute);
  }

  /**
   * Forgets what ticks have made after an instant: their times are not believed any more. Returns the starts of the candles
   * that went. What was traded meanwhile cannot be told apart, and the last candle that is left is doubtful.
   */
  disbelieve(afterMs: number): number[] {
    const { columns, marks } = this;
    const gone: number[] = [];
    for (let index = this.length - 1; index >= 0; index--) {
      const minute = columns.minuteAt(index);
      if (minute <= this.minuteOf(afterMs)) break;
      if (marks.isAnswered(minute)) continue;
      columns.remove(index);
      marks.doubt(minute);
      gone.push(this.startOf(minute));
    }
    this.lastTickMs = Number.NEGATIVE_INFINITY;
    this.openTimeMs = Number.NEGATIVE_INFINITY;
    this.closeTimeMs = Number.NEGATIVE_INFINITY;
    this.dayVolume = null;
    this.volumeBefore = null;
    this.missedTicks = true;
    if (this.length > 0) marks.doubt(columns.lastMinute);
    return gone;
  }

  /** When the last tick was made that a candle has taken, by the exchange; ms since the epoch. */
  get tickMs(): number {
    return this.lastTickMs;
  }

  /** Puts the exchange's own row in its place. */
  settle(candle: UnitCandle): Placement {
    const { columns, marks } = this;
    const minute = this.minuteOf(candle.startMs);
    const wasSettled = marks.isAnswered(minute);
    this.missedTicks ||= minute > this.minuteOf(this.lastTickMs);
    marks.answer(minute);
    const index = columns.indexOf(minute);
    if (index < 0) {
      columns.insert(minute, candle);
      return 'filled';
    }
    if (!columns.replace(index, candle)) return 'corrected';
    return wasSettled ? 'same' : 'restated';
  }

  /** Puts a row that an earlier run of this day has kept, unless something better is there; returns whether it did. */
  restore(candle: UnitCandle, state: CandleState, corrected: boolean): boolean {
    const minute = this.minuteOf(candle.startMs);
    const { columns, marks } = this;
    if (columns.indexOf(minute) >= 0 && !(state === 'settled' && marks.isDoubtful(minute))) return false;
    if (marks.isAnswered(minute)) return false;
    const index = columns.indexOf(minute);
    if (index < 0) columns.insert(minute, candle);
    else columns.replace(index, candle);
    columns.restoreFlags(columns.indexOf(minute), corrected);
    if (state === 'settled') marks.keep(minute);
    else marks.doubt(minute);
    this.missedTicks ||= minute > this.minuteOf(this.lastTickMs);
    return true;
  }

  /** The exchange lists no such minute; returns whether there was a candle to take away. */
  settleEmpty(startMs: number): boolean {
    const minute = this.minuteOf(startMs);
    this.marks.answer(minute);
    const index = this.columns.indexOf(minute);
    if (index < 0) return false;
    this.columns.remove(index);
    return true;
  }

  /** The day's last row is not sure to hold the official close: it counts as provisional. Null: it is sure. */
  hold(startMs: number | null): void {
    this.heldMinute = startMs === null ? -1 : this.minuteOf(startMs);
  }

  get heldMs(): number | null {
    return this.heldMinute < 0 ? null : this.startOf(this.heldMinute);
  }

  /** Whether the minute is one of the series' day. */
  covers(startMs: number): boolean {
    const minute = this.minuteOf(startMs);
    return minute >= 0 && minute < MINUTES_A_DAY;
  }

  isAnswered(startMs: number): boolean {
    return this.marks.isAnswered(this.minuteOf(startMs));
  }

  /** Whether our ticks cannot answer for a minute that Kite has not answered for. */
  isDoubtful(startMs: number): boolean {
    return this.marks.isDoubtful(this.minuteOf(startMs));
  }

  /** Starts of all candles with `fromMs <= start < toMs`, in order. */
  starts(fromMs: number, toMs: number): number[] {
    const starts: number[] = [];
    for (let index = 0; index < this.length; index++) {
      const startMs = this.startOf(this.columns.minuteAt(index));
      if (startMs >= fromMs && startMs < toMs) starts.push(startMs);
    }
    return starts;
  }

  /** Start of the last candle; null without any. */
  get lastStartMs(): number | null {
    return this.length === 0 ? null : this.startOf(this.columns.lastMinute);
  }

  /**
   * The candle that starts at an instant, prices in rupees, null when there is none. `isGiven`: it goes to somebody, who
   * is owed the word `corrected` when it changes after its end.
   */
  row(startMs: number, divisor: number, presentMs: number, isGiven: boolean): CandleRow | null {
    const minute = this.minuteOf(startMs);
    const index = this.columns.indexOf(minute);
    if (index < 0) return null;
    const state = this.stateOf(minute, presentMs);
    if (isGiven && state !== 'forming') this.columns.give(index);
    return this.columns.row(index, this.startOf(minute), divisor, state);
  }

  private stateOf(minute: number, presentMs: number): CandleState {
    if (minute === this.heldMinute) return 'provisional';
    if (this.marks.isSettled(minute)) return 'settled';
    if (minute === this.columns.lastMinute && this.startOf(minute) + MINUTE_MS > presentMs) return 'forming';
    return this.marks.isDoubtful(minute) ? 'doubtful' : 'provisional';
  }

  private startOf(minute: number): number {
    return this.dayStartMs + minute * MINUTE_MS;
  }

  private begin(minute: number, { exchangeTimeMs, price, dayVolume }: CandleTick): void {
    const skipsMinutes = minute - this.minuteOf(this.lastTickMs) > 1;
    if (this.missedTicks && skipsMinutes) this.dayVolume = null;
    this.isVolumePartial = this.dayVolume === null;
    this.volumeBefore = this.dayVolume ?? dayVolume;
    const start = { startMs: 0, open: price, high: price, low: price, close: price, volume: 0, openInterest: null };
    this.columns.insert(minute, start);
    this.openTimeMs = exchangeTimeMs;
    this.closeTimeMs = exchangeTimeMs;
  }

  private extend(index: number, { exchangeTimeMs, price }: CandleTick): void {
    const isFirst = exchangeTimeMs < this.openTimeMs;
    const isLast = exchangeTimeMs >= this.closeTimeMs;
    if (isFirst) this.openTimeMs = exchangeTimeMs;
    if (isLast) this.closeTimeMs = exchangeTimeMs;
    this.columns.extend(index, price, isFirst, isLast);
  }

  private countVolume(index: number, dayVolume: number): void {
    this.dayVolume = Math.max(this.dayVolume ?? dayVolume, dayVolume);
    if (this.isVolumePartial) this.volumeBefore = Math.min(this.volumeBefore ?? dayVolume, dayVolume);
    // The candle goes on where its count was lost.
    this.volumeBefore ??= this.dayVolume - this.columns.volumeAt(index);
    this.columns.setVolume(index, this.dayVolume - this.volumeBefore);
  }

  private minuteOf(instantMs: number): number {
    return Math.floor((instantMs - this.dayStartMs) / MINUTE_MS);
  }
}
