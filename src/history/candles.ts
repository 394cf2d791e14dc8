import type { CandleState } from '../contract/candle.ts';
import type { CandleRow } from '../contract/commands.ts';
import type { CandleUpdate } from '../contract/tick-lane.ts';
import type { QuoteBook, TickOrigin } from '../feed/quote-book.ts';
import { isTimeless } from '../feed/quote-row.ts';
import { isInWindow, type SegmentDay, stageAt } from '../feed/segment-day.ts';
import type { KiteCandle } from '../kite/session.ts';
import type { TouchedSlots } from '../kite/touched-slots.ts';
import { Listeners } from '../listeners.ts';
import { CandleChanges } from './candle-changes.ts';
import { CandleSeries, MINUTE_MS, type UnitCandle } from './candle-series.ts';
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

/** An answer of the exchange's history for one instrument and day. */
export interface HistoryAnswer {
  readonly rows: readonly KiteCandle[];
  /** The first minute that was asked for; all later ones of the day were too. */
  readonly fromMs: number;
  /** The exchange's present when it was asked: only minutes that were over by then are taken. */
  readonly askedMs: number;
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
}

/** A tick this much older than the exchange's present is a packet Kite kept for us, not one we saw being traded. */
const CACHED_AFTER_MS = 60_000;
/** The last ticks of a session arrive after its end: measured lags are under 1.5 s. */
const LATE_AFTER_CLOSE_MS = 5_000;
/** Ticks of different instruments are not in order of time: a minute is over when another's is so far past its end. */
const OUT_OF_ORDER_MS = 2_000;
/** No exchange time further ahead of our clock is believed to be the present. */
const PLAUSIBLE_LEAD_MS = 30_000;
/** An outage is noticed this much after its beginning at the latest. */
const NOTICED_WITHIN_MS = 10_000;
/** A minute without a row, and without a later row, is believed to have none when Kite was asked so long after its end. */
export const EMPTY_AFTER_MS = 25_000;

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
  /** The latest exchange time any instrument has shown: the present, whatever the PC's clock says. */
  private exchangeNowMs = 0;
  private presentAtMs = 0;
  private readonly closedListeners = new Listeners<void>();
  private hasClosedChange = false;
  private late = 0;
  private refused = 0;

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

  /** The exchange's present, as far as ticks and our clock tell it; ms since the epoch. */
  get presentMs(): number {
    return this.presentAtMs;
  }

  /** Takes the ticks just written to the columns; a slot listed twice does no harm. */
  apply(touched: TouchedSlots, origin: TickOrigin = 'websocket'): void {
    for (let index = 0; index < touched.count; index++) this.noteTime(touched.slots[index] ?? 0);
    for (let index = 0; index < touched.count; index++) this.applySlot(touched.slots[index] ?? 0, origin);
    this.advanceTo(Math.max(this.presentAtMs, this.exchangeNowMs - OUT_OF_ORDER_MS));
    this.tellClosed();
  }

  /**
   * Time has gone on, whether there are ticks or not; `nowMs` by our clock, which may run fast: where no tick shows the
   * exchange's time it is believed a minute late.
   */
  advance(nowMs: number): void {
    this.advanceTo(Math.max(this.exchangeNowMs - OUT_OF_ORDER_MS, nowMs - CACHED_AFTER_MS));
    this.tellClosed();
  }

  /** Ticks may be missing from here to the next one: a connection was lost, the feed was paused, the PC slept. */
  interrupted(): void {
    const sinceMs = (this.exchangeNowMs || this.presentAtMs) - NOTICED_WITHIN_MS;
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
      const row = series.row(startMs, this.divisor(slot), this.presentAtMs, true);
      if (row !== null) rows.push(row);
    }
    return rows;
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
    const { rows, fromMs, askedMs } = answer;
    const result: MergeResult = { filled: 0, corrected: 0, removed: 0, outside: 0 };
    const series = this.seriesOf(slot, day);
    const listed = new Set<number>();
    let lastMs = Number.NEGATIVE_INFINITY;
    for (const row of rows) {
      if (row.startMs < day.startMs || row.startMs >= day.endMs || row.startMs + MINUTE_MS > askedMs) continue;
      if (!isInWindow(day, row.startMs)) {
        result.outside++;
        continue;
      }
      listed.add(row.startMs);
      lastMs = Math.max(lastMs, row.startMs);
      const placed = series.settle(this.unitsOf(slot, day, row));
      if (placed === 'same') continue;
      if (placed !== 'restated') result[placed]++;
      this.mark(slot, row.startMs);
    }
    for (const startMs of minutesOf(day, fromMs, askedMs)) {
      const isFinal = startMs < lastMs || startMs + MINUTE_MS + EMPTY_AFTER_MS <= askedMs;
      if (listed.has(startMs) || !isFinal || !series.settleEmpty(startMs)) continue;
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
      if (startMs < day.startMs || startMs + MINUTE_MS > this.presentAtMs || !isInWindow(day, startMs)) continue;
      const row = { startMs, open, high, low, close, volume, openInterest };
      if (series.restore(this.unitsOf(slot, day, row), state, corrected)) this.mark(slot, startMs);
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

  private noteTime(slot: number): void {
    const { exchangeTimeMs, receivedAtMs } = this.source.columns;
    const timeMs = exchangeTimeMs[slot] ?? 0;
    const isPlausible = timeMs <= (receivedAtMs[slot] ?? 0) + PLAUSIBLE_LEAD_MS;
    if (isPlausible) this.exchangeNowMs = Math.max(this.exchangeNowMs, timeMs);
  }

  /** A minute that is over says so without a tick of its own. */
  private advanceTo(presentMs: number): void {
    const before = this.presentAtMs;
    this.presentAtMs = presentMs;
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
      series.interrupted(this.exchangeNowMs - NOTICED_WITHIN_MS);
      return;
    }
    if (origin === 'websocket') series.seen(this.exchangeNowMs);
    if (price <= 0) {
      this.refused++;
      series.doubt(this.exchangeNowMs);
      return;
    }
    if (this.isOfSession(slot, day, timeMs)) this.trade(slot, day, series, origin);
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
    this.hasClosedChange ||= startMs + MINUTE_MS <= this.presentAtMs;
    for (const changes of this.trackers) changes.mark(slot, startMs);
  }

  private update(slot: number, startMs: number, isGiven: boolean): CandleUpdate | null {
    const row = this.series[slot]?.row(startMs, this.divisor(slot), this.presentAtMs, isGiven) ?? null;
    if (row === null) return null;
    const [start, open, high, low, close, volume, openInterest, state, corrected] = row;
    return { slot, start, open, high, low, close, volume, openInterest, state, corrected, removed: false };
  }

  private unitsOf(slot: number, day: SegmentDay, row: KiteCandle): UnitCandle {
    const divisor = this.divisor(slot);
    const units = (rupees: number): number => Math.round(rupees * divisor);
    return {
      startMs: row.startMs,
      open: units(row.open),
      high: units(row.high),
      low: units(row.low),
      close: units(row.close),
      volume: day.isIndex ? 0 : row.volume,
      openInterest: hasOpenInterest(day) ? row.openInterest : null,
    };
  }

  private divisor(slot: number): number {
    return this.source.columns.divisor[slot] ?? 1;
  }
}

/** Minutes of the day's windows that start at or after `fromMs` and are over at `untilMs`. */
export function minutesOf(day: SegmentDay, fromMs: number, untilMs: number): number[] {
  const starts: number[] = [];
  for (const window of day.windows) {
    const skipped = Math.max(0, Math.ceil((fromMs - window.startMs) / MINUTE_MS));
    for (let startMs = window.startMs + skipped * MINUTE_MS; startMs < window.endMs; startMs += MINUTE_MS) {
      if (startMs + MINUTE_MS > untilMs) return starts;
      starts.push(startMs);
    }
  }
  return starts;
}

/** Whether the segment's instruments have contracts that are open. */
export function hasOpenInterest({ segment, isIndex }: SegmentDay): boolean {
  return !isIndex && (segment === null || segment.startsWith('NFO') || segment.startsWith('BFO'));
}

function removed(slot: number, start: number): CandleUpdate {
  const state: CandleState = 'settled';
  const none = { open: 0, high: 0, low: 0, close: 0, volume: 0, openInterest: null };
  return { slot, start, ...none, state, corrected: false, removed: true };
}

/** Whether the instant lies in continuous trading; where hours are unknown, or not kept at all, nothing speaks against it. */
function isTrading(day: SegmentDay, instantMs: number): boolean {
  if (day.segment === null) return instantMs >= day.startMs && instantMs < day.endMs;
  const stage = stageAt(day, instantMs);
  return stage === 'continuous' || stage === 'unknown';
}
