import type { Clock } from '../clock.ts';
import type { FeedCause } from '../contract/states.ts';
import type { SessionCredentials } from '../kite/session.ts';
import type { SocketEnd, TickerConnector, TickerMessage } from '../kite/ticker-events.ts';
import type { Log } from '../log.ts';
import { causeAdvice, causeOfEnd, describeEnd, isRefusedLogin } from './causes.ts';
import type { ClockSkew } from './clock-skew.ts';
import { ConnectionStanding } from './connection-standing.ts';
import { evidenceOf, lateSentence, OUTDATED } from './evidence.ts';
import { limitAtSpeed, MUTE_AFTER_MS, SILENT_AFTER_MS } from './freshness.ts';
import { LagWatch } from './lag-watch.ts';
import { RetryPace } from './retry-pace.ts';
import { SocketSession, type Wanted } from './socket-session.ts';

/** After REST, or after a stall, the last packets Kite repeats on subscribing are not proof of a flow; this is. */
const PROOF_MS = 1_000;
/** A connection that has repeated old packets for so long, and nothing newer, shows that there is nothing newer. */
const REPEATS_FOR_MS = 1_000;
/** Data for this long: the stalls before it are forgotten. */
const STEADY_MS = 30_000;

export interface ConnectionPorts {
  readonly clock: Clock;
  readonly connector: TickerConnector;
  /** Uniform in [0, 1): spreads retries. */
  readonly random: () => number;
  readonly log: Log;
  readonly skew: ClockSkew;
  /** In session hours, or close before them. */
  readonly isSessionNear: () => boolean;
  /** Since anything last came, on whatever way, that showed the exchange's time to move on; ms. */
  readonly sinceAdvanceMs: () => number;
  /** Prices come by REST: the socket takes over once it has proven itself. */
  readonly isFallbackDelivering: () => boolean;
}

/** What a data frame held. */
export interface FrameContent {
  readonly ticks: number;
  readonly advances: number;
  /** Ticks older than what is held already, from this connection or by REST. */
  readonly outdated: number;
  /** NaN when nothing in it tells. */
  readonly leastLagMs: number;
}

export interface ConnectionEvents {
  opened(session: SessionCredentials): void;
  data(bytes: Uint8Array, receivedAtMs: number): FrameContent;
  heartbeat(receivedAtMs: number): void;
  message(message: TickerMessage): void;
  /** Data flows. `isAgain`: as it did before on this connection. */
  live(isAgain: boolean): void;
  /** HTTP 403 to this login. `foreignSentence`: where somebody else than Kite visibly sent it. */
  refused(session: SessionCredentials, foreignSentence: string | null): void;
  /** Something the owner should look at; called last. */
  changed(): void;
}

/**
 * One of the lines to Kite, through all of its sockets: opened anew after every loss, watched for stalls and for lag. Times
 * are monotonic ms; those named `…At` are wall times.
 */
export class FeedConnection implements Disposable {
  /** Counted from 0; the first carries the indices and futures. */
  readonly number: number;
  private readonly ports: ConnectionPorts;
  private readonly events: ConnectionEvents;
  private readonly pace: RetryPace;
  private readonly lag: LagWatch;
  private wanted: Wanted = { tokens: [], modeOf: () => 'full' };
  private socket: SocketSession | null = null;
  private readonly standing: ConnectionStanding;
  /** Taken for live although nothing moves: what comes is old, so it is the exchange that is quiet. */
  private isQuiet = false;
  /** A new socket has been tried against the lag; where that did not help, haste will not either. */
  private hasTriedLag = false;
  private dueSinceMs: number | null = null;
  private dataMs = Number.NEGATIVE_INFINITY;
  /** When a frame last held nothing but prices older than those that are known. */
  private outdatedMs = Number.NEGATIVE_INFINITY;
  private tickAt: number | null = null;
  /** The connection's last sign of life: begun, opened, any frame. */
  private signAt = 0;

  constructor(number: number, ports: ConnectionPorts, events: ConnectionEvents) {
    this.number = number;
    this.ports = ports;
    this.events = events;
    this.pace = new RetryPace(ports.clock, ports.random, ports.isSessionNear);
    this.lag = new LagWatch(ports.clock, ports.skew);
    this.standing = new ConnectionStanding(ports.clock);
  }

  get tokens(): readonly number[] {
    return this.wanted.tokens;
  }

  get hasSocket(): boolean {
    return this.socket !== null;
  }

  get isOpen(): boolean {
    return this.socket?.opened ?? false;
  }

  get isLive(): boolean {
    return this.standing.isLive;
  }

  get isStalled(): boolean {
    return this.standing.isStalled;
  }

  /** Being connected for the first time since it was wanted: nothing has gone wrong, and it is not late yet. */
  get isStarting(): boolean {
    const { wasLive, cause, isOverdue } = this.standing;
    return !wasLive && this.socket !== null && cause === null && this.pace.failures === 0 && !isOverdue;
  }

  /** It has had a fair chance of being live and is not: something else has to bring prices. */
  get isOverdue(): boolean {
    return this.standing.isOverdue;
  }

  /** Live, and so far it has brought nothing but what was known: it is the exchange that is quiet. */
  get isRepeating(): boolean {
    return this.isLive && this.isQuiet && this.socket?.onlyRepeats === true;
  }

  /** Live before, or tried for a while: its instruments are missed. */
  isMissedAfter(graceMs: number): boolean {
    const { isLive, wasLive, downForMs } = this.standing;
    return !isLive && (wasLive || downForMs >= graceMs);
  }

  /** Why it is not live, as far as that is known. */
  get cause(): FeedCause | null {
    return this.standing.cause;
  }

  /** A sentence more exact than the cause's; null without one. */
  get evidence(): string | null {
    return this.standing.evidence;
  }

  /** How late live prices are, where that is too late; null otherwise. */
  get lateByMs(): number | null {
    return this.isLive && this.lag.isLagging ? this.lag.behindMs : null;
  }

  get failures(): number {
    return this.pace.failures;
  }

  /** Wall time of the next attempt; null when none is waiting. */
  get retryAt(): number | null {
    return this.pace.next?.wallMs ?? null;
  }

  /** Since when it is live, ms; 0 while it is not. */
  get liveForMs(): number {
    return this.standing.liveForMs;
  }

  /** Since it last brought a price; infinite for never. */
  get dataAgeMs(): number {
    return this.ports.clock.monotonic() - this.dataMs;
  }

  get lastTickAt(): number | null {
    return this.tickAt;
  }

  follow(wanted: Wanted): void {
    this.wanted = wanted;
    this.socket?.follow(wanted);
  }

  /** The modes that are wanted have changed. */
  settleModes(): void {
    this.socket?.settleModes();
  }

  refresh(tokens: readonly number[]): void {
    this.socket?.refresh(tokens);
  }

  /** Drops a socket of another login. */
  keepTo(session: SessionCredentials): void {
    if (this.socket === null || this.socket.credentials.accessToken === session.accessToken) return;
    this.ports.log('info', 'feed', 'Changing over to the new login.');
    this.drop('another login');
    this.standing.down(null);
  }

  /** Whether a socket of this login is there, open or not. */
  uses(session: SessionCredentials): boolean {
    return this.socket?.credentials.accessToken === session.accessToken;
  }

  /** Makes an attempt, if there is no socket and no reason to wait. */
  dialIfDue(session: SessionCredentials): void {
    if (this.socket !== null || !this.pace.isDue) return;
    const { clock, connector } = this.ports;
    this.pace.tryNow();
    this.signAt = clock.now();
    this.isQuiet = false;
    this.lag.reset(this.hasTriedLag);
    this.socket = new SocketSession(clock, connector, session, this.wanted, {
      opened: () => this.onOpened(session),
      data: (bytes, receivedAtMs) => this.onData(bytes, receivedAtMs),
      flowing: () => this.onFlowing(),
      heartbeat: (receivedAtMs) => this.onHeartbeat(receivedAtMs),
      message: (message) => this.events.message(message),
      ended: (end) => this.onEnded(session, end),
    });
  }

  /** To be called several times a second: gives up a socket that has stalled or lags. */
  check(isDataDue: boolean): void {
    if (this.standing.liveForMs >= STEADY_MS) {
      this.pace.steady();
      if (!this.lag.isLagging) this.hasTriedLag = false;
    }
    this.dueSinceMs = isDataDue ? (this.dueSinceMs ?? this.ports.clock.monotonic()) : null;
    this.recogniseQuiet();
    this.giveUpStalled();
    this.giveUpLagging();
  }

  /** Frames have waited unread, and look late through no fault of the line. */
  heldUp(): void {
    this.lag.reset();
  }

  tryNow(): void {
    this.pace.tryNow();
  }

  /** The PC was asleep, or its clock was set. */
  wake(): void {
    const { clock } = this.ports;
    const isSilent = clock.now() - this.signAt > limitAtSpeed(SILENT_AFTER_MS, clock.speed);
    if (this.socket !== null && isSilent) {
      const { isLive } = this;
      this.drop('nothing received while away');
      if (isLive) this.standing.stalled('silent');
      else this.standing.down('silent');
    }
    if (this.cause !== 'too-many-connections') this.pace.tryNow();
    this.lag.reset();
  }

  /** A simulation’s clock was moved ahead: nothing was missed meanwhile, so nothing has been silent. */
  movedAhead(): void {
    this.signAt = this.ports.clock.now();
  }

  /** A new login: the past says nothing, and it gets its fair chance. */
  startAnew(): void {
    this.pace.reset();
    this.standing.giveChance();
  }

  /** The login was turned down elsewhere. */
  giveUpLogin(): void {
    this.drop('login turned down');
    this.standing.down(null);
  }

  stop(why: string): void {
    this.drop(why);
    this.standing.forget();
    this.startAnew();
    this.hasTriedLag = false;
  }

  [Symbol.dispose](): void {
    this.stop('no longer needed');
  }

  private recogniseQuiet(): void {
    const { socket } = this;
    if (this.isLive || socket === null || this.dueSinceMs === null || !this.pace.hasStalled) return;
    if (!socket.onlyRepeats || (socket.openForMs ?? 0) < REPEATS_FOR_MS) return;
    // Somebody else has newer prices: then it is this stream that is dead.
    if (this.ports.sinceAdvanceMs() < MUTE_AFTER_MS) return;
    this.isQuiet = true;
    this.ports.log('info', 'feed', 'The connection works; Kite has nothing newer than what is shown.');
    this.goLive();
  }

  private giveUpStalled(): void {
    const { socket } = this;
    const stall = socket?.stall(this.isRepeating ? null : this.dueSinceMs, this.pace.patience) ?? null;
    if (socket === null || stall === null) return;
    if (!socket.opened) {
      this.ports.log('warning', 'feed', 'Kite did not answer; trying again.');
      this.drop(stall);
      this.lost({ how: 'handshake-timeout' });
    } else if (stall === 'mute' && this.isOutdated) {
      this.replace('network', OUTDATED);
    } else {
      this.replace(stall, null);
    }
  }

  private giveUpLagging(): void {
    const behindMs = this.lateByMs;
    if (behindMs === null || this.hasTriedLag) return;
    this.hasTriedLag = true;
    this.replace('network', lateSentence(behindMs));
  }

  /** What would be mute, had it not brought prices that others had brought before. */
  private get isOutdated(): boolean {
    return this.ports.clock.monotonic() - this.outdatedMs <= MUTE_AFTER_MS;
  }

  /** Gives up an open socket that is of no use: the next has to prove itself. */
  private replace(cause: FeedCause, evidence: string | null): void {
    const { isLive } = this;
    this.ports.log('warning', 'feed', evidence ?? causeAdvice[cause].sentence);
    this.drop(cause);
    this.standing.stalled(cause, evidence);
    this.pace.stalled(isLive, cause);
  }

  private onOpened(session: SessionCredentials): void {
    this.signAt = this.ports.clock.now();
    this.ports.log('info', 'feed', `Connected to Kite (connection ${this.socket?.generation ?? 0}).`);
    this.events.opened(session);
    this.events.changed();
  }

  private onData(bytes: Uint8Array, receivedAtMs: number): FrameContent {
    this.signAt = receivedAtMs;
    const content = this.events.data(bytes, receivedAtMs);
    if (content.ticks > 0) {
      this.dataMs = this.ports.clock.monotonic();
      this.tickAt = receivedAtMs;
    } else if (content.outdated > 0) {
      this.outdatedMs = this.ports.clock.monotonic();
    }
    if (!Number.isNaN(content.leastLagMs)) this.lag.note(content.leastLagMs);
    return content;
  }

  private onHeartbeat(receivedAtMs: number): void {
    this.signAt = receivedAtMs;
    this.events.heartbeat(receivedAtMs);
  }

  private onFlowing(): void {
    if (this.isLive) return;
    const needsProof = this.pace.hasStalled || this.ports.isFallbackDelivering();
    if (needsProof && (this.socket?.flowingForMs ?? 0) < PROOF_MS) return;
    this.ports.log('info', 'feed', 'Prices are flowing.');
    this.goLive();
    this.events.changed();
  }

  private goLive(): void {
    const isAgain = this.standing.wasLive;
    this.standing.goLive();
    this.pace.flowing();
    this.events.live(isAgain);
  }

  private onEnded(session: SessionCredentials, end: SocketEnd): void {
    this.ports.log('warning', 'feed', `Connection to Kite: ${describeEnd(end)}.`);
    this.socket = null;
    if (isRefusedLogin(end)) {
      this.standing.down(null);
      this.pace.refused();
      this.events.refused(session, evidenceOf(end));
    } else {
      this.lost(end);
    }
    this.events.changed();
  }

  /** A socket ended, or could not be opened. */
  private lost(end: SocketEnd): void {
    const wasLive = this.isLive;
    const cause = causeOfEnd(end);
    this.standing.down(cause, evidenceOf(end));
    this.pace.lost(wasLive, cause);
  }

  private drop(why: string): void {
    this.socket?.close(why);
    this.socket = null;
  }
}
