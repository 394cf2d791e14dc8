import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { kiteTickerConnector } from '../../../src/kite/ticker-client.ts';
import type { SocketEnd, TickerConnector, TickerListener, TickerMessage } from '../../../src/kite/ticker-events.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { frameOf, ltpPacket } from './ticker-frames.ts';

/** Has every character that must be encoded in a query. */
const session = { apiKey: 'key123', accessToken: 'to+ken/with=odd&signs' };
const frame = frameOf([ltpPacket(256_265, 2_600_000)]);

type Event =
  | { readonly type: 'open' }
  | { readonly type: 'frame'; readonly bytes: Uint8Array; readonly at: number }
  | { readonly type: 'heartbeat'; readonly at: number }
  | { readonly type: 'message'; readonly message: TickerMessage }
  | { readonly type: 'end'; readonly end: SocketEnd };

/** Keeps what it is told, in order, and lets a test wait for the next of a kind. `onEvent` may throw. */
class Recorder implements TickerListener {
  readonly events: Event[] = [];
  onEvent: (event: Event) => void = () => undefined;
  private waiters: (() => void)[] = [];

  open = (): void => this.take({ type: 'open' });
  frame = (bytes: Uint8Array, at: number): void => this.take({ type: 'frame', bytes: Uint8Array.from(bytes), at });
  heartbeat = (at: number): void => this.take({ type: 'heartbeat', at });
  message = (message: TickerMessage): void => this.take({ type: 'message', message });
  end = (end: SocketEnd): void => this.take({ type: 'end', end });

  count(type: Event['type']): number {
    return this.events.filter((event) => event.type === type).length;
  }

  async until(type: Event['type'], count = 1): Promise<void> {
    while (this.count(type) < count) {
      await new Promise<void>((resolve) => {
        this.waiters.push(resolve);
      });
    }
  }

  async ended(): Promise<SocketEnd> {
    await this.until('end');
    const [event] = this.events.filter((each) => each.type === 'end');
    if (event === undefined) throw new Error('no end');
    return event.end;
  }

  private take(event: Event): void {
    this.events.push(event);
    for (const wake of this.waiters.splice(0)) wake();
    this.onEvent(event);
  }
}

describe('kiteTickerConnector', () => {
  let clock: VirtualClock;
  let server: Server;
  let sockets: WebSocketServer;
  let log: string[];
  let upgrades: IncomingMessage[];
  /** What the server does with an upgrade; by default it becomes a socket. */
  let onUpgrade: ((raw: Duplex) => void) | null;
  let rawSockets: Set<Duplex>;

  beforeEach(async () => {
    clock = new VirtualClock('2026-11-23T08:55:00+05:30');
    log = [];
    upgrades = [];
    onUpgrade = null;
    rawSockets = new Set();
    sockets = new WebSocketServer({ noServer: true });
    server = createServer();
    server.on('connection', (raw) => rawSockets.add(raw));
    server.on('upgrade', (request, raw, head) => {
      upgrades.push(request);
      if (onUpgrade !== null) onUpgrade(raw);
      else sockets.handleUpgrade(request, raw, head, (socket) => sockets.emit('connection', socket, request));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });

  afterEach(async () => {
    for (const raw of rawSockets) raw.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const connector = (tickerRoot = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`): TickerConnector =>
    kiteTickerConnector({
      endpoints: { apiRoot: 'http://127.0.0.1', loginRoot: 'http://127.0.0.1', tickerRoot },
      clock,
      log: (line) => log.push(line),
    });

  /** A socket that is open on both sides. */
  async function connected(ticker = connector()) {
    const listener = new Recorder();
    const accepted = once(sockets, 'connection') as Promise<[WebSocket]>;
    const socket = ticker.connect(session, listener);
    const [peer] = await accepted;
    await listener.until('open');
    return { socket, listener, peer, ticker };
  }

  it('signs the query with the token encoded, asks for version 3 and no compression', async () => {
    const { socket } = await connected();
    const [request] = upgrades;
    const url = new URL(request?.url ?? '', 'ws://kite');
    expect(Object.fromEntries(url.searchParams)).toEqual({ api_key: 'key123', access_token: session.accessToken });
    expect(request?.headers).toMatchObject({ 'x-kite-version': '3' });
    expect(request?.headers).not.toHaveProperty('sec-websocket-extensions');
    socket.terminate('done');
  });

  it('subscribes in batches of 500 numbers, each mode message shaped as Kite wants it', async () => {
    const { socket, peer } = await connected();
    const heard: unknown[] = [];
    peer.on('message', (data) => heard.push(JSON.parse(data.toString())));
    const tokens = Array.from({ length: 1200 }, (_, index) => index * 256 + 1);
    socket.subscribe(tokens);
    socket.setMode('full', tokens.slice(0, 2));
    socket.unsubscribe([1]);
    socket.subscribe([]);
    while (heard.length < 5) await once(peer, 'message');
    expect(heard).toEqual([
      { a: 'subscribe', v: tokens.slice(0, 500) },
      { a: 'subscribe', v: tokens.slice(500, 1000) },
      { a: 'subscribe', v: tokens.slice(1000) },
      { a: 'mode', v: ['full', [1, 257]] },
      { a: 'unsubscribe', v: [1] },
    ]);
    socket.terminate('done');
  });

  it('tells heartbeats, frames and messages apart, and counts what is none of them', async () => {
    const { socket, listener, peer, ticker } = await connected();
    clock.jump(1000);
    for (const bytes of [Buffer.alloc(1), frame, Buffer.alloc(2), Buffer.alloc(3), Buffer.alloc(0)]) peer.send(bytes);
    const texts: unknown[] = [
      { type: 'error', data: `bad token ${session.accessToken}` },
      { type: 'message', data: 'Exchange broadcast' },
      { type: 'instruments_meta', data: { count: 90_517, etag: 'W/"1"' } },
      { type: 'order', data: { order_id: '1', checksum: 12 } },
      { type: 'app_code', timestamp: '2026-05-30T13:31:46+05:30' },
      { type: 'instruments_meta', data: 'changed shape' },
    ];
    for (const text of texts) peer.send(JSON.stringify(text));
    for (const text of ['not json', '[1]', '{"type":5}']) peer.send(text);
    peer.send(Buffer.alloc(1));
    await listener.until('heartbeat', 2);
    const at = clock.now();
    expect(listener.events.slice(1)).toEqual([
      { type: 'heartbeat', at },
      { type: 'frame', bytes: Uint8Array.from(frame), at },
      { type: 'message', message: { type: 'error', text: 'bad token ***' } },
      { type: 'message', message: { type: 'message', text: 'Exchange broadcast' } },
      { type: 'message', message: { type: 'instruments-meta', count: 90_517, etag: 'W/"1"' } },
      { type: 'message', message: { type: 'order' } },
      { type: 'message', message: { type: 'other', name: 'app_code' } },
      { type: 'message', message: { type: 'other', name: 'instruments_meta' } },
      { type: 'heartbeat', at },
    ]);
    expect(ticker.ignored).toEqual({ shortFrames: 3, unreadableTexts: 3 });
    socket.terminate('done');
  });

  it.each([
    [403, 'Forbidden'],
    [429, 'Too Many Requests'],
    [302, 'Found'],
    [503, 'Service Unavailable'],
  ])('reports a handshake refused with %i, its body short and without the token', async (status, reason) => {
    const body = `{"message":"${session.accessToken} ${'x'.repeat(2000)}"}`;
    onUpgrade = (raw) =>
      raw.end(`HTTP/1.1 ${status} ${reason}\r\nLocation: /elsewhere\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    const listener = new Recorder();
    const socket = connector().connect(session, listener);
    const end = await listener.ended();
    expect(end).toMatchObject({ how: 'refused', status });
    expect(end.how === 'refused' && end.body.startsWith('{"message":"*** xxx')).toBe(true);
    expect(end.how === 'refused' && end.body.length).toBeLessThanOrEqual(500);
    expect(JSON.stringify(end)).not.toContain(session.accessToken);
    expect(socket.isOpen).toBe(false);
    expect(listener.events).toHaveLength(1);
    expect(upgrades).toHaveLength(1);
  });

  it('does not wait long for the body of a refusal', async () => {
    onUpgrade = (raw) => raw.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\npart');
    const delays: number[] = [];
    const listener = new Recorder();
    const arm = clock.setTimeout.bind(clock);
    clock.setTimeout = (run, delayMs) => {
      delays.push(delayMs);
      return arm(run, delayMs);
    };
    connector().connect(session, listener);
    while (!delays.includes(500)) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(499);
    expect(listener.events).toEqual([]);
    await clock.advance(1);
    expect(await listener.ended()).toMatchObject({ how: 'refused', status: 403 });
  });

  it('names the network code when nobody listens and when TLS cannot be had', async () => {
    const port = (server.address() as AddressInfo).port;
    const cases = [
      ['ws://127.0.0.1:1', 'ECONNREFUSED'],
      [`wss://127.0.0.1:${port}`, /SSL|EPROTO|ECONNRESET/],
    ] as const;
    for (const [root, code] of cases) {
      const listener = new Recorder();
      connector(root).connect(session, listener);
      const end = await listener.ended();
      expect(end.how).toBe('failed');
      expect(end.how === 'failed' && end.networkCode).toMatch(code);
      expect(JSON.stringify(end)).not.toContain('signs');
    }
  });

  it('ends, without quoting the token, when the address is not a socket URL', async () => {
    for (const root of ['nonsense', 'ftp://127.0.0.1']) {
      const listener = new Recorder();
      const socket = connector(root).connect(session, listener);
      expect(listener.events).toEqual([]);
      expect(await listener.ended()).toEqual({
        how: 'failed',
        networkCode: null,
        message: 'The ticker address is not a WebSocket URL.',
      });
      socket.subscribe([1]);
      socket.terminate('twice');
    }
  });

  it('gives a handshake that is never answered ten seconds', async () => {
    onUpgrade = () => undefined;
    const listener = new Recorder();
    connector().connect(session, listener);
    while (upgrades.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(9999);
    expect(listener.events).toEqual([]);
    await clock.advance(1);
    expect(listener.events).toEqual([{ type: 'end', end: { how: 'handshake-timeout' } }]);
    expect(clock.pending).toBe(0);
  });

  it('tells a close by the server with its code and reason, and a torn connection as 1006', async () => {
    const first = await connected();
    first.peer.close(1001, 'going away');
    expect(await first.listener.ended()).toEqual({ how: 'closed', code: 1001, reason: 'going away' });
    const second = await connected();
    second.peer.terminate();
    expect(await second.listener.ended()).toEqual({ how: 'closed', code: 1006, reason: '' });
    expect([first, second].map(({ listener }) => listener.count('end'))).toEqual([1, 1]);
    expect(clock.pending).toBe(0);
  });

  it('ends on a frame larger than any Kite sends', async () => {
    const { listener, peer } = await connected();
    peer.send(Buffer.alloc(5 * 1024 * 1024));
    expect(await listener.ended()).toMatchObject({ how: 'failed', networkCode: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' });
  });

  it('is left by the closing handshake, and cut where the other side does not answer it', async () => {
    const ticker = connector();
    const [answering, dead] = [await connected(ticker), await connected(ticker)];
    const code = once(answering.peer, 'close').then(([given]) => given);
    dead.peer.pause();
    answering.socket.terminate('done');
    dead.socket.terminate('done');
    expect(await code).toBe(1000);
    // Hung up without being read: the server's side hears of it when it writes.
    const isTorn = (): boolean => dead.peer.readyState !== dead.peer.OPEN;
    await vi.waitUntil(() => isTorn() || void dead.peer.send(frame, () => undefined), 5_000);
  });

  it('is over at once after terminate: nothing more is heard, and one end follows after the call', async () => {
    const { socket, listener, peer } = await connected();
    listener.onEvent = (event) => {
      if (event.type !== 'frame') return;
      socket.terminate('stall');
      expect(socket.isOpen).toBe(false);
      expect(listener.count('end')).toBe(0);
    };
    const gone = once(peer, 'close');
    for (let burst = 0; burst < 50; burst++) peer.send(frame);
    expect(await listener.ended()).toEqual({ how: 'terminated', why: 'stall' });
    await gone;
    socket.terminate('again');
    socket[Symbol.dispose]();
    await clock.advance(60_000);
    expect(listener.events.map(({ type }) => type)).toEqual(['open', 'frame', 'end']);
  });

  it('can be given up before it is open', async () => {
    onUpgrade = () => undefined;
    const listener = new Recorder();
    const socket = connector().connect(session, listener);
    socket[Symbol.dispose]();
    expect(await listener.ended()).toEqual({ how: 'terminated', why: 'disposed' });
    await clock.advance(60_000);
    expect(listener.events).toHaveLength(1);
  });

  it('survives a listener that throws, and reports it without the token', async () => {
    const { socket, listener, peer } = await connected();
    listener.onEvent = () => {
      throw new Error(`cannot use access_token=${session.accessToken}`);
    };
    peer.send(frame);
    peer.send(Buffer.alloc(1));
    peer.send(frame);
    await listener.until('frame', 2);
    expect(socket.isOpen).toBe(true);
    expect(log).toHaveLength(3);
    expect(log[0]).toBe('ticker 1: the frame listener threw Error: cannot use access_token=***');
    socket.terminate('done');
    await listener.ended();
  });

  // The official client has one socket, one set of listeners and one set of counters for the whole process, misses every
  // second drop and ends the process after a disconnect.
  it('keeps two sockets apart: each hears its own server side, and one outlives the other', async () => {
    const ticker = connector();
    const [old, current] = [await connected(ticker), await connected(ticker)];
    expect([old.socket.generation, current.socket.generation]).toEqual([1, 2]);
    old.socket.terminate('new token');
    await old.listener.ended();
    current.peer.send(frame);
    await current.listener.until('frame');
    expect(old.listener.events.map(({ type }) => type)).toEqual(['open', 'end']);
    expect(current.socket.isOpen).toBe(true);
    current.socket.terminate('done');
  });

  it('tells each of twenty drops in a row', async () => {
    const ticker = connector();
    for (let drop = 1; drop <= 20; drop++) {
      const { listener, peer } = await connected(ticker);
      peer.close();
      expect(await listener.ended()).toMatchObject({ how: 'closed' });
    }
  });
});
