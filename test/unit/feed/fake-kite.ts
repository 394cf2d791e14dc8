import type { Clock } from '../../../src/clock.ts';
import type { TokenVerdict } from '../../../src/feed/causes.ts';
import type { FeedAuth, RefusedBy } from '../../../src/feed/login-block.ts';
import { KiteError, type KiteErrorCode } from '../../../src/kite/errors.ts';
import type { KiteQuote, KiteRest, SessionCredentials } from '../../../src/kite/session.ts';
import type {
  SocketEnd,
  TickerConnector,
  TickerListener,
  TickerMessage,
  TickerMode,
  TickerSocket,
} from '../../../src/kite/ticker-events.ts';
import { frameOf, type TickSpec } from './packets.ts';

/** How the exchange treats the next connection. */
export type Reception = 'accept' | 'never-answer' | SocketEnd;

/** A ticker whose behaviour a test sets; sockets stream by themselves while they are accepted and `streams` says so. */
export class FakeTicker implements TickerConnector {
  readonly sockets: FakeSocket[] = [];
  readonly ignored = { shortFrames: 0, unreadableTexts: 0 };
  reception: Reception = 'accept';
  /** Milliseconds from the attempt to the answer. */
  handshakeMs = 50;
  heartbeats = true;
  /** What subscribing brings, where that is not what streams: the last packet of each token. */
  cached: ((tokens: ReadonlySet<number>) => readonly TickSpec[]) | null = null;
  /** What a data frame holds now, or null for none; asked every 250 ms and on subscribing. */
  ticks: (tokens: ReadonlySet<number>) => readonly TickSpec[] | null;
  private readonly clock: Clock;

  constructor(clock: Clock, ticks: (tokens: ReadonlySet<number>) => readonly TickSpec[] | null) {
    this.clock = clock;
    this.ticks = ticks;
  }

  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('no attempt was made');
    return socket;
  }

  /** Sockets that are open now. */
  get open(): readonly FakeSocket[] {
    return this.sockets.filter((socket) => socket.isOpen);
  }

  connect(session: SessionCredentials, listener: TickerListener): TickerSocket {
    const socket = new FakeSocket(this, this.clock, this.sockets.length + 1, session, listener);
    this.sockets.push(socket);
    return socket;
  }
}

export class FakeSocket implements TickerSocket {
  readonly generation: number;
  readonly session: SessionCredentials;
  readonly startedMs: number;
  readonly sent: string[] = [];
  readonly subscribed = new Set<number>();
  readonly modes = new Map<number, TickerMode>();
  private readonly ticker: FakeTicker;
  private readonly clock: Clock;
  private readonly listener: TickerListener;
  private readonly timers = new DisposableStack();
  private state: 'connecting' | 'open' | 'over' = 'connecting';

  constructor(
    ticker: FakeTicker,
    clock: Clock,
    generation: number,
    session: SessionCredentials,
    listener: TickerListener,
  ) {
    this.ticker = ticker;
    this.clock = clock;
    this.generation = generation;
    this.session = session;
    this.listener = listener;
    this.startedMs = clock.now();
    const reception = ticker.reception;
    if (reception === 'never-answer') return;
    this.timers.use(
      clock.setTimeout(() => (reception === 'accept' ? this.accept() : this.end(reception)), ticker.handshakeMs),
    );
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  subscribe(tokens: readonly number[]): void {
    this.sent.push(`subscribe ${tokens.length}`);
    for (const token of tokens) this.subscribed.add(token);
    this.timers.use(this.clock.setTimeout(() => this.stream(this.ticker.cached ?? this.ticker.ticks), 5));
  }

  unsubscribe(tokens: readonly number[]): void {
    this.sent.push(`unsubscribe ${tokens.length}`);
    for (const token of tokens) this.subscribed.delete(token);
  }

  setMode(mode: TickerMode, tokens: readonly number[]): void {
    this.sent.push(`${mode} ${tokens.length}`);
    for (const token of tokens) this.modes.set(token, mode);
  }

  terminate(why: string): void {
    this.end({ how: 'terminated', why });
  }

  [Symbol.dispose](): void {
    this.terminate('disposed');
  }

  /** The server ends the connection. */
  end(end: SocketEnd): void {
    if (this.state === 'over') return;
    this.state = 'over';
    this.timers.dispose();
    queueMicrotask(() => this.listener.end(end));
  }

  /** Sends a frame of full packets now, ahead of its time. */
  deliver(ticks: readonly TickSpec[]): void {
    this.deliverBytes(frameOf(ticks));
  }

  /** Sends any bytes as a frame. */
  deliverBytes(bytes: Uint8Array): void {
    this.listener.frame(bytes, this.clock.now());
  }

  /** Sends a message in words. */
  say(message: TickerMessage): void {
    this.listener.message(message);
  }

  /** What a badly behaved connector might still deliver after the end. */
  ghost(ticks: readonly TickSpec[]): void {
    this.listener.frame(frameOf(ticks), this.clock.now());
    this.listener.heartbeat(this.clock.now());
    this.listener.end({ how: 'closed', code: 1006, reason: '' });
  }

  private accept(): void {
    this.state = 'open';
    this.timers.use(this.clock.setInterval(() => this.stream(this.ticker.ticks), 250));
    this.timers.use(
      this.clock.setInterval(() => {
        if (this.ticker.heartbeats) this.listener.heartbeat(this.clock.now());
      }, 3_000),
    );
    this.listener.open();
  }

  private stream(source: FakeTicker['ticks']): void {
    if (this.state !== 'open' || this.subscribed.size === 0) return;
    const ticks = source(this.subscribed) ?? [];
    const packets = ticks.map((tick) => ({ ...tick, mode: this.modeOf(tick.token) }));
    if (packets.length > 0) this.listener.frame(frameOf(packets), this.clock.now());
  }

  private modeOf(token: number): 'quote' | 'full' {
    return this.modes.get(token) === 'full' ? 'full' : 'quote';
  }
}

/** `/quote` with a price for every key, or an error; the other calls are not made by the feed. */
export class FakeRest implements KiteRest {
  readonly calls: { readonly atMs: number; readonly keys: readonly string[] }[] = [];
  error: KiteErrorCode | null = null;
  answerMs = 100;
  private readonly clock: Clock;
  private readonly quoteOf: (key: string) => KiteQuote | null;

  constructor(clock: Clock, quoteOf: (key: string) => KiteQuote | null) {
    this.clock = clock;
    this.quoteOf = quoteOf;
  }

  async quotes(_session: SessionCredentials, keys: readonly string[]): Promise<ReadonlyMap<string, KiteQuote>> {
    this.calls.push({ atMs: this.clock.now(), keys });
    const { error } = this;
    await new Promise<void>((resolve) => void this.clock.setTimeout(resolve, this.answerMs));
    if (error !== null) throw new KiteError(error, error);
    return new Map(keys.flatMap((key) => this.entry(key)));
  }

  createSession = unused;
  endSession = unused;
  profile = unused;
  instruments = unused;
  candles = unused;

  private entry(key: string): [string, KiteQuote][] {
    const quote = this.quoteOf(key);
    return quote === null ? [] : [[key, quote]];
  }
}

function unused(): Promise<never> {
  return Promise.reject(new Error('the feed does not make this call'));
}

/** A login that a test replaces, and a verdict it sets. A rejected token is no session any more, as with the real owner. */
export class FakeAuth implements FeedAuth {
  readonly reports: RefusedBy[] = [];
  /** Called when Kite confirmed the token, before whoever asked has the answer. */
  onVerified: () => void = () => undefined;
  verdict: TokenVerdict = 'unknown';
  answerMs = 150;
  private readonly clock: Clock;
  private readonly listeners = new Set<(session: SessionCredentials | null) => void>();
  private current: SessionCredentials | null;

  constructor(clock: Clock, accessToken: string | null) {
    this.clock = clock;
    this.current = sessionOf(accessToken);
  }

  session(): SessionCredentials | null {
    return this.current;
  }

  signIn(accessToken: string | null): void {
    this.current = sessionOf(accessToken);
    for (const listener of this.listeners) listener(this.current);
  }

  onSession(listener: (session: SessionCredentials | null) => void): Disposable {
    this.listeners.add(listener);
    return { [Symbol.dispose]: () => void this.listeners.delete(listener) };
  }

  async reportRejected(source: RefusedBy): Promise<TokenVerdict> {
    this.reports.push(source);
    await new Promise<void>((resolve) => void this.clock.setTimeout(resolve, this.answerMs));
    if (this.verdict === 'token-rejected' && this.current !== null) this.signIn(null);
    if (this.verdict === 'token-fine') this.onVerified();
    return this.verdict;
  }
}

function sessionOf(accessToken: string | null): SessionCredentials | null {
  return accessToken === null ? null : { apiKey: 'testkey', accessToken };
}
