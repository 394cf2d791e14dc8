import type { CandleRow } from '../../../src/contract/commands.ts';
import { type BookInstrument, QuoteBook } from '../../../src/feed/quote-book.ts';
import { CandleBook } from '../../../src/history/candles.ts';
import type { KiteCandle } from '../../../src/kite/session.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { at, gold, infosys, nifty, niftyCall, niftyFuture } from '../feed/instruments.ts';
import { frameOf } from '../feed/packets.ts';

/** Slots of the bench. */
export const index = 0;
export const future = 1;

export interface Tick {
  readonly time: number;
  readonly price: number;
  readonly volume?: number;
  readonly instrument?: BookInstrument;
  /** Default: with the exchange's time stamp. */
  readonly received?: number;
}

/** Quotes and candles of the six kinds of instrument, fed by real frames. */
export class CandleBench {
  readonly quotes = new QuoteBook(bundledCalendar());
  readonly candles = new CandleBook(this.quotes);

  constructor() {
    for (const instrument of [nifty, niftyFuture, niftyCall, infosys, gold]) this.quotes.add(instrument);
    this.quotes.onTicks((touched) => this.candles.apply(touched));
  }

  /** Each tick in a frame of its own. */
  feed(...ticks: readonly Tick[]): this {
    for (const tick of ticks) {
      const { time, price, volume = 0, instrument = niftyFuture, received = time } = tick;
      const packet = { token: instrument.token, lastPrice: price, volume, exchangeTimeMs: time };
      this.quotes.applyFrame(frameOf([packet]), received);
    }
    return this;
  }

  /** Kite's answer for the minutes from its first row on, asked for at a time. */
  history(slot: number, rows: readonly KiteCandle[], askedMs: number) {
    const day = this.quotes.dayOfSlot(slot);
    if (day === undefined) throw new Error('no day yet');
    const fromMs = Math.min(...rows.map(({ startMs }) => startMs));
    const { filled, corrected } = this.candles.settle(slot, day, { rows, fromMs, askedMs });
    return { filled, corrected };
  }

  /** State of each candle, and whether it is marked as corrected. */
  states(slot = future) {
    return this.candles.rows(slot, 0, Number.POSITIVE_INFINITY).map((row) => `${row[7]}${row[8] ? ' corrected' : ''}`);
  }

  /** `[start, open, high, low, close, volume]` of every candle. */
  rows(slot = future) {
    return this.candles.rows(slot, 0, Number.POSITIVE_INFINITY).map(figuresOf);
  }
}

export function figuresOf([start, open, high, low, close, volume]: CandleRow) {
  return [start, open, high, low, close, volume] as const;
}

/** A candle of Kite's history. */
export function past(time: string, [open, high, low, close]: readonly number[], volume = 0): KiteCandle {
  return {
    startMs: at(time),
    open: open ?? 0,
    high: high ?? 0,
    low: low ?? 0,
    close: close ?? 0,
    volume,
    openInterest: null,
  };
}
