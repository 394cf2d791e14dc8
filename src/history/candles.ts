import type { CandleRow } from '../contract/commands.ts';
import type { CandleUpdate } from '../contract/tick-lane.ts';
import type { QuoteBook } from '../feed/quote-book.ts';
import { isTimeless } from '../feed/quote-row.ts';
import { type SegmentDay, stageAt } from '../feed/segment-day.ts';
import type { KiteCandle } from '../kite/session.ts';
import type { TouchedSlots } from '../kite/touched-slots.ts';
import { CandleChanges } from './candle-changes.ts';
import { CandleSeries, MINUTE_MS } from './candle-series.ts';
import { IndicativeLine } from './indicative-line.ts';

/** Where candles take their ticks from. */
export type CandleSource = Pick<QuoteBook, 'columns' | 'kind' | 'dayOfSlot'>;

/** One consumer's changes of candles; disposing ends its account. */
export interface TrackedCandles extends Disposable {
  readonly isEmpty: boolean;
  /** Hands out every candle that changed since the last time, oldest first within a slot; `wants`: all without it. */
  drain(visit: (candle: CandleUpdate) => void, wants?: (slot: number) => boolean): void;
  /** Has the next drain hand out all of a slot's candles. */
  markWhole(slot: number): void;
}

/** What merging history did. */
export interface MergeResult {
  /** Closed minutes that were missing. */
  readonly filled: number;
  /** Closed minutes that ticks had got wrong. */
  readonly corrected: number;
}

/** A tick this much older than the exchange's present is a packet Kite kept for us, not one we saw being traded. */
const CACHED_AFTER_MS = 60_000;
/** The last ticks of a session arrive after its end: measured lags are under 1.5 s. */
const LATE_AFTER_CLOSE_MS = 5_000;
/** No exchange time further ahead of our clock is believed to be the present. */
const PLAUSIBLE_LEAD_MS = 30_000;

/**
 * One-minute candles of the day from ticks of continuous trading, by exchange time; indicative prices of the pre-open are
 * kept apart. What it makes depends only on the frames and the moments they were received, so a replay makes the same.
 */
export class CandleBook {
  private readonly source: CandleSource;
  private readonly series: CandleSeries[] = [];
  private readonly indicatives: IndicativeLine[] = [];
  private readonly trackers = new Set<CandleChanges>();
  /** The latest exchange time any instrument has shown: the present, whatever the PC's clock says. */
  private exchangeNowMs = 0;
  private late = 0;

  constructor(source: CandleSource) {
    this.source = source;
  }

  /** Ticks that came after their minute had closed. */
  get lateTicks(): number {
    return this.late;
  }

  /** Takes the ticks just written to the columns; a slot listed twice does no harm. */
  apply(touched: TouchedSlots): void {
    for (let index = 0; index < touched.count; index++) this.noteTime(touched.slots[index] ?? 0);
    for (let index = 0; index < touched.count; index++) this.applySlot(touched.slots[index] ?? 0);
  }

  /** The connection was lost: ticks are missing from here to the next one. */
  interrupted(): void {
    for (const series of this.series) series?.interrupted();
  }

  /** The candle ticks are building, or have built last; null before the first. */
  forming(slot: number): CandleUpdate | null {
    const series = this.series[slot];
    return series === undefined || series.length === 0 ? null : this.update(slot, series.length - 1);
  }

  /** Closed candles that start at or after `fromMs`: by the exchange's time their minute is over. */
  closedSince(slot: number, fromMs: number): CandleRow[] {
    return this.rows(slot, fromMs, Number.POSITIVE_INFINITY).filter(
      ([startMs], index, rows) => index < rows.length - 1 || startMs + MINUTE_MS <= this.exchangeNowMs,
    );
  }

  /** The day's candles with `fromMs <= start < toMs`. */
  rows(slot: number, fromMs: number, toMs: number): CandleRow[] {
    const series = this.series[slot];
    if (series === undefined) return [];
    const rows: CandleRow[] = [];
    for (let index = series.indexFrom(fromMs); index < series.length && series.startOf(index) < toMs; index++) {
      rows.push(series.row(index, this.divisor(slot)));
    }
    return rows;
  }

  /** The pre-open's indicative prices, `[ms, rupees]`, at most one a second. */
  indicative(slot: number): readonly (readonly [number, number])[] {
    return this.indicatives[slot]?.points ?? [];
  }

  /**
   * Merges candles of the exchange's history: they fill what is missing and correct what differs. Only minutes of the
   * slot's day that are over at `nowMs` and lie in continuous trading are taken; the forming candle is left alone.
   */
  mergeHistory(slot: number, candles: readonly KiteCandle[], nowMs: number): MergeResult {
    const day = this.source.dayOfSlot(slot);
    if (day === undefined) return { filled: 0, corrected: 0 };
    const series = this.seriesOf(slot, day);
    // The exchange's own time where ticks show it, so that a PC clock running fast does not close the forming minute.
    const presentMs = Math.min(nowMs, Math.max(this.exchangeNowMs, nowMs - CACHED_AFTER_MS));
    const divisor = this.divisor(slot);
    const units = (rupees: number): number => Math.round(rupees * divisor);
    const result = { filled: 0, corrected: 0 };
    for (const candle of candles) {
      if (candle.startMs + MINUTE_MS > presentMs || !isTrading(day, candle.startMs)) continue;
      const { startMs, open, high, low, close, volume } = candle;
      const placed = series.settle({
        startMs,
        open: units(open),
        high: units(high),
        low: units(low),
        close: units(close),
        volume,
      });
      if (placed.outcome === 'same') continue;
      result[placed.outcome]++;
      this.mark(slot, placed.index);
    }
    return result;
  }

  /** Follows every change of a candle from now on. */
  trackChanges(): TrackedCandles {
    const changes = new CandleChanges();
    this.trackers.add(changes);
    return {
      get isEmpty() {
        return changes.isEmpty;
      },
      drain: (visit, wants = () => true) => changes.drain((slot, from) => this.updatesFrom(slot, from), visit, wants),
      markWhole: (slot) => changes.mark(slot, 0),
      [Symbol.dispose]: () => void this.trackers.delete(changes),
    };
  }

  private noteTime(slot: number): void {
    const { exchangeTimeMs, receivedAtMs } = this.source.columns;
    const timeMs = exchangeTimeMs[slot] ?? 0;
    const isPlausible = timeMs <= (receivedAtMs[slot] ?? 0) + PLAUSIBLE_LEAD_MS;
    if (isPlausible) this.exchangeNowMs = Math.max(this.exchangeNowMs, timeMs);
  }

  private applySlot(slot: number): void {
    const day = this.source.dayOfSlot(slot);
    if (day === undefined) return;
    const { columns } = this.source;
    const timeMs = columns.exchangeTimeMs[slot] ?? 0;
    const price = columns.lastPrice[slot] ?? 0;
    const volume = columns.volume[slot] ?? 0;
    const series = this.seriesOf(slot, day);
    // A packet without a time belongs to no minute we know, and the time that is held is an earlier packet's.
    if (isTimeless(columns, slot)) {
      series.interrupted();
      return;
    }
    if (this.isOfSession(slot, day, timeMs)) this.trade(slot, series, timeMs, price, volume);
    else series.standing(timeMs < day.startMs ? 0 : volume);
    if (this.source.kind(slot) === 'indicative' && stageAt(day, timeMs) === 'pre-open') {
      this.indicativeOf(slot).add(timeMs, price / this.divisor(slot));
    }
  }

  /** Whether the tick was made in continuous trading, and we are seeing it as it comes. */
  private isOfSession(slot: number, day: SegmentDay, timeMs: number): boolean {
    if (!isTrading(day, timeMs)) return false;
    const lagMs = this.exchangeNowMs - timeMs;
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

  private trade(slot: number, series: CandleSeries, timeMs: number, price: number, volume: number): void {
    const index = series.tick(timeMs, price, volume);
    if (index < 0) this.late++;
    else this.mark(slot, index);
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

  private mark(slot: number, index: number): void {
    for (const changes of this.trackers) changes.mark(slot, index);
  }

  private *updatesFrom(slot: number, from: number): Generator<CandleUpdate> {
    for (let index = from; index < (this.series[slot]?.length ?? 0); index++) {
      const update = this.update(slot, index);
      if (update !== null) yield update;
    }
  }

  private update(slot: number, index: number): CandleUpdate | null {
    const row = this.series[slot]?.row(index, this.divisor(slot));
    if (row === undefined) return null;
    const [start, open, high, low, close, volume, openInterest, state, corrected] = row;
    return { slot, start, open, high, low, close, volume, openInterest, state, corrected, removed: false };
  }

  private divisor(slot: number): number {
    return this.source.columns.divisor[slot] ?? 1;
  }
}

/** Whether the instant lies in continuous trading; where hours are unknown, or not kept at all, nothing speaks against it. */
function isTrading(day: SegmentDay, instantMs: number): boolean {
  if (day.segment === null) return instantMs >= day.startMs && instantMs < day.endMs;
  const stage = stageAt(day, instantMs);
  return stage === 'continuous' || stage === 'unknown';
}
