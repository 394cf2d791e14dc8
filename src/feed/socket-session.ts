import type { Clock } from '../clock.ts';
import type { SessionCredentials } from '../kite/session.ts';
import type { SocketEnd, TickerConnector, TickerMessage, TickerMode, TickerSocket } from '../kite/ticker-events.ts';
import { connectionStall } from './freshness.ts';

/** Subscribed and switched to full mode together, so that the first ticks come before the last batch is sent. */
const BATCH = 500;
/** Whatever is subscribed comes in full mode for so long: its first packets then say when its price is from. */
const FULL_AT_FIRST_MS = 2_000;

/** What a session tells its owner; nothing any more once it has ended or been closed. */
export interface SocketSessionEvents {
  opened(): void;
  /** A data frame; returns the ticks in it, and how many of them show that the exchange's time has moved on. */
  data(bytes: Uint8Array, receivedAtMs: number): { readonly ticks: number; readonly advances: number };
  /** After a data frame with ticks, once the session's own figures include it. */
  flowing(): void;
  heartbeat(receivedAtMs: number): void;
  message(message: TickerMessage): void;
  /** The connection ended, and not by `close`. */
  ended(end: SocketEnd): void;
}

/** What a session asks Kite for. */
export interface Wanted {
  /** In the order of subscription. */
  readonly tokens: readonly number[];
  /** The mode a token is wanted in now. */
  readonly modeOf: (token: number) => TickerMode;
}

interface Subscription {
  mode: TickerMode;
  readonly sinceMs: number;
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
  private wanted: Wanted;
  private readonly subscribed = new Map<number, Subscription>();
  private isOver = false;
  private isOpen = false;
  /** Monotonic ms, like all of the following: begun, then opened. */
  private sinceMs: number;
  private lastFrameMs: number | null = null;
  private firstDataMs: number | null = null;
  private lastDataMs: number | null = null;
  private hasAdvanced = false;

  constructor(
    clock: Clock,
    connector: TickerConnector,
    credentials: SessionCredentials,
    wanted: Wanted,
    events: SocketSessionEvents,
  ) {
    this.clock = clock;
    this.events = events;
    this.credentials = credentials;
    this.wanted = wanted;
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

  /** How long since it opened, ms; null while it is not open. */
  get openForMs(): number | null {
    return this.isOpen ? this.clock.monotonic() - this.sinceMs : null;
  }

  /** It has brought the last packet of what it is subscribed to, and nothing that was newer than what is held. */
  get onlyRepeats(): boolean {
    return this.firstDataMs !== null && !this.hasAdvanced;
  }

  /**
   * What stalls it now, by what it has shown; before it is open it owes no data, only an answer. `dueSinceMs`: since when
   * data has been due, null while none is; `patience`: how many times the usual wait it is given for its first signs.
   */
  stall(dueSinceMs: number | null, patience: number): 'silent' | 'mute' | null {
    return connectionStall({
      nowMs: this.clock.monotonic(),
      sinceMs: this.sinceMs,
      lastFrameMs: this.lastFrameMs,
      lastDataMs: this.lastDataMs,
      dueSinceMs: this.isOpen ? dueSinceMs : null,
      patience,
      speed: this.clock.speed,
    });
  }

  /** Follows what is wanted now, and nothing else. */
  follow(wanted: Wanted): void {
    this.wanted = wanted;
    if (this.isOpen && !this.isOver) this.subscribeDifference();
  }

  /** Brings the modes in line with what is wanted of them now; to be called when that changes, and now and then. */
  settleModes(): void {
    if (!this.isOpen || this.isOver) return;
    const settledMs = this.clock.monotonic() - FULL_AT_FIRST_MS;
    const changes = new Map<TickerMode, number[]>();
    for (const [token, subscription] of this.subscribed) {
      const mode = this.wanted.modeOf(token);
      if (mode === subscription.mode || (mode !== 'full' && subscription.sinceMs > settledMs)) continue;
      subscription.mode = mode;
      const tokens = changes.get(mode);
      if (tokens === undefined) changes.set(mode, [token]);
      else tokens.push(token);
    }
    for (const [mode, tokens] of changes) inBatches(tokens, (batch) => this.socket.setMode(mode, batch));
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
    const { ticks, advances } = this.events.data(bytes, receivedAtMs);
    if (ticks === 0) return;
    this.hasAdvanced ||= advances > 0;
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
    const wanted = new Set(this.wanted.tokens);
    const dropped = [...this.subscribed.keys()].filter((token) => !wanted.has(token));
    const added = [...wanted].filter((token) => !this.subscribed.has(token));
    for (const token of dropped) this.subscribed.delete(token);
    if (dropped.length > 0) this.socket.unsubscribe(dropped);
    this.subscribe(added);
  }

  private subscribe(tokens: readonly number[]): void {
    const sinceMs = this.clock.monotonic();
    for (const token of tokens) this.subscribed.set(token, { mode: 'full', sinceMs });
    inBatches(tokens, (batch) => {
      this.socket.subscribe(batch);
      this.socket.setMode('full', batch);
    });
  }

  private whileAlive(run: () => void): void {
    if (!this.isOver) run();
  }
}

function inBatches(tokens: readonly number[], send: (batch: readonly number[]) => void): void {
  for (let first = 0; first < tokens.length; first += BATCH) send(tokens.slice(first, first + BATCH));
}
