import type { TickerMode } from '../../../src/kite/ticker-events.ts';
import { BOOK_LEVELS, type MarketTick } from '../market/market-tick.ts';

/**
 * Kite's binary ticker format, big-endian: a 16-bit packet count, then each packet behind its 16-bit length. Prices in
 * paise. Written from the byte tables of https://kite.trade/docs/connect/v3/websocket/, apart from any decoder.
 */

const COUNT_BYTES = 2;
const LENGTH_BYTES = 2;
const FIRST_CAPACITY = 4096;

/** A heartbeat is one byte. */
export const heartbeat: Buffer = Buffer.from([0]);

/** Packet length of an instrument in a mode. */
export function packetLength(isIndex: boolean, mode: TickerMode): 8 | 28 | 32 | 44 | 184 {
  if (mode === 'ltp') return 8;
  if (isIndex) return mode === 'full' ? 32 : 28;
  return mode === 'full' ? 184 : 44;
}

/** Builds one frame after another in a buffer of its own. */
export class FrameBuilder {
  private buffer = Buffer.alloc(FIRST_CAPACITY);
  private end = COUNT_BYTES;
  private packets = 0;

  get count(): number {
    return this.packets;
  }

  add(token: number, isIndex: boolean, mode: TickerMode, tick: MarketTick): void {
    const length = packetLength(isIndex, mode);
    this.reserve(LENGTH_BYTES + length);
    this.buffer.writeUInt16BE(length, this.end);
    writePacket(this.buffer, this.end + LENGTH_BYTES, token, isIndex, mode, tick);
    this.end += LENGTH_BYTES + length;
    this.packets++;
  }

  /** The finished frame, a copy; the builder starts anew. */
  take(): Buffer {
    this.buffer.writeUInt16BE(this.packets, 0);
    const frame = Buffer.allocUnsafe(this.end);
    this.buffer.copy(frame, 0, 0, this.end);
    this.end = COUNT_BYTES;
    this.packets = 0;
    return frame;
  }

  private reserve(bytes: number): void {
    if (this.end + bytes <= this.buffer.length) return;
    const wider = Buffer.alloc(this.buffer.length * 2);
    this.buffer.copy(wider);
    this.buffer = wider;
  }
}

/** Writes one packet of `packetLength(isIndex, mode)` bytes at `at`. */
export function writePacket(
  out: Buffer,
  at: number,
  token: number,
  isIndex: boolean,
  mode: TickerMode,
  tick: MarketTick,
): void {
  out.writeUInt32BE(token, at);
  out.writeInt32BE(tick.lastPrice, at + 4);
  if (mode === 'ltp') return;
  if (isIndex) writeIndex(out, at, mode, tick);
  else writeTradable(out, at, mode, tick);
}

function writeIndex(out: Buffer, at: number, mode: TickerMode, tick: MarketTick): void {
  out.writeInt32BE(tick.high, at + 8);
  out.writeInt32BE(tick.low, at + 12);
  out.writeInt32BE(tick.open, at + 16);
  out.writeInt32BE(tick.close, at + 20);
  out.writeInt32BE(tick.lastPrice - tick.close, at + 24);
  if (mode === 'full') out.writeUInt32BE(tick.exchangeTimeS, at + 28);
}

function writeTradable(out: Buffer, at: number, mode: TickerMode, tick: MarketTick): void {
  out.writeUInt32BE(tick.lastQuantity, at + 8);
  out.writeInt32BE(tick.averagePrice, at + 12);
  out.writeUInt32BE(tick.volume, at + 16);
  out.writeUInt32BE(tick.buyQuantity, at + 20);
  out.writeUInt32BE(tick.sellQuantity, at + 24);
  out.writeInt32BE(tick.open, at + 28);
  out.writeInt32BE(tick.high, at + 32);
  out.writeInt32BE(tick.low, at + 36);
  out.writeInt32BE(tick.close, at + 40);
  if (mode !== 'full') return;
  out.writeUInt32BE(tick.lastTradeTimeS, at + 44);
  out.writeUInt32BE(tick.openInterest, at + 48);
  out.writeUInt32BE(tick.openInterestHigh, at + 52);
  out.writeUInt32BE(tick.openInterestLow, at + 56);
  out.writeUInt32BE(tick.exchangeTimeS, at + 60);
  for (let level = 0; level < BOOK_LEVELS * 2; level++) {
    const place = at + 64 + level * 12;
    out.writeUInt32BE(tick.bookQuantity[level] ?? 0, place);
    out.writeInt32BE(tick.bookPrice[level] ?? 0, place + 4);
    out.writeUInt16BE(tick.bookOrders[level] ?? 0, place + 8);
    out.writeUInt16BE(0, place + 10);
  }
}
