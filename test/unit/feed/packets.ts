/** Builds binary ticker frames for tests; prices in rupees, times in ms since the epoch. */

export interface TickSpec {
  readonly token: number;
  readonly lastPrice: number;
  readonly exchangeTimeMs: number;
  /** Default: the exchange time. Not sent for an index. */
  readonly lastTradeTimeMs?: number;
  readonly volume?: number;
  readonly open?: number;
  readonly high?: number;
  readonly low?: number;
  readonly close?: number;
  /** Default: full. In quote mode nothing has a time. */
  readonly mode?: 'quote' | 'full';
}

const FULL_BYTES = 184;
const QUOTE_BYTES = 44;
const INDEX_BYTES = 32;
const INDEX_QUOTE_BYTES = 28;

/** One frame of packets, each in its mode. */
export function frameOf(ticks: readonly TickSpec[]): Uint8Array {
  const packets = ticks.map((tick) => {
    const isQuote = tick.mode === 'quote';
    return (tick.token & 0xff) === 9
      ? indexPacket(tick).slice(0, isQuote ? INDEX_QUOTE_BYTES : INDEX_BYTES)
      : tradablePacket(tick).slice(0, isQuote ? QUOTE_BYTES : FULL_BYTES);
  });
  const frame = new Uint8Array(2 + packets.reduce((sum, packet) => sum + 2 + packet.byteLength, 0));
  const view = new DataView(frame.buffer);
  view.setUint16(0, packets.length);
  let at = 2;
  for (const packet of packets) {
    view.setUint16(at, packet.byteLength);
    frame.set(new Uint8Array(packet), at + 2);
    at += 2 + packet.byteLength;
  }
  return frame;
}

const paise = (rupees: number): number => Math.round(rupees * 100);

function indexPacket({ token, lastPrice, exchangeTimeMs, open, high, low, close }: TickSpec): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(INDEX_BYTES));
  view.setUint32(0, token);
  view.setInt32(4, paise(lastPrice));
  view.setInt32(8, paise(high ?? lastPrice));
  view.setInt32(12, paise(low ?? lastPrice));
  view.setInt32(16, paise(open ?? lastPrice));
  view.setInt32(20, paise(close ?? lastPrice));
  view.setUint32(28, exchangeTimeMs / 1000);
  return view.buffer;
}

function tradablePacket(tick: TickSpec): ArrayBuffer {
  const { token, lastPrice, exchangeTimeMs, open, high, low, close } = tick;
  const view = new DataView(new ArrayBuffer(FULL_BYTES));
  view.setUint32(0, token);
  view.setInt32(4, paise(lastPrice));
  view.setUint32(8, 65);
  view.setInt32(12, paise(lastPrice));
  view.setUint32(16, tick.volume ?? 0);
  view.setInt32(28, paise(open ?? lastPrice));
  view.setInt32(32, paise(high ?? lastPrice));
  view.setInt32(36, paise(low ?? lastPrice));
  view.setInt32(40, paise(close ?? lastPrice));
  view.setUint32(44, (tick.lastTradeTimeMs ?? exchangeTimeMs) / 1000);
  view.setUint32(60, exchangeTimeMs / 1000);
  view.setUint32(64, 130);
  view.setInt32(68, paise(lastPrice - 0.05));
  view.setUint16(72, 3);
  return view.buffer;
}
