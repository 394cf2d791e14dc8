import { MINUTE_MS, type MinuteGrid } from './minute-grid.ts';
import type { Pricing } from './pricing.ts';
import { bell, hash32, subSeed, uniform } from './random.ts';

/** How often and how much one instrument trades. */
export interface TradeRhythm {
  /** Seconds from one second with trades to the next. */
  readonly everySeconds: number;
  /** Whether such a second has one tick or one to four. */
  readonly busy: boolean;
  /** Mean quantity of a tick beyond the first lot, lots. */
  readonly meanLots: number;
  /** Share of the minutes in which nothing trades at all, from 0 to below 1; never the first nor the last of a day. */
  readonly idleMinutes: number;
}

/** Ticks happen on this grid, the distance of the feed's frames: one frame never holds two of an instrument. */
export const CELL_MS = 250;
const CELLS = MINUTE_MS / CELL_MS;

/** One minute's trades in order; running columns are since the start of the minute. Prices in paise. */
export interface MinuteTrades {
  minute: number;
  count: number;
  /** ms from the start of the minute. */
  readonly offsetMs: Uint16Array;
  readonly price: Int32Array;
  readonly quantity: Int32Array;
  readonly runningHigh: Int32Array;
  readonly runningLow: Int32Array;
  readonly runningVolume: Int32Array;
  /** Sum of price times quantity. */
  readonly runningValue: Float64Array;
  /** Last trade at or before each cell, -1 before the first. */
  readonly lastAtCell: Int16Array;
}

/** Makes any minute's trades from nothing but the seed; the two last asked for are kept. */
export class TradeMinutes {
  private readonly grid: MinuteGrid;
  private readonly pricing: Pricing;
  private readonly rhythm: TradeRhythm;
  private readonly tickPaise: number;
  private readonly lotSize: number;
  private readonly seed: number;
  private readonly kept: readonly [MinuteTrades, MinuteTrades];

  constructor(
    grid: MinuteGrid,
    pricing: Pricing,
    rhythm: TradeRhythm,
    unit: { readonly tickPaise: number; readonly lotSize: number },
    seed: number,
  ) {
    this.grid = grid;
    this.pricing = pricing;
    this.rhythm = rhythm;
    this.tickPaise = unit.tickPaise;
    this.lotSize = unit.lotSize;
    this.seed = seed;
    this.kept = [emptyTrades(rhythm), emptyTrades(rhythm)];
  }

  /** None at all in an idle minute. Valid until the minute after next is asked for. */
  of(minute: number): MinuteTrades {
    const trades = this.kept[minute % 2 === 0 ? 0 : 1];
    if (trades.minute !== minute) this.fill(minute, trades);
    return trades;
  }

  private fill(minute: number, trades: MinuteTrades): void {
    const { everySeconds, busy } = this.rhythm;
    trades.minute = minute;
    trades.count = 0;
    trades.lastAtCell.fill(-1);
    const seed = subSeed(this.seed, minute);
    const firstSecond = this.isIdle(minute, seed) ? 60 : hash32(seed, -1) % everySeconds;
    for (let second = firstSecond; second < 60; second += everySeconds) {
      const h = hash32(seed, second);
      const mask = busy ? 1 + (h % 15) : 1 << (h & 3);
      for (let cell = 0; cell < 4; cell++) if (mask & (1 << cell)) this.trade(trades, seed, second * 4 + cell);
    }
    let last = -1;
    for (let cell = 0; cell < CELLS; cell++) {
      last = Math.max(last, trades.lastAtCell[cell] ?? -1);
      trades.lastAtCell[cell] = last;
    }
  }

  private isIdle(minute: number, seed: number): boolean {
    const { idleMinutes } = this.rhythm;
    if (idleMinutes === 0 || minute === 0 || minute === this.grid.length - 1) return false;
    return uniform(seed, 0, 5) < idleMinutes;
  }

  private trade(trades: MinuteTrades, seed: number, cell: number): void {
    const n = trades.count++;
    const offsetMs = cell * CELL_MS;
    const mid = this.pricing.mid((this.grid.starts[trades.minute] ?? 0) + offsetMs);
    const raw = mid + (this.pricing.spread(mid) / 2) * bell(seed, cell, 1) * 1.4;
    const price = Math.max(this.tickPaise, this.tickPaise * Math.round(raw / this.tickPaise));
    const lots = 1 + Math.floor(-Math.log(1 - uniform(seed, cell, 2)) * this.rhythm.meanLots);
    const quantity = lots * this.lotSize;
    trades.offsetMs[n] = offsetMs;
    trades.price[n] = price;
    trades.quantity[n] = quantity;
    trades.runningHigh[n] = n === 0 ? price : Math.max(price, trades.runningHigh[n - 1] ?? price);
    trades.runningLow[n] = n === 0 ? price : Math.min(price, trades.runningLow[n - 1] ?? price);
    trades.runningVolume[n] = quantity + (n === 0 ? 0 : (trades.runningVolume[n - 1] ?? 0));
    trades.runningValue[n] = price * quantity + (n === 0 ? 0 : (trades.runningValue[n - 1] ?? 0));
    trades.lastAtCell[cell] = n;
  }
}

function emptyTrades({ everySeconds, busy }: TradeRhythm): MinuteTrades {
  const capacity = Math.ceil(60 / everySeconds) * (busy ? 4 : 1);
  return {
    minute: -1,
    count: 0,
    offsetMs: new Uint16Array(capacity),
    price: new Int32Array(capacity),
    quantity: new Int32Array(capacity),
    runningHigh: new Int32Array(capacity),
    runningLow: new Int32Array(capacity),
    runningVolume: new Int32Array(capacity),
    runningValue: new Float64Array(capacity),
    lastAtCell: new Int16Array(CELLS),
  };
}
