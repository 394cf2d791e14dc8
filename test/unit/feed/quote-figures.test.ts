import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../support/property-seed.ts';
import { QuoteBook } from '../../../src/feed/quote-book.ts';
import { CandleBook } from '../../../src/history/candles.ts';
import { divisorOf } from '../../../src/kite/instrument-token.ts';
import { quotesOf, quotesSchema } from '../../../src/kite/rest-schemas.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { atOnce } from '../../../src/turn.ts';
import { at, nifty, niftyFuture } from './instruments.ts';

const noon = at('12:00:00');
const good = { open: 25_000, high: 25_010, low: 24_990, close: 24_900 };

/** What a row of `GET /quote` does to a book that already shows a price; `instrument`: of which one it is. */
class Quoted {
  readonly book = new QuoteBook(bundledCalendar());
  readonly candles = new CandleBook(this.book);
  readonly instrument: typeof niftyFuture;

  constructor(instrument = niftyFuture) {
    this.instrument = instrument;
    this.book.onTicks((touched, origin) => this.candles.apply(touched, origin));
    this.book.add(instrument);
    this.take({}, '12:00:00');
  }

  /** Returns how many rows counted. */
  take(over: object, time = '12:00:05'): number {
    const { key, token } = this.instrument;
    const stamp = `2026-11-23 ${time}`;
    const row = {
      instrument_token: token,
      last_price: 25_000,
      volume: 10,
      oi: 5,
      timestamp: stamp,
      ohlc: good,
      ...over,
    };
    const quotes = atOnce(quotesOf(quotesSchema.parse({ [key]: { last_trade_time: stamp, ...row } })));
    return this.book.applyQuotes(quotes?.values() ?? [], noon + 6_000);
  }

  get shown(): unknown {
    return [this.book.row(0, true), this.candles.rows(0, 0, Number.POSITIVE_INFINITY)];
  }
}

const level = { quantity: 65, price: 25_000, orders: 2 };

describe('a REST quote with a figure that cannot be', () => {
  it.each<[string, object]>([
    ['a price beyond 32 bits', { last_price: 3e7 }],
    ['a price beyond everything', { last_price: 1e300 }],
    ['an open below 0', { ohlc: { ...good, open: -5 } }],
    ['a high beyond 32 bits', { ohlc: { ...good, high: 3e7 } }],
    ['a low below 0', { ohlc: { ...good, low: -1 } }],
    ['a previous close below 0', { ohlc: { ...good, close: -3 } }],
    ['an average price beyond 32 bits', { average_price: 3e7 }],
    ['a volume beyond 32 bits', { volume: 5e9 }],
    ['a volume below 0', { volume: -1 }],
    ['half a share', { volume: 1.5 }],
    ['an open interest below 0', { oi: -1 }],
    ['an open interest beyond 32 bits', { oi: 1e300 }],
    ['a last quantity below 0', { last_quantity: -1 }],
    ['a buy quantity beyond 32 bits', { buy_quantity: 2 ** 32 }],
    ['a sell quantity below 0', { sell_quantity: -65 }],
    ['an order below 0', { depth: { buy: [{ ...level, quantity: -1 }], sell: [] } }],
    ['a bid beyond 32 bits', { depth: { buy: [{ ...level, price: 3e7 }], sell: [] } }],
    ['more orders than 16 bits', { depth: { buy: [], sell: [{ ...level, orders: 70_000 }] } }],
  ])('is refused and counted: %s', (_name, over) => {
    const quoted = new Quoted();
    const before = quoted.shown;
    expect(quoted.take(over)).toBe(0);
    expect(quoted.shown).toEqual(before);
    expect([quoted.book.drops['impossible-figure'], quoted.book.dropped]).toEqual([1, 1]);
    expect(quoted.take({ last_price: 25_001 })).toBe(1);
  });

  it.each([0.001, 0.004, 1e-300])('is no price where it is less than the smallest unit: %s', (lastPrice) => {
    const quoted = new Quoted();
    const before = quoted.shown;
    expect(quoted.take({ last_price: lastPrice })).toBe(0);
    expect(quoted.shown).toEqual(before);
    expect(quoted.book.drops['no-price']).toBe(1);
  });

  it('shows what Kite says, or what it showed before, whatever the number', () => {
    const figure = fc.oneof(
      fc.double({ noNaN: true }),
      fc.double({ min: -1, max: 4e7, noNaN: true }),
      fc.integer({ min: -10, max: 2 ** 33 }),
    );
    // Of a currency the smallest unit is another, and so is the largest price.
    const instruments = fc.constantFrom(nifty, niftyFuture, { ...niftyFuture, token: 256 * 1_000 + 3 });
    fc.assert(
      fc.property(instruments, figure, figure, figure, figure, (instrument, last, open, volume, oi) => {
        const book = new QuoteBook(bundledCalendar());
        book.add(instrument);
        const [key, token] = [instrument.key, instrument.token];
        const row = {
          instrument_token: token,
          last_price: last,
          volume,
          oi,
          ohlc: { open, high: 100, low: 100, close: 100 },
        };
        const quotes = atOnce(quotesOf({ [key]: { ...row, timestamp: '2026-11-23 12:00:05' } }));
        book.applyQuotes(quotes?.values() ?? [], noon + 6_000);
        const shown = book.row(0, false);
        if (shown === null) return;
        const unit = 1 / divisorOf(token);
        expect(Math.abs(shown.lastPrice - last)).toBeLessThanOrEqual(unit);
        expect(Math.abs(shown.open - open)).toBeLessThanOrEqual(unit);
        expect(shown.lastPrice).toBeGreaterThan(0);
        expect([shown.volume, shown.openInterest]).toEqual([volume, oi]);
      }),
      { numRuns: 500 },
    );
  });
});
