/** Packets of every kind, for properties. */
import fc from 'fast-check';
import { fullPacket, indexPacket, ltpPacket, quotePacket } from './ticker-frames.ts';

const price = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const quantity = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const seconds = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2 ** 31 - 1 }));
const ohlc = { open: price, high: price, low: price, close: price };
/** Every segment but the indices, currencies (other divisors) among them. */
const tradable = fc
  .tuple(fc.integer({ min: 1, max: 2 ** 23 - 1 }), fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 12))
  .map(([exchangeToken, segment]) => exchangeToken * 256 + segment);
const index = fc.integer({ min: 1, max: 2 ** 23 - 1 }).map((exchangeToken) => exchangeToken * 256 + 9);
const level = fc.record({ quantity, price, orders: fc.integer({ min: 0, max: 65_535 }) });
const quoteFields = {
  token: tradable,
  lastPrice: price,
  lastQuantity: quantity,
  averagePrice: price,
  volume: quantity,
  buyQuantity: quantity,
  sellQuantity: quantity,
  ...ohlc,
};
const fullFields = fc.record({
  ...quoteFields,
  lastTradeTime: seconds,
  openInterest: quantity,
  openInterestHigh: quantity,
  openInterestLow: quantity,
  exchangeTime: seconds,
  depth: fc.array(level, { minLength: 10, maxLength: 10 }),
});
const indexFields = fc.record({ token: index, lastPrice: price, ...ohlc, change: price, exchangeTime: seconds });

export interface Packet {
  readonly token: number;
  readonly bytes: Buffer;
}
export const packet: fc.Arbitrary<Packet> = fc.oneof(
  fc.tuple(fc.oneof(tradable, index), price).map(([token, last]) => ({ token, bytes: ltpPacket(token, last) })),
  indexFields.map((tick) => ({ token: tick.token, bytes: indexPacket(tick, 'quote') })),
  indexFields.map((tick) => ({ token: tick.token, bytes: indexPacket(tick, 'full') })),
  fc.record(quoteFields).map((tick) => ({ token: tick.token, bytes: quotePacket(tick) })),
  fullFields.map((tick) => ({ token: tick.token, bytes: fullPacket(tick) })),
);
