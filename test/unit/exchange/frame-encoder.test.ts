import fc from 'fast-check';
import { KiteTicker } from 'kiteconnect';
import { describe, expect, it } from 'vitest';
import type { TickerMode } from '../../../src/kite/ticker-events.ts';
import { emptyTick, type MarketTick } from '../../exchange/market/market-tick.ts';
import { FrameBuilder, packetLength, writePacket } from '../../exchange/ticker/frame-encoder.ts';

/** The official client's parser; its typings leave the method out. */
const official = new KiteTicker({ api_key: 'k', access_token: 't' }) as unknown as {
  parseBinary(frame: ArrayBuffer): Record<string, unknown>[];
};

function parsed(frame: Buffer): Record<string, unknown>[] {
  return official.parseBinary(new Uint8Array(frame).buffer);
}

const FUTURE = 46576 * 256 + 2;
const INDEX = 256265;
/** The official parser reads the top bit as a sign, so quantities stay below it. */
const quantity = fc.integer({ min: 0, max: 0x7fff_ffff });
const price = fc.integer({ min: 1, max: 0x7fff_ffff });
const seconds = fc.integer({ min: 1, max: 0x7fff_ffff });
const level = fc.record({ quantity, price, orders: fc.integer({ min: 0, max: 0xffff }) });

const anyTick: fc.Arbitrary<MarketTick> = fc
  .record({
    lastPrice: price,
    open: price,
    high: price,
    low: price,
    close: price,
    exchangeTimeS: seconds,
    lastTradeTimeS: seconds,
    lastQuantity: quantity,
    averagePrice: price,
    volume: quantity,
    buyQuantity: quantity,
    sellQuantity: quantity,
    openInterest: quantity,
    openInterestHigh: quantity,
    openInterestLow: quantity,
    book: fc.array(level, { minLength: 10, maxLength: 10 }),
  })
  .map(({ book, ...fields }) => ({
    ...fields,
    bookQuantity: Uint32Array.from(book, (side) => side.quantity),
    bookPrice: Int32Array.from(book, (side) => side.price),
    bookOrders: Uint16Array.from(book, (side) => side.orders),
  }));

function frameOf(token: number, isIndex: boolean, mode: TickerMode, tick: MarketTick): Buffer {
  const builder = new FrameBuilder();
  builder.add(token, isIndex, mode, tick);
  return builder.take();
}

function ohlcOf(tick: MarketTick): object {
  return { open: tick.open / 100, high: tick.high / 100, low: tick.low / 100, close: tick.close / 100 };
}

function sideOf(tick: MarketTick, from: number): object[] {
  return Array.from({ length: 5 }, (_, n) => ({
    quantity: tick.bookQuantity[from + n],
    price: (tick.bookPrice[from + n] ?? 0) / 100,
    orders: tick.bookOrders[from + n],
  }));
}

describe('the frame encoder', () => {
  it.each([
    [true, 'ltp', 8],
    [true, 'quote', 28],
    [true, 'full', 32],
    [false, 'ltp', 8],
    [false, 'quote', 44],
    [false, 'full', 184],
  ] as const)('writes an index=%s packet in mode %s as %i bytes', (isIndex, mode, length) => {
    const frame = frameOf(isIndex ? INDEX : FUTURE, isIndex, mode, emptyTick());
    expect(packetLength(isIndex, mode)).toBe(length);
    expect(frame.length).toBe(2 + 2 + length);
    expect(frame.readUInt16BE(2)).toBe(length);
  });

  it('writes index packets that the official client reads back', () => {
    fc.assert(
      fc.property(anyTick, (tick) => {
        const [full] = parsed(frameOf(INDEX, true, 'full', tick));
        expect(full).toMatchObject({
          tradable: false,
          mode: 'full',
          instrument_token: INDEX,
          last_price: tick.lastPrice / 100,
          ohlc: ohlcOf(tick),
          exchange_timestamp: new Date(tick.exchangeTimeS * 1000),
        });
        const [quote] = parsed(frameOf(INDEX, true, 'quote', tick));
        expect(quote).toMatchObject({ mode: 'quote', last_price: tick.lastPrice / 100, ohlc: ohlcOf(tick) });
      }),
    );
  });

  it('writes packets of tradables that the official client reads back', () => {
    fc.assert(
      fc.property(anyTick, (tick) => {
        const traded = {
          tradable: true,
          instrument_token: FUTURE,
          last_price: tick.lastPrice / 100,
          last_traded_quantity: tick.lastQuantity,
          average_traded_price: tick.averagePrice / 100,
          volume_traded: tick.volume,
          total_buy_quantity: tick.buyQuantity,
          total_sell_quantity: tick.sellQuantity,
          ohlc: ohlcOf(tick),
        };
        expect(parsed(frameOf(FUTURE, false, 'quote', tick))[0]).toMatchObject({ ...traded, mode: 'quote' });
        expect(parsed(frameOf(FUTURE, false, 'full', tick))[0]).toMatchObject({
          ...traded,
          mode: 'full',
          last_trade_time: new Date(tick.lastTradeTimeS * 1000),
          exchange_timestamp: new Date(tick.exchangeTimeS * 1000),
          oi: tick.openInterest,
          oi_day_high: tick.openInterestHigh,
          oi_day_low: tick.openInterestLow,
          depth: { buy: sideOf(tick, 0), sell: sideOf(tick, 5) },
        });
        expect(parsed(frameOf(FUTURE, false, 'ltp', tick))[0]).toMatchObject({
          mode: 'ltp',
          last_price: tick.lastPrice / 100,
        });
      }),
    );
  });

  it('keeps packets apart in a frame of thousands, and starts the next frame empty', () => {
    const builder = new FrameBuilder();
    const tick = emptyTick();
    for (let n = 1; n <= 3000; n++) {
      tick.lastPrice = n;
      builder.add(n * 256 + 2, false, 'full', tick);
    }
    const ticks = parsed(builder.take());
    expect(ticks.map((read) => read.last_price)).toEqual(Array.from({ length: 3000 }, (_, n) => (n + 1) / 100));
    builder.add(INDEX, true, 'ltp', tick);
    expect(parsed(builder.take())).toHaveLength(1);
  });

  it('writes the packet published in the documentation of the protocol', () => {
    const out = Buffer.alloc(8);
    writePacket(out, 0, 884737, false, 'ltp', { ...emptyTick(), lastPrice: 39295 });
    expect(out.toString('hex')).toBe('000d80010000997f');
  });
});
