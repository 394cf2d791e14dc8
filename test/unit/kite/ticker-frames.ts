/** Writes ticker frames byte by byte as Kite documents them: the other side of `src/kite/frame.ts`. */

/** Prices are signed and in smallest units, times in seconds since the epoch. */
export interface LevelFields {
  readonly quantity: number;
  readonly price: number;
  readonly orders: number;
}

export interface IndexFields {
  readonly token: number;
  readonly lastPrice: number;
  readonly high: number;
  readonly low: number;
  readonly open: number;
  readonly close: number;
  readonly change: number;
  readonly exchangeTime: number;
}

export interface QuoteFields {
  readonly token: number;
  readonly lastPrice: number;
  readonly lastQuantity: number;
  readonly averagePrice: number;
  readonly volume: number;
  readonly buyQuantity: number;
  readonly sellQuantity: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

export interface FullFields extends QuoteFields {
  readonly lastTradeTime: number;
  readonly openInterest: number;
  readonly openInterestHigh: number;
  readonly openInterestLow: number;
  readonly exchangeTime: number;
  /** Five bids, then five asks. */
  readonly depth: readonly LevelFields[];
}

export function ltpPacket(token: number, lastPrice: number): Buffer {
  return words([token, lastPrice]);
}

export function indexPacket(tick: IndexFields, mode: 'quote' | 'full'): Buffer {
  const fields = [tick.token, tick.lastPrice, tick.high, tick.low, tick.open, tick.close, tick.change];
  return words(mode === 'full' ? [...fields, tick.exchangeTime] : fields);
}

export function quotePacket(tick: QuoteFields): Buffer {
  return words([
    tick.token,
    tick.lastPrice,
    tick.lastQuantity,
    tick.averagePrice,
    tick.volume,
    tick.buyQuantity,
    tick.sellQuantity,
    tick.open,
    tick.high,
    tick.low,
    tick.close,
  ]);
}

export function fullPacket(tick: FullFields): Buffer {
  const times = words([
    tick.lastTradeTime,
    tick.openInterest,
    tick.openInterestHigh,
    tick.openInterestLow,
    tick.exchangeTime,
  ]);
  const levels = tick.depth.map(({ quantity, price, orders }) => {
    const level = Buffer.alloc(12);
    level.writeUInt32BE(quantity, 0);
    level.writeUInt32BE(price >>> 0, 4);
    level.writeUInt16BE(orders, 8);
    return level;
  });
  return Buffer.concat([quotePacket(tick), times, ...levels]);
}

/** `announced`: the count in the header, when it is to differ from the number of packets. */
export function frameOf(packets: readonly Uint8Array[], announced = packets.length): Buffer {
  return Buffer.concat([half(announced), ...packets.flatMap((packet) => [half(packet.length), packet])]);
}

function half(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4);
  return bytes;
}
