/** Good data that comes in odd ways, and bad framing: over a real socket, byte by byte where it matters. */
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { evidenceOf } from '../../../src/feed/evidence.ts';
import { QuoteBook } from '../../../src/feed/quote-book.ts';
import { kiteTickerConnector } from '../../../src/kite/ticker-client.ts';
import type { SocketEnd, TickerSocket } from '../../../src/kite/ticker-events.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { at, nifty, niftyFuture } from './instruments.ts';
import { frameOf } from './packets.ts';

const noon = at('12:00:00');
const good = frameOf([
  { token: nifty.token, lastPrice: 26_000, exchangeTimeMs: noon },
  { token: niftyFuture.token, lastPrice: 26_100, exchangeTimeMs: noon, volume: 75 },
]);

/** A WebSocket frame as the server's bytes; `first`: FIN, reserved bits and opcode. */
function wireFrame(first: number, payload: Uint8Array): Buffer {
  const length = payload.length;
  const size = length < 126 ? [length] : length < 65_536 ? [126, length >> 8, length & 255] : null;
  if (size !== null) return Buffer.from([first, ...size, ...payload]);
  const head = Buffer.alloc(10);
  head[0] = first;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

const BINARY = 0x82;
const TEXT = 0x81;
const COMPRESSED = 0x40;

describe('a ticker socket', () => {
  let server: WebSocketServer;
  let socket: TickerSocket;
  let peer: WebSocket;
  let wire: Socket;
  let book: QuoteBook;
  let ticks: number;
  let frames: number;
  let ended: Promise<SocketEnd>;

  beforeEach(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const clock = new VirtualClock(noon);
    book = new QuoteBook(bundledCalendar());
    for (const instrument of [nifty, niftyFuture]) book.add(instrument);
    ticks = 0;
    frames = 0;
    const tickerRoot = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const connector = kiteTickerConnector({ endpoints: { apiRoot: '', loginRoot: '', tickerRoot }, clock });
    const accepted = once(server, 'connection') as Promise<[WebSocket, { readonly socket: Socket }]>;
    ended = new Promise((resolve) => {
      socket = connector.connect(
        { apiKey: 'k', accessToken: 't' },
        {
          open: () => undefined,
          frame: (bytes, receivedAtMs) => {
            frames++;
            ticks += book.applyFrame(bytes, receivedAtMs);
          },
          heartbeat: () => undefined,
          message: () => undefined,
          end: resolve,
        },
      );
    });
    const [connection, request] = await accepted;
    peer = connection;
    peer.on('error', () => undefined);
    wire = request.socket;
  });

  afterEach(async () => {
    socket.terminate('done');
    peer.terminate();
    await new Promise((resolve) => server.close(resolve));
  });

  const framesToBe = async (count: number): Promise<void> => {
    while (frames < count) await new Promise((resolve) => setImmediate(resolve));
  };

  it('takes a frame that comes a byte at a time', async () => {
    wire.setNoDelay(true);
    for (const byte of wireFrame(BINARY, good)) {
      wire.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await framesToBe(1);
    expect([ticks, book.dropped]).toEqual([2, 0]);
    expect(book.row(1, false)).toMatchObject({ lastPrice: 26_100, volume: 75 });
  });

  it('takes a frame that comes in a hundred fragments with pings between them', async () => {
    const step = Math.ceil(good.length / 100);
    for (let from = 0; from < good.length; from += step) {
      const isLast = from + step >= good.length;
      peer.send(good.subarray(from, from + step), { binary: true, fin: isLast });
      peer.ping();
    }
    await framesToBe(1);
    expect([ticks, book.dropped]).toEqual([2, 0]);
  });

  it('takes many frames out of one packet of the network', async () => {
    wire.write(Buffer.concat(Array.from({ length: 500 }, () => wireFrame(BINARY, good))));
    await framesToBe(500);
    expect([ticks, book.dropped]).toEqual([1_000, 0]);
  });

  it('takes a frame of 3,000 full packets, and drops what nobody asked for', async () => {
    const many = Array.from({ length: 2_998 }, (_, index) => ({
      token: (index + 1) * 256 + 1,
      lastPrice: 1,
      exchangeTimeMs: noon,
    }));
    const huge = frameOf([...many, { token: niftyFuture.token, lastPrice: 26_200, exchangeTimeMs: noon + 1_000 }]);
    expect(huge.length).toBeGreaterThan(500_000);
    wire.write(wireFrame(BINARY, huge));
    await framesToBe(1);
    expect([ticks, book.dropped]).toEqual([1, 2_998]);
    expect(book.row(1, false)?.lastPrice).toBe(26_200);
  });

  it('takes four megabytes of nothing for one wrong frame', async () => {
    wire.write(wireFrame(BINARY, new Uint8Array(4 * 1024 * 1024).fill(255)));
    await framesToBe(1);
    expect(ticks).toBe(0);
    expect(book.dropped).toBeGreaterThan(0);
    wire.write(wireFrame(BINARY, good));
    await framesToBe(2);
    expect(ticks).toBe(2);
  });

  it.each<[string, Buffer, string]>([
    [
      'a compressed frame nobody agreed to',
      wireFrame(BINARY | COMPRESSED, deflateRawSync(good)),
      'WS_ERR_UNEXPECTED_RSV_1',
    ],
    [
      'a frame above four megabytes',
      wireFrame(BINARY, new Uint8Array(4 * 1024 * 1024 + 1)),
      'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
    ],
    ['text that is not UTF-8', wireFrame(TEXT, Uint8Array.of(0xff, 0xfe, 0xfd)), 'WS_ERR_INVALID_UTF8'],
    ['an opcode that is none', wireFrame(0x83, good), 'WS_ERR_INVALID_OPCODE'],
    ['a continuation of nothing', wireFrame(0x80, good), 'WS_ERR_INVALID_OPCODE'],
    ['bytes that are no frame', Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), 'WS_ERR_'],
  ])('ends, with a code and words for it, at %s', async (_, bytes, code) => {
    wire.write(bytes);
    const end = await ended;
    expect(end).toMatchObject({ how: 'failed', networkCode: expect.stringMatching(code) });
    expect(evidenceOf(end)).toMatch(/alters the messages/);
    expect([ticks, book.dropped]).toEqual([0, 0]);
  });
});
