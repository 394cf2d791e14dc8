import type { Clock } from '../clock.ts';
import type { SessionCredentials } from '../kite/session.ts';
import type { SocketEnd, TickerConnector, TickerMessage, TickerSocket } from '../kite/ticker-events.ts';
import { connectionStall } from './freshness.ts';

/** Kite's limit for one connection (https://kite.trade/docs/connect/v3/websocket/). */
export const TOKENS_PER_CONNECTION = 3_000;
/** Subscribed and switched to full mode together, so that the first ticks come before the last batch is sent. */
const BATCH = 500;

/** What a session tells its owner; nothing any more once it has ended or been closed. */
export interface SocketSessionEvents {
  opened(): void;
  /** A data frame; returns the ticks in it. */
  data(bytes: Uint8Array, receivedAtMs: number): number;
  /** After a data frame with ticks, once the session's own figures include it. */
  flowing(): void;
  heartbeat(receivedAtMs: number): void;
  message(message: TickerMessage): void;
  /** The connection ended, and not by `close`. */
  ended(end: SocketEnd): void;
}

/**
 * One connection of one login, from the first attempt to its end: what it is subscribed to and what it has shown. An
 * owner replaces it as a whole, so that nothing of an old connection can be mistaken for the new one's.
 */
export class SocketSession {
  readonly credentials: SessionCredentials;
  private readonly clock: Clock;
  private readonly events: SocketSessionEvents;
  private readonly socket: TickerSocket;
  private wanted: readonly number[];
  private subscribed: ReadonlySet<number> = new Set();
  private isOver = false;
  private isOpen = false;
  /** Monotonic ms, like all of the following: begun, then opened. */
  private sinceMs: number;
  private lastFrameMs: number | null = null;
  private firstDataMs: number | null = null;
  private lastDataMs: number | null = null;

  constructor(
    clock: Clock,
    connector: TickerConnector,
    credentials: SessionCredentials,
    tokens: readonly number[],
    events: SocketSessionEvents,
  ) {
    this.clock = clock;
    this.events = events;
    this.credentials = credentials;
    this.wanted = tokens;
    this.sinceMs = clock.monotonic();
    this.socket = connector.connect(credentials, {
      open: () => this.whileAlive(() => this.onOpen()),
      frame: (bytes, receivedAtMs) => this.whileAlive(() => this.onFrame(bytes, receivedAtMs)),
      heartbeat: (receivedAtMs) => this.whileAlive(() => this.onHeartbeat(receivedAtMs)),
      message: (message) => this.whileAlive(() => this.events.message(message)),
      end: (end) => this.whileAlive(() => this.onEnd(end)),
    });
  }

  get generation(): number {
    return this.socket.generation;
  }

  get opened(): boolean {
    return this.isOpen;
  }

  /** How long data has been flowing on this connection, ms; 0 for a single frame, null for none. */
  get flowingForMs(): number | null {
    return this.firstDataMs === null || this.lastDataMs === null ? null : this.lastDataMs - this.firstDataMs;
  }

  /** What stalls it now, by what it has shown; before it is open it owes no data, only an answer. */
  stall(isDataDue: boolean): 'silent' | 'mute' | null {
    return connectionStall({
      nowMs: this.clock.monotonic(),
      sinceMs: this.sinceMs,
      lastFrameMs: this.lastFrameMs,
      lastDataMs: this.lastDataMs,
      isDataDue: isDataDue && this.isOpen,
      speed: this.clock.speed,
    });
  }

  /** Follows these tokens, all in full mode, and no others; the order is the order of subscription. */
  follow(tokens: readonly number[]): void {
    this.wanted = tokens;
    if (this.isOpen && !this.isOver) this.subscribeDifference();
  }

  /** Asks for tokens again that are subscribed and have gone quiet: the answer is each one's last packet. */
  refresh(tokens: readonly number[]): void {
    if (!this.isOpen || this.isOver) return;
    const known = tokens.filter((token) => this.subscribed.has(token));
    this.socket.unsubscribe(known);
    this.subscribe(known);
  }

  /** Cuts the connection; none of its events follow. Harmless when it has ended. */
  close(why: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.socket.terminate(why);
  }

  private onOpen(): void {
    this.isOpen = true;
    this.sinceMs = this.clock.monotonic();
    this.subscribeDifference();
    this.events.opened();
  }

  private onFrame(bytes: Uint8Array, receivedAtMs: number): void {
    this.lastFrameMs = this.clock.monotonic();
    if (this.events.data(bytes, receivedAtMs) === 0) return;
    this.firstDataMs ??= this.lastFrameMs;
    this.lastDataMs = this.lastFrameMs;
    this.events.flowing();
  }

  private onHeartbeat(receivedAtMs: number): void {
    this.lastFrameMs = this.clock.monotonic();
    this.events.heartbeat(receivedAtMs);
  }

  private onEnd(end: SocketEnd): void {
    this.isOver = true;
    this.events.ended(end);
  }

  private subscribeDifference(): void {
    const wanted = new Set(this.wanted);
    const dropped = [...this.subscribed].filter((token) => !wanted.has(token));
    const added = [...wanted].filter((token) => !this.subscribed.has(token));
    if (dropped.length > 0) this.socket.unsubscribe(dropped);
    this.subscribe(added);
    this.subscribed = wanted;
  }

  private subscribe(tokens: readonly number[]): void {
    for (let first = 0; first < tokens.length; first += BATCH) {
      const batch = tokens.slice(first, first + BATCH);
      this.socket.subscribe(batch);
      this.socket.setMode('full', batch);
    }
  }

  private whileAlive(run: () => void): void {
    if (!this.isOver) run();
  }
}
