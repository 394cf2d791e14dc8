/**
 * The ticker socket on `ws`. The official client is not used for this: it keeps its state in the module, ends the
 * process after its retries, hides the status of a refused handshake and drops Kite's error messages.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import WebSocket, { type RawData } from 'ws';
import type { Clock } from '../clock.ts';
import type { KiteEndpoints } from './endpoints.ts';
import { SHORTEST_FRAME_BYTES } from './frame.ts';
import { redactSecrets } from './redact.ts';
import type { SessionCredentials } from './session.ts';
import type {
  SocketEnd,
  TickerConnector,
  TickerListener,
  TickerMessage,
  TickerMode,
  TickerSocket,
} from './ticker-events.ts';
import { parseTickerMessage } from './ticker-message.ts';

const HANDSHAKE_TIMEOUT_MS = 10_000;
/** How long a refusal's body may take: the status alone already says what matters. */
const REFUSAL_BODY_TIMEOUT_MS = 500;
const REFUSAL_BODY_BYTES = 500;
/** Real ms that `ws` waits for the server to hang up after the closing handshake; its default is 30 s. */
const CLOSING_TIMEOUT_MS = 1000;
/** 3,000 instruments in full mode, Kite's limit for a connection, make a frame of 0.56 MB. */
const MAX_FRAME_BYTES = 4 * 1024 * 1024;
/** Kite documents no limit for one subscribe message; a few small ones keep each well under a TCP window. */
const TOKENS_PER_MESSAGE = 500;
const HEARTBEAT_BYTES = 1;
/** RFC 6455: the purpose of the connection is fulfilled. */
const NORMAL_CLOSURE = 1000;

/** `closeTimeout` is missing in the typings. */
const socketOptions: WebSocket.ClientOptions & { readonly closeTimeout: number } = {
  headers: { 'X-Kite-Version': '3' },
  perMessageDeflate: false,
  followRedirects: false,
  rejectUnauthorized: true,
  maxPayload: MAX_FRAME_BYTES,
  closeTimeout: CLOSING_TIMEOUT_MS,
};

export interface TickerOptions {
  readonly endpoints: KiteEndpoints;
  readonly clock: Clock;
  /** Gets one line, free of secrets, for what has no place in `TickerListener`: a listener that threw, odd frames. */
  readonly log?: (line: string) => void;
}

/** Opens ticker sockets at `endpoints.tickerRoot`; each has its own state and generation, counted from 1. */
export function kiteTickerConnector(options: TickerOptions): TickerConnector {
  const ignored = { shortFrames: 0, unreadableTexts: 0 };
  let generation = 0;
  return {
    ignored,
    connect: (session, listener) => new KiteTickerSocket(++generation, session, listener, options, ignored),
  };
}

class KiteTickerSocket implements TickerSocket {
  readonly generation: number;
  private readonly session: SessionCredentials;
  private readonly listener: TickerListener;
  private readonly options: TickerOptions;
  private readonly ignored: { shortFrames: number; unreadableTexts: number };
  /** Null when the address itself is not a socket URL. */
  private readonly socket: WebSocket | null;
  private waiting: Disposable | null = null;
  private opened = false;
  /** Set with the first cause of an end; whatever the socket says after it is not passed on. */
  private ended = false;

  constructor(
    generation: number,
    session: SessionCredentials,
    listener: TickerListener,
    options: TickerOptions,
    ignored: { shortFrames: number; unreadableTexts: number },
  ) {
    this.generation = generation;
    this.session = session;
    this.listener = listener;
    this.options = options;
    this.ignored = ignored;
    this.socket = this.dial();
  }

  get isOpen(): boolean {
    return this.opened && !this.ended;
  }

  subscribe(tokens: readonly number[]): void {
    this.sendInBatches(tokens, (batch) => ({ a: 'subscribe', v: batch }));
  }

  unsubscribe(tokens: readonly number[]): void {
    this.sendInBatches(tokens, (batch) => ({ a: 'unsubscribe', v: batch }));
  }

  setMode(mode: TickerMode, tokens: readonly number[]): void {
    this.sendInBatches(tokens, (batch) => ({ a: 'mode', v: [mode, batch] }));
  }

  terminate(why: string): void {
    this.finish({ how: 'terminated', why });
  }

  [Symbol.dispose](): void {
    this.terminate('disposed');
  }

  private dial(): WebSocket | null {
    let socket: WebSocket;
    try {
      socket = new WebSocket(signedUrl(this.options.endpoints.tickerRoot, this.session), socketOptions);
    } catch {
      // The thrown error quotes the URL, token and all.
      this.finish({ how: 'failed', networkCode: null, message: 'The ticker address is not a WebSocket URL.' });
      return null;
    }
    this.wait(HANDSHAKE_TIMEOUT_MS, () => this.finish({ how: 'handshake-timeout' }));
    socket.on('open', () => this.onOpen());
    socket.on('message', (data, isBinary) => this.onMessage(data, isBinary));
    socket.on('unexpected-response', (request, response) => this.onRefused(request, response));
    socket.on('error', (error) => this.onError(error));
    socket.on('close', (code, reason) => this.finish({ how: 'closed', code, reason: this.clean(reason.toString()) }));
    return socket;
  }

  private onOpen(): void {
    if (this.ended) return;
    this.stopWaiting();
    this.opened = true;
    this.tell('open', () => this.listener.open());
  }

  private onMessage(data: RawData, isBinary: boolean): void {
    if (this.ended || !(data instanceof Uint8Array)) return;
    const receivedAtMs = this.options.clock.now();
    if (!isBinary) this.onText(data);
    else if (data.length >= SHORTEST_FRAME_BYTES) this.tell('frame', () => this.listener.frame(data, receivedAtMs));
    else if (data.length === HEARTBEAT_BYTES) this.tell('heartbeat', () => this.listener.heartbeat(receivedAtMs));
    else this.ignored.shortFrames++;
  }

  private onText(data: Buffer): void {
    const message = parseTickerMessage(data.toString());
    if (message === null) this.ignored.unreadableTexts++;
    else this.tell('message', () => this.listener.message(this.cleanMessage(message)));
  }

  private onRefused(request: ClientRequest, response: IncomingMessage): void {
    if (this.ended) return;
    const status = response.statusCode ?? 0;
    let body = '';
    const refuse = (): void => {
      this.finish({ how: 'refused', status, body: this.clean(body) });
      request.destroy();
    };
    this.wait(REFUSAL_BODY_TIMEOUT_MS, refuse);
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      body = (body + text).slice(0, REFUSAL_BODY_BYTES);
      if (body.length === REFUSAL_BODY_BYTES) refuse();
    });
    response.on('end', refuse);
    response.on('error', refuse);
  }

  private onError(error: Error): void {
    const networkCode = 'code' in error && typeof error.code === 'string' ? error.code : null;
    this.finish({ how: 'failed', networkCode, message: this.clean(error.message) });
  }

  /** Ends the connection. The first cause wins; its `end` follows in a microtask, never inside a call of the owner. */
  private finish(end: SocketEnd): void {
    if (this.ended) return;
    this.ended = true;
    this.stopWaiting();
    // By the handshake where it is we who leave: Kite frees the place at once, and nobody takes it for a torn line. A dead
    // line does not answer, and `ws` hangs up by itself.
    if (end.how === 'terminated' && this.opened) this.socket?.close(NORMAL_CLOSURE);
    else this.socket?.terminate();
    queueMicrotask(() => this.tell('end', () => this.listener.end(end)));
  }

  private sendInBatches(tokens: readonly number[], message: (batch: readonly number[]) => object): void {
    for (let first = 0; first < tokens.length && this.isOpen; first += TOKENS_PER_MESSAGE) {
      const text = JSON.stringify(message(tokens.slice(first, first + TOKENS_PER_MESSAGE)));
      // Nothing to do about an error here: a socket that cannot send closes, and its end is told.
      this.socket?.send(text, () => undefined);
    }
  }

  /** A listener's exception is the listener's fault: thrown into `ws` it would stop the socket without a close. */
  private tell(event: string, call: () => void): void {
    try {
      call();
    } catch (error) {
      const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.options.log?.(this.clean(`ticker ${this.generation}: the ${event} listener threw ${what}`));
    }
  }

  private wait(delayMs: number, run: () => void): void {
    this.stopWaiting();
    this.waiting = this.options.clock.setTimeout(run, delayMs);
  }

  private stopWaiting(): void {
    this.waiting?.[Symbol.dispose]();
    this.waiting = null;
  }

  private cleanMessage(message: TickerMessage): TickerMessage {
    return 'text' in message ? { ...message, text: this.clean(message.text) } : message;
  }

  private clean(text: string): string {
    return redactSecrets(text, [this.session.accessToken]);
  }
}

/** Kite takes the token in the query only; encoded, because tokens from elsewhere may hold `+`, `/` and `=`. */
function signedUrl(root: string, session: SessionCredentials): URL {
  const url = new URL(root);
  url.searchParams.set('api_key', session.apiKey);
  url.searchParams.set('access_token', session.accessToken);
  return url;
}
