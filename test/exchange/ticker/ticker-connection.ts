import { WebSocket } from 'ws';
import type { Clock } from '../../../src/clock.ts';
import type { TickerMode } from '../../../src/kite/ticker-events.ts';
import { istDateOf } from '../../../src/market/ist.ts';
import type { FaultBook } from '../faults.ts';
import type { MarketModel } from '../market/market-model.ts';
import { emptyTick } from '../market/market-tick.ts';
import { hash32 } from '../market/random.ts';
import type { ExchangeSession } from '../sessions.ts';
import type { StatsCounter } from '../stats.ts';
import { FrameBuilder, heartbeat } from './frame-encoder.ts';
import { malformedFrame } from './malformed-frames.ts';
import { parseTickerCommand } from './ticker-commands.ts';

const ABNORMAL_CLOSURE = 1006;

/** Heartbeats come this far apart, whether or not data flows. */
const HEARTBEAT_MS = 3_000;
/** Instruments a connection may subscribe to. */
const INSTRUMENT_LIMIT = 3_000;

/** What a connection works with. */
export interface ConnectionParts {
  readonly socket: WebSocket;
  readonly session: ExchangeSession;
  readonly clock: Clock;
  readonly model: MarketModel;
  readonly faults: FaultBook;
  readonly stats: StatsCounter;
  /** Market instant up to which ticks have been sent; at high speeds it trails the clock. */
  readonly reachedMs: () => number;
}

/** One client of the ticker: its subscriptions, its heartbeats and its frames. */
export class TickerConnection implements Disposable {
  readonly session: ExchangeSession;
  private readonly parts: ConnectionParts;
  private readonly subscriptions = new Map<number, TickerMode>();
  private readonly builder = new FrameBuilder();
  private readonly tick = emptyTick();
  private readonly heartbeats: Disposable;
  private readonly delayed = new Set<Disposable>();
  private lastDueMs = 0;
  private malformedSent = 0;
  private previousFrame: Buffer | null = null;

  constructor(parts: ConnectionParts) {
    this.parts = parts;
    this.session = parts.session;
    parts.socket.on('message', (data, isBinary) => this.receive(isBinary ? null : String(data)));
    parts.socket.on('error', () => parts.socket.terminate());
    this.heartbeats = parts.clock.setInterval(() => this.beat(), HEARTBEAT_MS);
    this.sendText({ type: 'instruments_meta', data: this.instrumentsMeta() });
  }

  /** How many instruments it carries. */
  get subscribed(): number {
    return this.subscriptions.size;
  }

  /** Sends a data frame with what ticked after `fromMs` and up to `toMs`, if anything did. */
  pump(fromMs: number, toMs: number): void {
    const { faults, model } = this.parts;
    if (this.session.expiresAtMs <= toMs) {
      this.drop();
      return;
    }
    if (this.isWithoutData()) return;
    const malformed = faults.use('malformed');
    if (malformed !== null) this.send(malformedFrame(malformed.sort, model.seed, this.malformedSent++));
    for (const [token, mode] of this.subscriptions) {
      const feed = model.feed(token, toMs);
      if (feed === null || feed.lastTickAt(toMs) <= fromMs || this.isQuiet(token)) continue;
      feed.read(toMs, this.tick);
      this.misstamp(token);
      this.builder.add(token, feed.instrument.segment === 'INDICES', mode, this.tick);
    }
    this.sendBuilt();
  }

  /** Closes with a code, or cuts the connection. */
  drop(code?: number): void {
    // 1006 is what a client sees of a cut connection: nobody can send it.
    if (code === undefined || code === ABNORMAL_CLOSURE) this.parts.socket.terminate();
    else this.parts.socket.close(code);
  }

  [Symbol.dispose](): void {
    this.heartbeats[Symbol.dispose]();
    for (const timer of this.delayed) timer[Symbol.dispose]();
    this.delayed.clear();
    this.parts.socket.terminate();
  }

  private receive(text: string | null): void {
    const command = parseTickerCommand(text);
    switch (command.action) {
      case 'subscribe':
        this.subscribe(command.tokens);
        break;
      case 'unsubscribe':
        for (const token of command.tokens) this.subscriptions.delete(token);
        break;
      case 'mode':
        this.setMode(command.mode, command.tokens);
        break;
      case 'invalid':
        this.sendText({ type: 'error', data: command.reason });
        break;
    }
  }

  private subscribe(tokens: readonly number[]): void {
    const fresh = tokens.filter((token) => !this.subscriptions.has(token));
    const room = INSTRUMENT_LIMIT - this.subscriptions.size;
    for (const token of fresh.slice(0, room)) this.subscriptions.set(token, 'quote');
    this.sendCached(tokens);
    if (fresh.length > room) {
      const data = `Subscription limit of ${INSTRUMENT_LIMIT} instruments reached. ${fresh.length - room} ignored.`;
      this.sendText({ type: 'error', data });
    }
  }

  /** A mode applies only to what is subscribed. */
  private setMode(mode: TickerMode, tokens: readonly number[]): void {
    const known = tokens.filter((token) => this.subscriptions.has(token));
    for (const token of known) this.subscriptions.set(token, mode);
    this.sendCached(known);
  }

  /** The last packet of each token, whenever it is from; never one that the pump has still to send. */
  private sendCached(tokens: readonly number[]): void {
    if (this.isWithoutData()) return;
    const now = this.parts.reachedMs();
    for (const token of tokens) {
      const mode = this.subscriptions.get(token);
      const feed = this.parts.model.feed(token, now);
      if (mode === undefined || feed === null || this.isQuiet(token)) continue;
      feed.read(now, this.tick);
      this.builder.add(token, feed.instrument.segment === 'INDICES', mode, this.tick);
    }
    this.sendBuilt();
  }

  private sendBuilt(): void {
    if (this.builder.count === 0) return;
    const { faults } = this.parts;
    const frame = this.builder.take();
    this.sendData(frame);
    if (faults.active('duplicate') !== null) this.sendData(frame);
    if (faults.active('outOfOrder') !== null && this.previousFrame !== null) this.sendData(this.previousFrame);
    this.previousFrame = frame;
  }

  private sendData(frame: Buffer): void {
    this.parts.stats.dataFrames++;
    this.send(frame);
  }

  private beat(): void {
    if (this.parts.faults.active('stall') !== null) return;
    this.parts.stats.heartbeats++;
    this.send(heartbeat);
  }

  private sendText(message: object): void {
    if (this.parts.faults.active('stall') !== null) return;
    this.parts.stats.textFrames++;
    this.send(JSON.stringify(message));
  }

  private send(data: Buffer | string): void {
    const { clock, faults } = this.parts;
    const delayMs = faults.active('delay')?.ms ?? 0;
    if (delayMs === 0 && this.delayed.size === 0) {
      this.transmit(data);
      return;
    }
    // Whatever is delayed stays ahead of what comes after it, also when the fault ends.
    this.lastDueMs = Math.max(this.lastDueMs, clock.now() + delayMs);
    const timer = clock.setTimeout(() => {
      this.delayed.delete(timer);
      this.transmit(data);
    }, this.lastDueMs - clock.now());
    this.delayed.add(timer);
  }

  private transmit(data: Buffer | string): void {
    if (this.parts.socket.readyState === WebSocket.OPEN) this.parts.socket.send(data);
  }

  private isWithoutData(): boolean {
    const { faults } = this.parts;
    return faults.active('stall') !== null || faults.active('mute') !== null;
  }

  private misstamp(token: number): void {
    const fault = this.parts.faults.active('wrongStamp', (candidate) => candidate.token === token);
    if (fault === null) return;
    const byS = Math.round(fault.byMs / 1000);
    this.tick.exchangeTimeS += byS;
    if (this.tick.lastTradeTimeS > 0) this.tick.lastTradeTimeS += byS;
  }

  private isQuiet(token: number): boolean {
    return this.parts.faults.active('quiet', (fault) => fault.token === token) !== null;
  }

  private instrumentsMeta(): { count: number; etag: string } {
    const { model, clock } = this.parts;
    const { all, date } = model.instruments(istDateOf(clock.now()));
    const digest = all.reduce((sum, { token }) => hash32(sum, token), Number(date.replaceAll('-', '')));
    return { count: all.length, etag: `W/"${digest.toString(16)}-${all.length}"` };
  }
}
