import type { FeedState } from '../contract/state.ts';
import type { FeedCause } from '../contract/states.ts';
import type { SessionCredentials } from '../kite/session.ts';
import type { TickerMessage } from '../kite/ticker-events.ts';
import { eventLoopTurn } from '../turn.ts';
import { MOST_TOKENS } from './allocation.ts';
import { retryDelayMs } from './backoff.ts';
import { CapacityWatch } from './capacity.ts';
import { ClockJump } from './clock-jump.ts';
import { ClockSkew } from './clock-skew.ts';
import { ConnectionPool, isInTime } from './connection-pool.ts';
import { type FeedDesire, feedCondition } from './feed-condition.ts';
import { FeedConnection, type FrameContent } from './feed-connection.ts';
import type { FeedPorts, FrameListener } from './feed-ports.ts';
import { FeedStatus } from './feed-status.ts';
import { FlowWatch, type PartFlow } from './flow-watch.ts';
import { FrameIntake } from './frame-intake.ts';
import { LagMeter } from './lag-meter.ts';
import { LoginBlock } from './login-block.ts';
import type { BookInstrument } from './quote-book.ts';
import type { QuoteRequests } from './quote-requests.ts';
import { type CheckDue, RegularCheck } from './regular-check.ts';
import { RestPrices } from './rest-prices.ts';
import { isSessionNear } from './session-near.ts';
import { TickModes } from './tick-modes.ts';

/** Up to so many instruments are followed, judged and told of in one turn of the event loop. */
const MOST_AT_ONCE = 1_000;
/** No connection that is taken for live is without data for longer, unless this PC was away. */
const SKIPPED_MS = 5_000;
/** As much of a message of Kite's as a person would read; characters. */
const LONGEST_MESSAGE = 300;

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
  private readonly modes: TickModes;
  private readonly skew: ClockSkew;
  private readonly jump: ClockJump;
  private readonly lagMeter: LagMeter;
  private readonly capacityWatch: CapacityWatch;
  private readonly pool: ConnectionPool;
  private readonly restPrices: RestPrices;
  private readonly resources = new DisposableStack();
  private readonly intake: FrameIntake;
  private readonly checks: RegularCheck;

  private desire: FeedDesire = { on: false, reason: '' };
  private instruments: readonly BookInstrument[] = [];
  private unlisted = 0;
  /** On which ways prices came when they were last judged. */
  private judgedWays = '';
  private accepted: { readonly token: string; readonly at: number } | null = null;
  private reconnects = 0;
  private isReconcileDue = false;

  constructor(ports: FeedPorts) {
    const { clock, auth, rest, book } = ports;
    this.ports = ports;
    this.status = new FeedStatus(clock);
    this.jump = new ClockJump(clock);
    this.watch = new FlowWatch(clock, book);
    this.modes = new TickModes(clock);
    this.skew = new ClockSkew(book.lagWitnesses, () => this.instruments.length);
    this.lagMeter = new LagMeter(clock, book.lags, this.skew);
    this.intake = new FrameIntake(clock, book, ports.log);
    this.capacityWatch = new CapacityWatch(ports.log);
    this.block = new LoginBlock(
      clock,
      auth,
      () => this.reconcile(),
      (attempt) => this.retryDelayMs(attempt),
    );
    this.restPrices = this.resources.use(
      new RestPrices(
        { clock, rest, book, isShown: (token) => this.modes.isShown(token) },
        {
          tokenRejected: () => this.onRestRejected(),
          denied: (session) => this.block.lacksData(session),
          changed: () => this.reconcile(),
        },
      ),
    );
    this.pool = this.resources.use(new ConnectionPool((number) => this.makeConnection(number), this.modes));
    this.checks = this.resources.use(new RegularCheck(clock, (due) => this.check(due)));
    this.resources.use(auth.onSession((session) => this.onSession(session)));
    this.resources.defer(() => this.stop('shutting down'));
  }

  get state(): FeedState {
    return this.status.state;
  }

  /** The way for every `GET /quote` of the desk: Kite counts them all together. */
  get quoteRequests(): QuoteRequests {
    return this.restPrices.requests;
  }

  /** Changes of state are told at once, mere counters at most once a second. */
  onChange(listener: (state: FeedState) => void): Disposable {
    return this.status.onChange(listener);
  }

  /** Every data frame as it came, before the book has it. */
  onFrame(listener: FrameListener): Disposable {
    return this.intake.onFrame(listener);
  }

  setDesired(desire: FeedDesire): void {
    const wasOn = this.desire.on;
    this.desire = desire;
    if (desire.on && !wasOn) this.start();
    else if (!desire.on && wasOn) this.stop(desire.reason);
    this.reconcile();
  }

  /**
   * Follows these instruments and no others, up to Kite's limit of 9,000. Each must be in the book. `unlisted`: how many
   * more are asked for and have no token, because no list names them yet.
   */
  setSubscription(instruments: readonly BookInstrument[], unlisted = 0): void {
    this.unlisted = unlisted;
    const first = instruments.filter(({ role }) => role !== 'watch');
    const others = instruments.filter(({ role }) => role === 'watch');
    this.instruments = [...first, ...others].slice(0, MOST_TOKENS);
    this.capacityWatch.note(instruments.length);
    this.modes.keepFull(first.map(({ token }) => token));
    const pulse = first.find(({ role }) => role === 'spot')?.token ?? null;
    this.pool.follow(tokensOf(first), tokensOf(others), pulse);
    this.watch.follow(this.instruments, this.pool.parts);
    this.restPrices.follow(this.instruments, this.pool.parts);
    this.reconcile();
  }

  /** The slots that some interface shows: they come in full mode, other watched instruments in quote mode. */
  setShown(slots: Iterable<number>): void {
    const { token } = this.ports.book.columns;
    this.modes.show([...slots].flatMap((slot) => token[slot] ?? []));
    for (const connection of this.pool.connections) connection.settleModes();
    this.restPrices.shownChanged();
  }

  /** Tries now instead of later. A login that Kite turned down is checked first. */
  retryNow(reason: string): void {
    if (!this.desire.on) return;
    this.ports.log('info', 'feed', `Trying again: ${reason}.`);
    this.restPrices.forgive();
    this.block.recheck();
    for (const connection of this.pool.connections) connection.tryNow();
    this.reconcile();
  }

  /** The owner of the token has found it good. Ends a block that thought otherwise; may be said as often as one likes. */
  tokenVerified(): void {
    this.block.verified();
    this.reconcile();
  }

  /** The PC was asleep, or its clock was set: everything is looked at again now. */
  wake(): void {
    if (this.desire.on) this.wakeUp(this.jump.look());
  }

  /** A simulation’s clock was moved ahead to now: all is looked at anew, and nothing was missed. */
  movedAhead(): void {
    this.jump.look();
    this.watch.movedAhead();
    for (const connection of this.pool.connections) connection.movedAhead();
    this.skew.reset();
  }

  /** The clock runs at another speed from now on. */
  speedChanged(): void {
    this.checks.speedChanged();
  }

  [Symbol.dispose](): void {
    this.desire = { on: false, reason: 'shutting down' };
    this.resources[Symbol.dispose]();
  }

  private makeConnection(number: number): FeedConnection {
    const { clock, connector, random, log, calendar } = this.ports;
    return new FeedConnection(
      number,
      {
        clock,
        connector,
        random,
        log,
        skew: this.skew,
        isSessionNear: () => isSessionNear(calendar, this.instruments, clock.now()),
        sinceAdvanceMs: () => clock.now() - this.ports.book.arrivals.lastAdvanceMs,
        isFallbackDelivering: () => this.restPrices.isDelivering,
      },
      {
        opened: (session) => {
          this.accepted = { token: session.accessToken, at: clock.now() };
        },
        data: (bytes, receivedAtMs) => this.onData(bytes, receivedAtMs),
        heartbeat: (receivedAtMs) => this.intake.heartbeat(receivedAtMs),
        message: (message) => this.onMessage(message),
        live: (isAgain) => this.onLive(isAgain),
        refused: (session, foreignSentence) =>
          this.block.refused(session, 'ticker', { acceptedAtMs: this.acceptedAt(session), foreignSentence }),
        changed: () => this.reconcile(),
      },
    );
  }

  private start(): void {
    for (const connection of this.pool.connections) connection.startAnew();
    this.jump.look();
    this.checks.start();
  }

  private stop(why: string): void {
    this.checks.stop();
    for (const connection of this.pool.connections) connection.stop(why);
    this.restPrices.stop();
    this.watch.stop();
    this.skew.reset();
    this.lagMeter.measure();
  }

  private onSession(session: SessionCredentials | null): void {
    if (session !== null && !this.pool.primary.uses(session)) {
      this.block.lift();
      for (const connection of this.pool.connections) connection.startAnew();
    }
    this.reconcile();
  }

  private check({ heldUpMs, judges }: CheckDue): void {
    if (this.jump.look()) this.wakeUp(true);
    if (heldUpMs === null) this.checkConnections();
    else this.onHeldUp(heldUpMs);
    if (judges) this.judge();
    if (heldUpMs === null) this.lookForSilent();
    this.reconcile();
  }

  private lookForSilent(): void {
    this.restPrices.look(this.ports.auth.session(), { flows: this.flows(), isQuiet: this.watch.isQuiet });
  }

  private wakeUp(hasJumped: boolean): void {
    if (hasJumped) this.watch.clockJumped();
    for (const connection of this.pool.connections) connection.wake();
    this.skew.reset();
    this.judge();
    this.reconcile();
  }

  private checkConnections(): void {
    for (const connection of this.pool.connections) connection.check(this.watch.isDataDueOn(connection.number));
  }

  /** This process could not run: what has not been read is not missing. */
  private onHeldUp(lateMs: number): void {
    this.lagMeter.heldUp(lateMs);
    for (const connection of this.pool.connections) connection.heldUp();
    const seconds = (lateMs / 1000).toFixed(1);
    this.ports.log(
      'warning',
      'feed',
      `This app was held up for ${seconds} s by this PC; prices waited unread meanwhile.`,
    );
  }

  private judge(): void {
    this.checks.judged();
    this.judgedWays = this.ways;
    const quiet = this.watch.judge(this.flows(), this.restPrices.isDelivering);
    for (const connection of this.pool.connections) {
      if (quiet.length > 0) connection.refresh(quiet);
      connection.settleModes();
    }
    this.lagMeter.measure();
  }

  /**
   * Closes the difference between what should be and what is: at once, or with a long list in a turn of the event loop of
   * its own, once for all that asks for it meanwhile.
   */
  private reconcile(): void {
    if (this.isLong) this.reconcileSoon();
    else this.reconcileNow();
  }

  private get isLong(): boolean {
    return this.instruments.length > MOST_AT_ONCE;
  }

  private reconcileSoon(): void {
    if (this.isReconcileDue) return;
    this.isReconcileDue = true;
    void eventLoopTurn().then(() => {
      this.isReconcileDue = false;
      if (!this.resources.disposed) this.reconcileNow();
    });
  }

  private reconcileNow(): void {
    const session = this.ports.auth.session();
    if (this.desire.on) {
      if (session !== null) {
        for (const connection of this.pool.connections) connection.keepTo(session);
        if (!this.block.holds(session)) this.pool.dial(session);
      }
      this.steerRest(session);
    }
    // A feed that is off is judged too: what nothing brings is not known, and its own checks have ended.
    if (this.ways !== this.judgedWays || (!this.desire.on && this.checks.isJudgingDue)) {
      this.judge();
      if (this.isLong) {
        this.reconcileSoon();
        return;
      }
    }
    if (this.desire.on) this.watch.noteGaps(this.flows());
    this.publish(session);
  }

  /** On which ways prices come: what is not among them is stale from this moment on. */
  private get ways(): string {
    const inTime = this.pool.connections.map((connection) => (isInTime(connection) ? 'live' : 'down'));
    return `${inTime.join(' ')} ${this.restPrices.isDelivering ? 'rest' : ''}`;
  }

  private flows(): readonly PartFlow[] {
    const outer = this.outerCause();
    return this.pool.flows(({ cause }) => this.block.cause ?? cause ?? outer ?? 'unknown');
  }

  /** Why there is no login to use, where that is known. */
  private outerCause(): FeedCause | null {
    return this.ports.auth.session() === null ? (this.desire.loginCause ?? null) : null;
  }

  private onData(bytes: Uint8Array, receivedAtMs: number): FrameContent {
    const { exchangeMs } = this.watch;
    const since = this.intake.counts.lastTickAt;
    const content = this.intake.take(bytes, receivedAtMs);
    if (content.ticks > 0 && since !== null && this.pool.primary.isLive) {
      const skippedMs = Math.min(this.watch.exchangeMs - exchangeMs, receivedAtMs - since);
      if (skippedMs > SKIPPED_MS) this.watch.noteSkip(since, receivedAtMs);
    }
    return content;
  }

  private onLive(isAgain: boolean): void {
    if (isAgain) this.reconnects++;
    this.block.lift();
  }

  private onMessage(message: TickerMessage): void {
    if (message.type !== 'error' && message.type !== 'message') return;
    const level = message.type === 'error' ? 'warning' : 'info';
    this.ports.log(level, 'feed', `Kite's ticker says: ${message.text.slice(0, LONGEST_MESSAGE)}`);
  }

  private onRestRejected(): void {
    const session = this.ports.auth.session();
    if (session === null) return;
    for (const connection of this.pool.connections) if (!connection.isLive) connection.giveUpLogin();
    this.block.refused(session, 'rest', { acceptedAtMs: this.acceptedAt(session), foreignSentence: null });
  }

  private steerRest(session: SessionCredentials | null): void {
    const { isSocketOnly, allowsRest } = this.block;
    const lost = this.pool.connections.filter(({ isLive, isOverdue }) => isOverdue || (isSocketOnly && !isLive));
    this.restPrices.steer(allowsRest ? session : null, lost, this.pool.parts);
  }

  /** Full jitter, as after any lost connection. */
  private retryDelayMs(attempt: number): number {
    const { calendar, clock, random } = this.ports;
    const inSession = isSessionNear(calendar, this.instruments, clock.now());
    return retryDelayMs({ attempt, cause: 'network', inSession, random });
  }

  private acceptedAt(session: SessionCredentials): number | null {
    return this.accepted?.token === session.accessToken ? this.accepted.at : null;
  }

  private publish(session: SessionCredentials | null): void {
    const { lag } = this.lagMeter;
    const { primary, lostPart } = this.pool;
    const condition = feedCondition({
      desire: this.desire,
      hasLogin: session !== null,
      isBlocked: session !== null && this.block.holds(session) && this.block.isAboutLogin,
      blockCause: this.block.cause,
      blockEvidence: this.block.evidence,
      blockRetryAt: this.block.retryAt,
      hasSocket: primary.hasSocket,
      isLive: primary.isLive,
      isQuiet: this.watch.isQuiet || primary.isRepeating,
      isStalled: primary.isStalled,
      lateByMs: primary.lateByMs,
      lostPart,
      restDelivers: this.restPrices.isDelivering,
      followed: this.instruments.length,
      unlisted: this.unlisted,
      lossCause: primary.cause,
      lossEvidence: primary.evidence,
      failures: primary.failures,
      retryAt: primary.retryAt,
      capacity: this.capacityWatch.capacity,
      silent: this.restPrices.silent,
      gaps: this.watch.gaps,
    });
    const { book, connector } = this.ports;
    const dropped = book.dropped + connector.ignored.shortFrames + connector.ignored.unreadableTexts;
    this.status.update(condition, { ...this.intake.counts, reconnects: this.reconnects, dropped, lag });
  }
}

function tokensOf(instruments: readonly BookInstrument[]): readonly number[] {
  return instruments.map(({ token }) => token);
}
