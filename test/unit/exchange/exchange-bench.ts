/** A running exchange on a virtual clock, and clients that write down what they get. */
import { createHash } from 'node:crypto';
import { KiteTicker } from 'kiteconnect';
import { WebSocket } from 'ws';
import { demoApp, demoUser, type Exchange, type ExchangeOptions, startExchange } from '../../exchange/exchange.ts';
import { settleIo } from '../../support/settle.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { calendar } from './market-bench.ts';

/** One binary frame with the virtual instant at which it came. */
export interface Received {
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

/** A tick as the official client reads it. */
export interface OfficialTick {
  readonly instrument_token: number;
  readonly mode: string;
  readonly tradable: boolean;
  readonly last_price: number;
  readonly exchange_timestamp?: Date | null;
}

export interface Answer<T = unknown> {
  readonly status: number;
  readonly body: T;
}

interface Envelope {
  readonly status: string;
  readonly error_type: string;
  readonly message: string;
  // biome-ignore lint/suspicious/noExplicitAny: each test reads the data of the call it made
  readonly data: any;
}

const official = new KiteTicker({ api_key: 'k', access_token: 't' }) as unknown as {
  parseBinary(frame: ArrayBuffer): OfficialTick[];
};

/** A ticker client that keeps everything. */
export class TickerClient implements Disposable {
  readonly frames: Received[] = [];
  readonly heartbeats: number[] = [];
  readonly texts: string[] = [];
  closeCode: number | null = null;
  private readonly socket: WebSocket;

  constructor(socket: WebSocket, clock: VirtualClock) {
    this.socket = socket;
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) this.texts.push(data.toString());
      else if (data.length === 1) this.heartbeats.push(clock.now());
      else this.frames.push({ atMs: clock.now(), bytes: new Uint8Array(data) });
    });
    socket.on('close', (code) => {
      this.closeCode = code;
    });
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  subscribe(tokens: readonly (number | string)[], mode?: 'ltp' | 'quote' | 'full'): void {
    this.send({ a: 'subscribe', v: tokens });
    if (mode !== undefined) this.send({ a: 'mode', v: [mode, tokens] });
  }

  /** Ticks of all frames so far, as the official client reads them. */
  get ticks(): (OfficialTick & { readonly atMs: number })[] {
    return this.frames.flatMap(({ atMs, bytes }) =>
      official.parseBinary(new Uint8Array(bytes).buffer).map((tick) => ({ ...tick, atMs })),
    );
  }

  forget(): void {
    this.frames.length = 0;
    this.heartbeats.length = 0;
    this.texts.length = 0;
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}

export class ExchangeBench implements AsyncDisposable {
  readonly clock: VirtualClock;
  readonly exchange: Exchange;
  readonly settle: () => Promise<void>;
  private readonly clients: TickerClient[] = [];

  private constructor(clock: VirtualClock, exchange: Exchange) {
    this.clock = clock;
    this.exchange = exchange;
    this.settle = settleIo(() => exchange.busy());
  }

  static async at(instant: string, options: Partial<ExchangeOptions> = {}): Promise<ExchangeBench> {
    const clock = new VirtualClock(instant);
    const exchange = await startExchange({ clock, calendar, dataDir: null, optionCount: 60, ...options });
    return new ExchangeBench(clock, exchange);
  }

  advance(ms: number): Promise<void> {
    return this.clock.advance(ms, this.settle);
  }

  advanceTo(instant: string): Promise<void> {
    return this.clock.advanceTo(instant, this.settle);
  }

  /** A token minted now. */
  token(): string {
    return this.exchange.issueToken({ userId: demoUser.userId, mintedAtMs: this.clock.now() });
  }

  /** A REST call; signed when a token is given. */
  async call(path: string, accessToken?: string, init: RequestInit = {}): Promise<Answer<Envelope>> {
    const headers =
      accessToken === undefined
        ? {}
        : { authorization: `token ${demoApp.apiKey}:${accessToken}`, 'x-kite-version': '3' };
    const response = await fetch(`${this.exchange.apiRoot}${path}`, {
      ...init,
      headers: { ...headers, ...init.headers },
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, body: isJson ? JSON.parse(text) : text };
  }

  /** Exchanges a request token; `secret` to get the checksum wrong. */
  createSession(requestToken: string, secret = demoApp.apiSecret): Promise<Answer<Envelope>> {
    const checksum = createHash('sha256').update(`${demoApp.apiKey}${requestToken}${secret}`).digest('hex');
    const body = new URLSearchParams({ api_key: demoApp.apiKey, request_token: requestToken, checksum });
    return this.call('/session/token', undefined, { method: 'POST', body });
  }

  /** Opens a socket; a status instead of a client when it is refused, `reset` when the connection broke. */
  async tryConnect(accessToken: string, path = '/ws'): Promise<TickerClient | number | 'reset'> {
    const query = new URLSearchParams({ api_key: demoApp.apiKey, access_token: accessToken });
    const socket = new WebSocket(`ws://127.0.0.1:${this.exchange.port}${path}?${query}`);
    const client = new TickerClient(socket, this.clock);
    this.clients.push(client);
    return new Promise((resolve) => {
      socket.on('open', () => resolve(client));
      socket.on('unexpected-response', (_request, response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      socket.on('error', () => resolve('reset'));
    });
  }

  async connect(accessToken = this.token()): Promise<TickerClient> {
    const client = await this.tryConnect(accessToken);
    if (!(client instanceof TickerClient)) throw new Error(`the ticker refused: ${client}`);
    await this.settle();
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.clients) client[Symbol.dispose]();
    await this.exchange[Symbol.asyncDispose]();
  }
}
