import type { FeedState } from '../contract/state.ts';
import type { FeedCause } from '../contract/states.ts';
import type { KiteQuote, SessionCredentials } from '../kite/session.ts';
import type { SocketEnd, TickerMessage } from '../kite/ticker-events.ts';
import { causeAdvice, causeOfEnd, describeEnd, isRefusedLogin } from './causes.ts';
import { type FeedDesire, feedCondition } from './feed-condition.ts';
import type { FeedPorts, FrameListener } from './feed-ports.ts';
import { FeedStatus } from './feed-status.ts';
import { FlowWatch } from './flow-watch.ts';
import { limitAtSpeed, SILENT_AFTER_MS } from './freshness.ts';
import { LoginBlock } from './login-block.ts';
import type { BookInstrument } from './quote-book.ts';
import { RestFallback } from './rest-fallback.ts';
import { RetryPace } from './retry-pace.ts';
import { isSessionNear } from './session-near.ts';
import { SocketSession, TOKENS_PER_CONNECTION } from './socket-session.ts';

/** How often the feed looks at itself; well below the shortest limit it watches. */
const CHECK_EVERY_MS = 250;
/** The same in real ms on a fast clock: looking more often would show nothing new. */
const SHORTEST_REAL_CHECK_MS = 10;
/** Prices and instruments are judged anew at this pace. */
const JUDGE_EVERY_MS = 1_000;
/** A check this late says that this process was held up, and frames may be waiting unread. */
const LATE_CHECK_MS = 1_000;
/** The wall clock has gone this much further than the monotonic one: sleep, or a clock that was set. */
const CLOCK_JUMP_MS = 5_000;
/** Most reconnections are faster; REST starts when they are not. */
const REST_AFTER_MS = 1_500;
/** After REST, or after a stall, the last packets Kite repeats on subscribing are not proof of a flow; this is. */
const PROOF_MS = 1_000;
/** Data for this long: the stalls before it are forgotten. */
const STEADY_MS = 30_000;

/**
 * Keeps live prices coming: the only opener of ticker sockets, and of the REST fallback for when there is none.
 * Level-triggered: `reconcile` compares what should be with what is, after every event and several times a second, so
 * that nothing depends on one timer or one event. Times are monotonic ms; those named `…At` are wall times.
 */
export class FeedSupervisor implements Disposable {
  private readonly ports: FeedPorts;
  private readonly status: FeedStatus;
  private readonly watch: FlowWatch;
  private readonly block: LoginBlock;
  private readonly pace: RetryPace;
  private readonly fallback: RestFallback;
  private readonly resources = new DisposableStack();
  private readonly frameListeners = new Set<FrameListener>();
  private checks: Disposable | null = null;

  private desire: FeedDesire = { on: false, reason: '' };
  private instruments: readonly BookInstrument[] = [];
  private socket: SocketSession | null = null;
  private isLive = false;
  private wasLive = false;
  /** The last connection was given up because nothing came; its replacement has yet to prove itself. */
  private isStalled = false;
  private lossCause: FeedCause | null = null;
  private liveSinceMs = 0;
  /** Since when the socket has had a fair chance and has not used it. */
  private downSinceMs = 0;
  private lastDataMs = Number.NEGATIVE_INFINITY;
  private lastCheck = { atMs: 0, wallMs: 0, judgedMs: Number.NEGATIVE_INFINITY };
  private accepted: { readonly token: string; readonly at: number } | null = null;
  private frames = 0;
  private ticks = 0;
  private reconnects = 0;
  private lastFrameAt: number | null = null;
  private lastTickAt: number | null = null;
  /** The connection's last sign of life: begun, opened, any frame. */
  private lastSignAt = 0;

  constructor(ports: FeedPorts) {
    const { clock, calendar, auth, rest, book, random } = ports;
    this.ports = ports;
    this.status = new FeedStatus(clock);
    this.watch = new FlowWatch(clock, book);
    this.block = new LoginBlock(clock, auth, () => this.reconcile());
    this.pace = new RetryPace(clock, random, () => isSessionNear(calendar, this.instruments, clock.now()));
    this.fallback = this.resources.use(
      new RestFallback(clock, rest, {
        quotes: (quotes, receivedAtMs) => this.onQuotes(quotes, receivedAtMs),
        tokenRejected: () => this.onRestRejected(),
        changed: () => this.reconcile(),
      }),
    );
    this.resources.use(auth.onSession((session) => this.onSession(session)));
    this.resources.defer(() => this.stop('shutting down'));
  }

  get state(): FeedState {
    return this.status.state;
  }

  /** Changes of state are told at once, mere counters at most once a second. */
  onChange(listener: (state: FeedState) => void): Disposable {
    return this.status.onChange(listener);
  }

  /** Every data frame as it came, before the book has it. */
  onFrame(listener: FrameListener): Disposable {
    this.frameListeners.add(listener);
    return { [Symbol.dispose]: () => void this.frameListeners.delete(listener) };
  }

  setDesired(desire: FeedDesire): void {
    const wasOn = this.desire.on;
    this.desire = desire;
    if (desire.on && !wasOn) this.start();
    else if (!desire.on && wasOn) this.stop(desire.reason);
    this.reconcile();
  }

  /** Follows these instruments, all in full mode, and no others. Each must be in the book. */
  setSubscription(instruments: readonly BookInstrument[]): void {
    const first = instruments.filter(({ role }) => role !== 'watch');
    const rest = instruments.filter(({ role }) => role === 'watch');
    const excess = instruments.length - TOKENS_PER_CONNECTION;
    if (excess > 0)
      this.ports.log('warning', 'feed', `Kite's limit for a connection leaves out ${excess} instruments.`);
    this.instruments = [...first, ...rest].slice(0, TOKENS_PER_CONNECTION);
    this.fallback.follow({ first: first.map(({ key }) => key), rest: rest.map(({ key }) => key) });
    this.watch.follow(this.instruments);
    this.socket?.follow(this.tokens());
    this.reconcile();
  }

  /** Tries now instead of later. A login that Kite turned down is checked first. */
  retryNow(reason: string): void {
    if (!this.desire.on) return;
    this.ports.log('info', 'feed', `Trying again: ${reason}.`);
    this.fallback.forgive();
    this.block.recheck();
    this.pace.tryNow();
    this.reconcile();
  }

  /** The owner of the token has found it good. Ends a block that thought otherwise; may be said as often as one likes. */
  tokenVerified(): void {
    this.block.verified();
    this.reconcile();
  }

  /** The PC was asleep, or its clock was set: everything is looked at again now. */
  wake(): void {
    if (!this.desire.on) return;
    const { clock } = this.ports;
    const isSilent = clock.now() - this.lastSignAt > limitAtSpeed(SILENT_AFTER_MS, clock.speed);
    if (this.socket !== null && isSilent) {
      const wasLive = this.isLive;
      this.dropSocket('nothing received while away');
      this.down('silent');
      this.isStalled = wasLive;
    }
    if (this.lossCause !== 'too-many-connections') this.pace.tryNow();
    this.downSinceMs = clock.monotonic();
    this.judge();
    this.reconcile();
  }

  [Symbol.dispose](): void {
    this.desire = { on: false, reason: 'shutting down' };
    this.resources[Symbol.dispose]();
  }

  private start(): void {
    const { clock } = this.ports;
    this.downSinceMs = clock.monotonic();
    this.lastCheck = { atMs: clock.monotonic(), wallMs: clock.now(), judgedMs: Number.NEGATIVE_INFINITY };
    const periodMs = Math.max(CHECK_EVERY_MS, SHORTEST_REAL_CHECK_MS * clock.speed);
    this.checks = clock.setInterval(() => this.check(periodMs), periodMs);
  }

  private stop(why: string): void {
    this.checks?.[Symbol.dispose]();
    this.checks = null;
    this.dropSocket(why);
    this.fallback.stop();
    this.watch.stop();
    this.pace.reset();
    this.down(null);
    this.wasLive = false;
  }

  private onSession(session: SessionCredentials | null): void {
    if (session !== null && session.accessToken !== this.socket?.credentials.accessToken) {
      this.block.lift();
      this.pace.reset();
      this.downSinceMs = this.ports.clock.monotonic();
    }
    this.reconcile();
  }

  private check(periodMs: number): void {
    const { clock } = this.ports;
    const [atMs, wallMs] = [clock.monotonic(), clock.now()];
    const sinceLastMs = atMs - this.lastCheck.atMs;
    const jumpMs = wallMs - this.lastCheck.wallMs - sinceLastMs;
    const judgesNow = atMs - this.lastCheck.judgedMs >= JUDGE_EVERY_MS;
    this.lastCheck = { atMs, wallMs, judgedMs: judgesNow ? atMs : this.lastCheck.judgedMs };
    if (Math.abs(jumpMs) > limitAtSpeed(CLOCK_JUMP_MS, clock.speed)) this.wake();

    const isLate = sinceLastMs - periodMs > limitAtSpeed(LATE_CHECK_MS, clock.speed);
    if (!isLate) this.giveUpStalledSocket();
    if (this.isLive && atMs - this.liveSinceMs >= STEADY_MS) this.pace.steady();
    if (judgesNow) this.judge();
    this.block.tick();
    this.reconcile();
  }

  private judge(): void {
    const quiet = this.watch.judge(this.isLive, this.ports.clock.monotonic() - this.lastDataMs);
    if (quiet.length > 0) this.socket?.refresh(quiet);
  }

  private giveUpStalledSocket(): void {
    const stall = this.socket?.stall(this.watch.isDataDue) ?? null;
    if (this.socket === null || stall === null) return;
    const { opened } = this.socket;
    this.ports.log('warning', 'feed', opened ? causeAdvice[stall].sentence : 'Kite did not answer; trying again.');
    this.dropSocket(stall);
    if (opened) {
      this.down(stall);
      this.isStalled = true;
      this.pace.stalled(stall);
    } else {
      this.lost('network');
    }
  }

  /** Closes the difference between what should be and what is. */
  private reconcile(): void {
    const session = this.ports.auth.session();
    if (this.desire.on) {
      this.dropOtherLogin(session);
      if (session !== null && this.socket === null && !this.block.holds(session) && this.pace.isDue) {
        this.connect(session);
      }
      this.steerFallback(session);
      this.watch.noteGaps(this.isLive, this.lastTickAt, this.block.cause ?? this.lossCause ?? 'unknown');
    }
    this.publish(session);
  }

  private dropOtherLogin(session: SessionCredentials | null): void {
    if (this.socket === null || session === null) return;
    if (this.socket.credentials.accessToken === session.accessToken) return;
    this.ports.log('info', 'feed', 'Changing over to the new login.');
    this.dropSocket('another login');
    this.down(null);
  }

  private connect(session: SessionCredentials): void {
    const { clock, connector } = this.ports;
    this.pace.tryNow();
    this.lastSignAt = clock.now();
    this.socket = new SocketSession(clock, connector, session, this.tokens(), {
      opened: () => this.onOpened(session),
      data: (bytes, receivedAtMs) => this.onData(bytes, receivedAtMs),
      flowing: () => this.onFlowing(),
      heartbeat: (receivedAtMs) => this.countFrame(receivedAtMs),
      message: (message) => this.onMessage(message),
      ended: (end) => this.onEnded(session, end),
    });
  }

  private onOpened(session: SessionCredentials): void {
    this.lastSignAt = this.ports.clock.now();
    this.accepted = { token: session.accessToken, at: this.lastSignAt };
    this.ports.log('info', 'feed', `Connected to Kite (connection ${this.socket?.generation ?? 0}).`);
    this.reconcile();
  }

  private onData(bytes: Uint8Array, receivedAtMs: number): number {
    this.countFrame(receivedAtMs);
    for (const listener of this.frameListeners) listener(bytes, receivedAtMs);
    const count = this.ports.book.applyFrame(bytes, receivedAtMs);
    if (count === 0) return 0;
    this.ticks += count;
    this.lastTickAt = receivedAtMs;
    this.lastDataMs = this.ports.clock.monotonic();
    return count;
  }

  private countFrame(receivedAtMs: number): void {
    this.frames++;
    this.lastFrameAt = receivedAtMs;
    this.lastSignAt = receivedAtMs;
  }

  private onFlowing(): void {
    if (this.isLive) return;
    const needsProof = this.pace.hasStalled || this.fallback.isDelivering;
    if (needsProof && (this.socket?.flowingForMs ?? 0) < PROOF_MS) return;
    this.isLive = true;
    this.liveSinceMs = this.ports.clock.monotonic();
    if (this.wasLive) this.reconnects++;
    this.wasLive = true;
    this.isStalled = false;
    this.lossCause = null;
    this.pace.flowing();
    this.block.lift();
    this.ports.log('info', 'feed', 'Prices are flowing.');
    this.reconcile();
  }

  private onMessage(message: TickerMessage): void {
    if (message.type === 'error') this.ports.log('warning', 'feed', `Kite's ticker says: ${message.text}`);
    else if (message.type === 'message') this.ports.log('info', 'feed', `Kite's ticker says: ${message.text}`);
  }

  private onEnded(session: SessionCredentials, end: SocketEnd): void {
    this.ports.log('warning', 'feed', `Connection to Kite: ${describeEnd(end)}.`);
    this.socket = null;
    if (isRefusedLogin(end)) {
      this.down(null);
      this.pace.refused();
      this.block.refused(session, 'ticker', this.acceptedAt(session));
    } else {
      this.lost(causeOfEnd(end));
    }
    this.reconcile();
  }

  private onQuotes(quotes: Iterable<KiteQuote>, receivedAtMs: number): void {
    this.lastDataMs = this.ports.clock.monotonic();
    this.ports.book.applyQuotes(quotes, receivedAtMs);
  }

  private onRestRejected(): void {
    const session = this.ports.auth.session();
    if (session === null) return;
    this.dropSocket('login turned down');
    this.down(null);
    this.block.refused(session, 'rest', this.acceptedAt(session));
  }

  /** A connection ended, or could not be made. */
  private lost(cause: FeedCause): void {
    const wasLive = this.isLive;
    this.down(cause);
    this.pace.lost(wasLive, cause);
  }

  private dropSocket(why: string): void {
    this.socket?.close(why);
    this.socket = null;
  }

  private down(cause: FeedCause | null): void {
    if (this.isLive) this.downSinceMs = this.ports.clock.monotonic();
    this.isLive = false;
    this.isStalled = false;
    this.lossCause = cause;
  }

  private steerFallback(session: SessionCredentials | null): void {
    const downForMs = this.ports.clock.monotonic() - this.downSinceMs;
    const isWanted = session !== null && !this.isLive && downForMs >= REST_AFTER_MS && this.block.allowsRest;
    if (isWanted) this.fallback.start(session);
    else this.fallback.stop();
  }

  private acceptedAt(session: SessionCredentials): number | null {
    return this.accepted?.token === session.accessToken ? this.accepted.at : null;
  }

  private tokens(): readonly number[] {
    return this.instruments.map(({ token }) => token);
  }

  private publish(session: SessionCredentials | null): void {
    const { frames, ticks, reconnects, lastFrameAt, lastTickAt } = this;
    const condition = feedCondition({
      desire: this.desire,
      hasLogin: session !== null,
      isBlocked: session !== null && this.block.holds(session),
      blockCause: this.block.cause,
      blockRetryAt: this.block.retryAt,
      hasSocket: this.socket !== null,
      isLive: this.isLive,
      isQuiet: this.watch.isQuiet,
      isStalled: this.isStalled,
      restDelivers: this.fallback.isDelivering,
      lossCause: this.lossCause,
      failures: this.pace.failures,
      retryAt: this.pace.next?.wallMs ?? null,
      gaps: this.watch.gaps,
    });
    const { dropped } = this.ports.book;
    this.status.update(condition, { frames, ticks, reconnects, lastFrameAt, lastTickAt, dropped });
  }
}
