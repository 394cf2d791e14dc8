import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candleStates } from '../../../src/contract/candle.ts';
import { priceKinds } from '../../../src/contract/price.ts';
import {
  type CandleUpdate,
  decodeTickBatch,
  encodeTickBatch,
  type QuoteRow,
  type TickBatch,
  TickBatchError,
} from '../../../src/contract/tick-lane.ts';

const u32 = fc.nat({ max: 2 ** 32 - 1 });
const number = fc.double({ noNaN: true });
const level = fc.record({ price: number, quantity: u32, orders: u32 });
const quote: fc.Arbitrary<QuoteRow> = fc.record({
  slot: u32,
  kind: fc.constantFrom(...priceKinds),
  stale: fc.boolean(),
  fromRest: fc.boolean(),
  lastPrice: number,
  open: number,
  high: number,
  low: number,
  close: number,
  averagePrice: number,
  volume: number,
  openInterest: number,
  lastQuantity: number,
  buyQuantity: number,
  sellQuantity: number,
  exchangeTime: number,
  receivedAt: number,
  changedAt: number,
  lastTradedAt: number,
  depth: fc.option(fc.array(level, { minLength: 10, maxLength: 10 })),
});
const candle: fc.Arbitrary<CandleUpdate> = fc.record({
  slot: u32,
  start: number,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
  openInterest: fc.option(number),
  state: fc.constantFrom(...candleStates),
  corrected: fc.boolean(),
  removed: fc.boolean(),
});
const batch: fc.Arbitrary<TickBatch> = fc.record({
  seq: u32,
  sentAt: number,
  quotes: fc.array(quote, { maxLength: 8 }),
  candles: fc.array(candle, { maxLength: 8 }),
});

describe('a tick batch', () => {
  it('comes out as it went in', () => {
    fc.assert(
      fc.property(batch, (given) => {
        expect(decodeTickBatch(encodeTickBatch(given))).toEqual(given);
      }),
    );
  });

  it('is as long as the format says', () => {
    fc.assert(
      fc.property(batch, (given) => {
        const depths = given.quotes.filter(({ depth }) => depth !== null).length;
        const length = 24 + given.quotes.length * 128 + depths * 160 + given.candles.length * 64;
        expect(encodeTickBatch(given).byteLength).toBe(length);
      }),
    );
  });

  it('is refused, never half read, when it is cut short anywhere', () => {
    fc.assert(
      fc.property(batch, fc.nat(), (given, cut) => {
        const whole = encodeTickBatch(given);
        expect(() => decodeTickBatch(whole.slice(0, cut % whole.byteLength))).toThrow(TickBatchError);
      }),
    );
  });

  it('is refused when it is something else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(() => decodeTickBatch(bytes.slice().buffer)).toThrow(TickBatchError);
      }),
    );
  });

  it('is refused when it names a price kind that does not exist', () => {
    const [sample] = fc.sample(quote, 1);
    if (sample === undefined) throw new Error('no sample');
    const bytes = new Uint8Array(encodeTickBatch({ seq: 1, sentAt: 0, quotes: [sample], candles: [] }));
    bytes[24 + 4] = 200;
    expect(() => decodeTickBatch(bytes.buffer)).toThrow(new TickBatchError('unknown price kind'));
  });
});
