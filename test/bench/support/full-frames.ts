import { frameOf, fullPacket } from '../../unit/kite/ticker-frames.ts';

/** A second of the market as frames: so many full-mode futures, each ticking once, spread over frames of the second. */
export interface FrameStream {
  readonly tokens: readonly number[];
  /** The frames of the second that starts at `secondMs` (ms since the epoch). The buffers are used again for the next. */
  second(secondMs: number): readonly Buffer[];
}

/** Where a full packet has its fields, from the packet's start. */
const LAST_PRICE_AT = 4;
const VOLUME_AT = 16;
const TRADE_TIME_AT = 44;
const EXCHANGE_TIME_AT = 60;
const FULL_BYTES = 184;
const FRAME_HEADER_BYTES = 2;
const LENGTH_BYTES = 2;

/** Kite sends a connection's ticks of a second in several frames; with few instruments each frame has one or two. */
export const FRAMES_A_SECOND = 10;

/** NFO tokens in a scattered order, as subscriptions come. */
export function scatteredToken(index: number): number {
  return (((index * 7919) % 100_003) + 35_000) * 256 + 2;
}

/** `first`: where in the order of tokens to begin, so that several streams have different instruments. */
export function fullFrames(instruments: number, first = 0): FrameStream {
  const tokens = Array.from({ length: instruments }, (_, index) => scatteredToken(first + index));
  const perFrame = Math.ceil(instruments / FRAMES_A_SECOND);
  const frames: Buffer[] = [];
  for (let from = 0; from < instruments; from += perFrame) {
    frames.push(frameOf(tokens.slice(from, from + perFrame).map(packetOf)));
  }
  let seconds = 0;
  return {
    tokens,
    second: (secondMs) => {
      seconds++;
      for (const frame of frames) advance(frame, secondMs, seconds);
      return frames;
    },
  };
}

/** Moves price, volume and times on in place: every packet is news. */
function advance(frame: Buffer, secondMs: number, seconds: number): void {
  for (let at = FRAME_HEADER_BYTES; at < frame.length; at += LENGTH_BYTES + FULL_BYTES) {
    const packet = at + LENGTH_BYTES;
    frame.writeInt32BE(2_600_000 + ((seconds * 37 + at) % 1_000) * 5, packet + LAST_PRICE_AT);
    frame.writeUInt32BE(3_333_600 + seconds * 75, packet + VOLUME_AT);
    frame.writeUInt32BE(secondMs / 1000, packet + TRADE_TIME_AT);
    frame.writeUInt32BE(secondMs / 1000, packet + EXCHANGE_TIME_AT);
  }
}

function packetOf(token: number, index: number): ReturnType<typeof fullPacket> {
  return fullPacket({
    token,
    lastPrice: 2_600_000 + index,
    lastQuantity: 75,
    averagePrice: 2_599_100 + index,
    volume: 3_333_600,
    buyQuantity: 305_400,
    sellQuantity: 421_575,
    open: 2_608_000,
    high: 2_610_020,
    low: 2_597_240,
    close: 2_606_020,
    lastTradeTime: 0,
    openInterest: 11_148_150,
    openInterestHigh: 11_200_000,
    openInterestLow: 11_000_000,
    exchangeTime: 0,
    depth: Array.from({ length: 10 }, (_, level) => ({
      quantity: 75 * (level + 1),
      price: 2_600_000 + level * 5,
      orders: level + 1,
    })),
  });
}
