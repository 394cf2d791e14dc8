import { indicativePrice } from './auction.ts';
import { candleColumns, type MinuteCandles } from './candles.ts';
import type { DayPlan, IndexPlan } from './day-plan.ts';
import type { Feed } from './feed.ts';
import type { Instrument } from './instruments.ts';
import { emptyTick, type MarketTick } from './market-tick.ts';
import { MINUTE_MS, type MinuteGrid } from './minute-grid.ts';
import { TICK_SPACING_MS, TICKS_PER_MINUTE } from './minute-ticks.ts';
import type { PathDay } from './price-path.ts';
import { subSeed, uniform } from './random.ts';

/** Everything an index's date is made of. */
export interface IndexFeedParts {
  readonly instrument: Instrument;
  readonly exchange: 'NSE' | 'BSE';
  readonly plan: DayPlan;
  /** The date's path, null on a day without a session. */
  readonly path: PathDay | null;
  readonly seed: number;
  /** The index's session before this date. */
  readonly previous: () => Feed | null;
}

/**
 * An index on one IST date. It ticks all round the clock at the same pace: with the closing values of the session before
 * until the pre-open or the first trade, with indicative values, live, frozen through the closing auction, and with its
 * close from then on.
 */
export class IndexFeed implements Feed {
  readonly instrument: Instrument;
  private readonly parts: IndexFeedParts;
  private readonly plan: IndexPlan;
  private readonly grid: MinuteGrid;
  private readonly phaseMs: number;
  private readonly columns: MinuteCandles;
  /** Minute of the path that each of the index's own minutes is. */
  private readonly pathMinute: Int32Array;
  /** Before each minute: the day's extremes so far. */
  private readonly highBefore: Int32Array;
  private readonly lowBefore: Int32Array;

  constructor(parts: IndexFeedParts) {
    this.parts = parts;
    this.instrument = parts.instrument;
    this.plan = parts.plan.index(parts.exchange);
    this.grid = this.plan.continuous;
    // Whole ms below the spacing, so that the 140 ticks of a minute all fall inside it.
    this.phaseMs = Math.floor(uniform(subSeed(parts.seed, 'phase'), parts.instrument.token) * (TICK_SPACING_MS - 1));
    const { length } = this.grid;
    this.columns = candleColumns(this.plan.listed.starts);
    this.pathMinute = new Int32Array(length);
    this.highBefore = new Int32Array(length + 1).fill(-0x8000_0000);
    this.lowBefore = new Int32Array(length + 1).fill(0x7fff_ffff);
    if (parts.path !== null) this.build(parts.path);
  }

  get closingPrice(): number {
    return this.parts.path?.close ?? this.parts.previous()?.closingPrice ?? 0;
  }

  lastTickAt(instantMs: number): number {
    return this.tickMs(this.tickNumber(instantMs));
  }

  read(instantMs: number, out: MarketTick): void {
    const number = this.tickNumber(instantMs);
    const tickMs = this.tickMs(number);
    const { path } = this.parts;
    if (path === null || tickMs < this.beginsMs(path)) {
      const previous = this.parts.previous();
      if (previous === null) Object.assign(out, emptyTick());
      else previous.read(this.parts.plan.startMs - 1, out);
    } else if (tickMs < this.grid.startMs) {
      this.writeIndicative(path, tickMs, out);
    } else {
      this.writeSession(path, number, tickMs, out);
    }
    out.exchangeTimeS = Math.floor(tickMs / 1000);
  }

  candles(instantMs: number): { columns: MinuteCandles; complete: number } {
    return { columns: this.columns, complete: this.plan.listed.completedBy(instantMs) };
  }

  private build(path: PathDay): void {
    const { open, high, low, close } = this.columns;
    for (let m = 0; m < this.grid.length; m++) {
      const at = path.minutes.at(this.grid.starts[m] ?? 0);
      const bar = path.bar(at);
      this.pathMinute[m] = at;
      open[m] = bar.open;
      high[m] = bar.high;
      low[m] = bar.low;
      close[m] = bar.close;
      this.highBefore[m + 1] = Math.max(this.highBefore[m] ?? 0, bar.high);
      this.lowBefore[m + 1] = Math.min(this.lowBefore[m] ?? 0, bar.low);
    }
    this.buildAuction(path.close);
  }

  /** Kite's minutes 15:15 to 15:28 are flat, and 15:29 goes to the official close; observed 2026-10-08. */
  private buildAuction(officialClose: number): void {
    const { open, high, low, close, length } = this.columns;
    const frozen = close[this.grid.length - 1] ?? 0;
    for (let m = this.grid.length; m < length; m++) {
      const end = m === length - 1 ? officialClose : frozen;
      open[m] = frozen;
      high[m] = Math.max(frozen, end);
      low[m] = Math.min(frozen, end);
      close[m] = end;
    }
  }

  private tickNumber(instantMs: number): number {
    return Math.floor(((instantMs - this.phaseMs) * TICKS_PER_MINUTE) / MINUTE_MS);
  }

  private tickMs(number: number): number {
    return (number * MINUTE_MS) / TICKS_PER_MINUTE + this.phaseMs;
  }

  private beginsMs(path: PathDay): number {
    return path.spec.indicative ? (this.plan.preOpen?.startMs ?? this.grid.startMs) : this.grid.startMs;
  }

  private writeIndicative(path: PathDay, tickMs: number, out: MarketTick): void {
    const { preOpen } = this.plan;
    if (preOpen === null) return;
    const seed = subSeed(this.parts.seed, 'indicative', path.spec.path, this.parts.plan.dayNumber);
    const { stepPaise } = path.spec;
    const value = indicativePrice(preOpen, seed, path.previousClose, path.open, tickMs);
    const isMatched = tickMs >= preOpen.matchMs;
    out.lastPrice = isMatched ? path.open : stepPaise * Math.round(value / stepPaise);
    out.open = isMatched ? path.open : 0;
    out.high = isMatched ? path.open : 0;
    out.low = isMatched ? path.open : 0;
    out.close = path.previousClose;
  }

  private writeSession(path: PathDay, number: number, tickMs: number, out: MarketTick): void {
    const k = number % TICKS_PER_MINUTE;
    const minute = this.grid.at(((number - k) / TICKS_PER_MINUTE) * MINUTE_MS);
    out.open = path.open;
    out.close = path.previousClose;
    if (minute >= 0) {
      const at = this.pathMinute[minute] ?? 0;
      out.lastPrice = path.seenTick(at, k);
      out.high = this.highBefore[minute] ?? 0;
      out.low = this.lowBefore[minute] ?? 0;
      for (let earlier = 0; earlier <= k; earlier++) {
        const value = path.tick(at, earlier);
        const seen = path.seenTick(at, earlier);
        out.high = Math.max(out.high, value, seen);
        out.low = Math.min(out.low, value, seen);
      }
      return;
    }
    const completed = this.grid.completedBy(tickMs);
    const isClosed = this.plan.discoveryMs !== null && tickMs >= this.plan.discoveryMs;
    out.lastPrice = isClosed ? path.close : (this.columns.close[completed - 1] ?? path.open);
    out.high = Math.max(this.highBefore[completed] ?? 0, isClosed ? path.close : out.lastPrice);
    out.low = Math.min(this.lowBefore[completed] ?? 0, isClosed ? path.close : out.lastPrice);
  }
}
