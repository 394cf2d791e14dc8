import type { CandleState } from '../contract/candle.ts';
import type { CandleRow } from '../contract/commands.ts';
import type { CandleUpdate } from '../contract/tick-lane.ts';
import type { QuoteBook } from '../feed/quote-book.ts';
import { isTimeless } from '../feed/quote-row.ts';
import { isInWindow, type SegmentDay, stageAt } from '../feed/segment-day.ts';
import type { TickOrigin } from '../feed/tick-listeners.ts';
import { isTradedCandle } from '../kite/candle-check.ts';
import { unitsOf } from '../kite/figure-range.ts';
import type { KiteCandle } from '../kite/session.ts';
import type { TouchedSlots } from '../kite/touched-slots.ts';
import { Listeners } from '../listeners.ts';
import { CandleChanges } from './candle-changes.ts';
import { CandleSeries, MINUTE_MS, type UnitCandle } from './candle-series.ts';
import { hasOpenInterest, isTrading } from './day-minutes.ts';
import { CACHED_AFTER_MS, ExchangePresent } from './exchange-present.ts';
import { answeredMinutes, type HistoryAnswer } from './history-answer.ts';
import { IndicativeLine } from './indicative-line.ts';

/** Where candles take their ticks from. */
export type CandleSource = Pick<QuoteBook, 'columns' | 'kind' | 'dayOfSlot'>;

/** One consumer's changes of candles; disposing ends its account. */
export interface TrackedCandles extends Disposable {
  readonly isEmpty: boolean;
  /** Has the next drain hand out one minute. */
  mark(slot: number, startMs: number): void;
  /** The slot comes into view: all of its candles of today are handed out by the next drain. */
  markWhole(slot: number): void;
  /**
   * Hands out every candle that changed, came or went since the last time, in order of time within a slot; `wants`: all
   * without it. What one that wants the slot gets counts as given out.
   */
  drain(visit: (candle: CandleUpdate) => void, wants?: (slot: number) => boolean): void;
}

/** What merging history did. */
export interface MergeResult {
  /** Closed minutes that were missing. */
  filled: number;
  /** Closed minutes that had other prices. */
  corrected: number;
  /** Candles of minutes that the exchange does not list. */
  removed: number;
  /** Rows outside continuous trading and the closing auction. */
  outside: number;
  /** Starts of minutes for which the exchange has a row that cannot be one: nothing is known of them still. */
  readonly unread: readonly number[];
}

/** The last ticks of a session arrive after its end: measured lags are under 1.5 s. */
const LATE_AFTER_CLOSE_MS = 5_000;
/** An outage is noticed this much after its beginning at the latest. */
const NOTICED_WITHIN_MS = 10_000;

/**
 * The one owner of today's one-minute candles: from ticks of continuous trading, by exchange time, until the exchange's
 * own row replaces each. Indicative prices of the pre-open are kept apart. What ticks make depends only on the frames and
 * the moments they were received, so a replay makes the same.
 */
export class CandleBook {
  private readonly source: CandleSource;
  private readonly series: CandleSeries[] = [];
  private readonly indicatives: IndicativeLine[] = [];
  private readonly trackers = new Set<CandleChanges>();
  private readonly present = new ExchangePresent();
  private readonly closedListeners = new Listeners<void>();
  private hasClosedChange = false;
  private late = 0;
  private refused = 0;
  private refusedOfHistory = 0;

  constructor(source: CandleSource) {
    this.source = source;
  }

  /** Ticks that came after their minute had closed. */
  get lateTicks(): number {
    return this.late;
  }

  /** Ticks with a price that nobody can have paid. */
  get refusedTicks(): number {
    return this.refused;
  }

  /** Rows of Kite's history that no trade can have made. */
  get refusedRows(): number {
    return this.refusedOfHistory;
  }

  /** The exchange's present, as far as ticks and our clock tell it; ms since the epoch. */
  get presentMs(): number {
    return this.present.ms;
  }

  /** Takes the ticks just written to the columns; a slot listed twice does no harm. */
  apply(touched: TouchedSlots, origin: TickOrigin = 'websocket'): void {
    const { exchangeTimeMs, receivedAtMs } = this.source.columns;
    for (let index = 0; index < touched.count; index++) {
      const slot = touched.slots[index] ?? 0;
      this.present.note(exchangeTimeMs[slot] ?? 0, receivedAtMs[slot] ?? 0);
    }
    for (let index = 0; index < touched.count; index++) this.applySlot(touched.slots[index] ?? 0, origin);
    this.advanced(this.present.ms, this.present.byTicks());
    this.tellClosed();
  }

  /** Time has gone on, whether there are ticks or not: `nowMs` by our clock, `kiteMs` what Kite's is at least (null: not known). */
  advance(nowMs: number, kiteMs: number | null = null): void {
    this.advanced(this.present.ms, this.present.byClock(nowMs, kiteMs));
    for (let slot = 0; slot < this.series.length; slot++) this.dropDisbelieved(slot, nowMs);
    this.tellClosed();
  }

  /** Ticks may be missing from here to the next one: a connection was lost, the feed was paused, the PC slept. */
  interrupted(): void {
    const sinceMs = (this.present.seenMs || this.present.ms) - NOTICED_WITHIN_MS;
    for (const series of this.series) series?.interrupted(sinceMs);
  }

  /** The candle ticks are building, or have built last; null before the first. */
  forming(slot: number): CandleUpdate | null {
    const startMs = this.series[slot]?.lastStartMs;
    return startMs === undefined || startMs === null ? null : this.update(slot, startMs, false);
  }

  /** The day's candles with `fromMs <= start < toMs`, to be given out. */
  rows(slot: number, fromMs: number, toMs: number): CandleRow[] {
    const series = this.series[slot];
    if (series === undefined) return [];
    const rows: CandleRow[] = [];
    for (const startMs of series.starts(fromMs, toMs)) {
      const row = series.row(startMs, this.divisor(slot), this.present.ms, true);
      if (row !== null) rows.push(row);
    }
    return rows;
  }

  /** The last of the day's candles with `fromMs <= start < toMs`, to be looked at and not given out; null: none. */
  lastRow(slot: number, fromMs: number, toMs: number): CandleRow | null {
    const series = this.series[slot];
    const startMs = series?.starts(fromMs, toMs).at(-1);
    return startMs === undefined ? null : (series?.row(startMs, this.divisor(slot), this.present.ms, false) ?? null);
  }

  /** The pre-open's indicative prices, `[ms, rupees]`, at most one a second. */
  indicative(slot: number): readonly (readonly [number, number])[] {
    return this.indicatives[slot]?.points ?? [];
  }

  /** Whether Kite has answered for the minute, with a row or without. */
  isAnswered(slot: number, day: SegmentDay, startMs: number): boolean {
    const series = this.series[slot];
    return series?.date === day.date && series.isAnswered(startMs);
  }

  /** Whether neither Kite nor an unbroken stream of ticks can answer for the minute. */
  isDoubtful(slot: number, day: SegmentDay, startMs: number): boolean {
    const series = this.series[slot];
    return series?.date !== day.date || series.isDoubtful(startMs);
  }

  /** Takes an answer of the exchange's history. The forming minute is left alone. */
  settle(slot: number, day: SegmentDay, answer: HistoryAnswer): MergeResult {
    const { listed, empty, unread, refused, outside } = answeredMinutes(day, answer, (row) =>
      this.unitsOf(slot, day, row),
    );
    const result: MergeResult = { filled: 0, corrected: 0, removed: 0, outside, unread };
    const series = this.seriesOf(slot, day);
    this.refusedOfHistory += refused;
    for (const candle of listed) {
      const placed = series.settle(candle);
      if (placed === 'same') continue;
      if (placed !== 'restated') result[placed]++;
      this.mark(slot, candle.startMs);
    }
    for (const startMs of empty) {
      if (!series.settleEmpty(startMs)) continue;
      result.removed++;
      this.mark(slot, startMs);
    }
    this.tellClosed();
    return result;
  }

  /** Whether the slot's last row is held as provisional: it may not be the official close yet. */
  isHeld(slot: number): boolean {
    return this.series[slot]?.heldMs != null;
  }

  /** Start of the row that is held; null for none. */
  heldStart(slot: number): number | null {
    return this.series[slot]?.heldMs ?? null;
  }

  /** Called when a closed candle came, changed or went, once for whatever happened at a time. */
  onClosedChange(run: () => void): Disposable {
    return this.closedListeners.add(run);
  }

  /** Holds the day's last row as provisional, or with null takes it for settled. */
  hold(slot: number, day: SegmentDay, startMs: number | null): void {
    const series = this.seriesOf(slot, day);
    const heldMs = series.heldMs;
    if (heldMs === startMs) return;
    series.hold(startMs);
    for (const each of [heldMs, startMs]) if (each !== null) this.mark(slot, each);
    this.tellClosed();
  }

  /** Puts what an earlier run of the day has kept where this one has nothing better. */
  restore(slot: number, day: SegmentDay, rows: readonly CandleRow[]): void {
    const series = this.seriesOf(slot, day);
    for (const [startMs, open, high, low, close, volume, openInterest, state, corrected] of rows) {
      if (startMs < day.startMs || startMs + MINUTE_MS > this.present.ms || !isInWindow(day, startMs)) continue;
      const units = this.unitsOf(slot, day, { startMs, open, high, low, close, volume, openInterest });
      if (units !== null && series.restore(units, state, corrected)) this.mark(slot, startMs);
    }
    this.tellClosed();
  }

  /** Follows every change of a candle from now on. `gives`: what is handed out goes to somebody who shows it. */
  trackChanges(gives = true): TrackedCandles {
    const changes = new CandleChanges();
    this.trackers.add(changes);
    return {
      get isEmpty() {
        return changes.isEmpty;
      },
      mark: (slot, startMs) => changes.mark(slot, startMs),
      markWhole: (slot) => {
        for (const startMs of this.startsToday(slot)) changes.mark(slot, startMs);
      },
      drain: (visit, wants = () => true) =>
        changes.drain((slot, startMs) => {
          // What was left over from another day says nothing about this one.
          if (this.series[slot]?.covers(startMs) === true)
            visit(this.update(slot, startMs, gives) ?? removed(slot, startMs));
        }, wants),
      [Symbol.dispose]: () => void this.trackers.delete(changes),
    };
  }

  private startsToday(slot: number): readonly number[] {
    const starts = this.series[slot]?.starts(0, Number.POSITIVE_INFINITY) ?? [];
    const day = this.source.dayOfSlot(slot);
    return day === undefined ? starts : starts.filter((startMs) => startMs >= day.startMs);
  }

  /** A minute that is over says so without a tick of its own. */
  private advanced(before: number, presentMs: number): void {
    if (Math.floor(before / MINUTE_MS) === Math.floor(presentMs / MINUTE_MS)) return;
    for (const [slot, series] of this.series.entries()) {
      const lastMs = series?.lastStartMs ?? null;
      if (lastMs !== null && lastMs + MINUTE_MS > before && lastMs + MINUTE_MS <= presentMs) this.mark(slot, lastMs);
    }
  }

  private applySlot(slot: number, origin: TickOrigin): void {
    const day = this.source.dayOfSlot(slot);
    if (day === undefined) return;
    const { columns } = this.source;
    const timeMs = columns.exchangeTimeMs[slot] ?? 0;
    const price = columns.lastPrice[slot] ?? 0;
    const volume = columns.volume[slot] ?? 0;
    const series = this.seriesOf(slot, day);
    // A packet without a time belongs to no minute we know, and the time that is held is an earlier packet's.
    if (isTimeless(columns, slot)) {
      series.interrupted(this.present.seenMs - NOTICED_WITHIN_MS);
      return;
    }
    this.dropDisbelieved(slot, Number.NEGATIVE_INFINITY);
    if (origin === 'websocket') series.seen(this.present.latestPossibleMs);
    if (price <= 0) {
      this.refused++;
      series.doubt(this.present.seenMs);
      return;
    }
    if (this.isOfSession(slot, day, timeMs)) this.trade(slot, day, series, origin);
    else series.standing(timeMs < day.startMs ? 0 : volume);
    if (this.source.kind(slot) === 'indicative' && stageAt(day, timeMs) === 'pre-open') {
      this.indicativeOf(slot).add(timeMs, price / this.divisor(slot));
    }
  }

  /**
   * A time that the quotes hold no more cannot have been: it has been taken back, or an earlier one has replaced it. What
   * ticks have made of it goes. `nowMs`: nothing before is looked at.
   */
  private dropDisbelieved(slot: number, nowMs: number): void {
    const series = this.series[slot];
    if (series === undefined || series.tickMs <= nowMs) return;
    const heldMs = this.source.columns.exchangeTimeMs[slot] ?? 0;
    // Where the clock of the PC says nothing of the order of ticks, they may be some seconds apart.
    if (series.tickMs <= heldMs + CACHED_AFTER_MS) return;
    for (const startMs of series.disbelieve(Math.max(heldMs, nowMs))) this.mark(slot, startMs);
  }

  /** Whether the tick was made in continuous trading, and we are seeing it as it comes. */
  private isOfSession(slot: number, day: SegmentDay, timeMs: number): boolean {
    if (!isTrading(day, timeMs)) return false;
    const lagMs = this.present.seenMs - timeMs;
    switch (this.source.kind(slot)) {
      case 'live':
        return lagMs <= CACHED_AFTER_MS;
      case 'frozen':
        return lagMs <= LATE_AFTER_CLOSE_MS;
      case 'indicative':
      case 'previous-close':
        return false;
    }
  }

  private trade(slot: number, day: SegmentDay, series: CandleSeries, origin: TickOrigin): void {
    const { columns } = this.source;
    const exchangeTimeMs = columns.exchangeTimeMs[slot] ?? 0;
    // One quote a second leaves out what was traded between them.
    if (origin === 'rest') series.doubt(exchangeTimeMs);
    const lastMs = series.lastStartMs;
    const startMs = series.tick({
      exchangeTimeMs,
      price: columns.lastPrice[slot] ?? 0,
      dayVolume: day.isIndex ? 0 : (columns.volume[slot] ?? 0),
      openInterest: hasOpenInterest(day) ? (columns.openInterest[slot] ?? 0) : null,
    });
    if (startMs === null) {
      this.late++;
      return;
    }
    // The next minute's first tick ends the last one.
    if (lastMs !== null && lastMs !== startMs) {
      this.mark(slot, lastMs);
      this.hasClosedChange = true;
    }
    this.mark(slot, startMs);
  }

  private tellClosed(): void {
    if (!this.hasClosedChange) return;
    this.hasClosedChange = false;
    this.closedListeners.tell();
  }

  private seriesOf(slot: number, day: SegmentDay): CandleSeries {
    const known = this.series[slot];
    if (known?.date === day.date) return known;
    const series = new CandleSeries(day.date, day.startMs);
    this.series[slot] = series;
    delete this.indicatives[slot];
    for (const changes of this.trackers) changes.forget(slot);
    return series;
  }

  private indicativeOf(slot: number): IndicativeLine {
    const line = this.indicatives[slot] ?? new IndicativeLine();
    this.indicatives[slot] = line;
    return line;
  }

  private mark(slot: number, startMs: number): void {
    this.hasClosedChange ||= startMs + MINUTE_MS <= this.present.ms;
    for (const changes of this.trackers) changes.mark(slot, startMs);
  }

  private update(slot: number, startMs: number, isGiven: boolean): CandleUpdate | null {
    const row = this.series[slot]?.row(startMs, this.divisor(slot), this.present.ms, isGiven) ?? null;
    if (row === null) return null;
    const [start, open, high, low, close, volume, openInterest, state, corrected] = row;
    return { slot, start, open, high, low, close, volume, openInterest, state, corrected, removed: false };
  }

  /** Null: nobody can have paid these prices. */
  private unitsOf(slot: number, day: SegmentDay, row: KiteCandle): UnitCandle | null {
    const divisor = this.divisor(slot);
    if (!isTradedCandle(row)) return null;
    const [open, high, low, close] = [row.open, row.high, row.low, row.close].map((price) => unitsOf(price, divisor));
    // Judged rounded: less than the smallest unit is no price. The low is the least of them.
    if (open == null || high == null || low == null || close == null || low === 0) return null;
    return {
      startMs: row.startMs,
      open,
      high,
      low,
      close,
      volume: day.isIndex ? 0 : row.volume,
      openInterest: hasOpenInterest(day) ? row.openInterest : null,
    };
  }

  private divisor(slot: number): number {
    return this.source.columns.divisor[slot] ?? 1;
  }
}

function removed(slot: number, start: number): CandleUpdate {
  const state: CandleState = 'settled';
  const none = { open: 0, high: 0, low: 0, close: 0, volume: 0, openInterest: null };
  return { slot, start, ...none, state, corrected: false, removed: true };
}
