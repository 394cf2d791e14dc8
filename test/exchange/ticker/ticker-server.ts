import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../../src/clock.ts';
import type { FaultBook } from '../faults.ts';
import type { MarketModel } from '../market/market-model.ts';
import type { ExchangeSession, Sessions } from '../sessions.ts';
import type { StatsCounter, UpgradeOutcome } from '../stats.ts';
import { TickPump } from './tick-pump.ts';
import { TickerConnection } from './ticker-connection.ts';

/** Sockets one app may hold. */
const CONNECTION_LIMIT = 3;
const PATHS = ['/', '/ws'];
const HTML_BODY = '<html><body><h1>Service unavailable</h1></body></html>';

export interface TickerServerParts {
  readonly clock: Clock;
  readonly apiKey: string;
  readonly model: MarketModel;
  readonly sessions: Sessions;
  readonly faults: FaultBook;
  readonly stats: StatsCounter;
}

/** The streaming half of the exchange: decides who gets a socket, and pumps ticks while anyone has one. */
export class TickerServer implements Disposable {
  private readonly parts: TickerServerParts;
  private readonly server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  private readonly connections = new Set<TickerConnection>();
  private readonly hanging = new Set<Duplex>();
  private pump: TickPump | null = null;

  constructor(parts: TickerServerParts) {
    this.parts = parts;
  }

  /** The HTTP server's `upgrade` event. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const verdict = this.judge(request);
    if (verdict.outcome === 'open') {
      this.server.handleUpgrade(request, socket, head, (webSocket) => this.open(webSocket, verdict.session));
    } else if (verdict.outcome === 'reset') {
      socket.destroy();
    } else if (verdict.outcome === 'hung') {
      this.hanging.add(socket);
      socket.on('close', () => this.hanging.delete(socket));
      // Without a reader the client's going away would never be seen, and a half-open socket would stay.
      socket.on('end', () => socket.destroy());
      socket.resume();
    } else {
      answer(socket, verdict.outcome, verdict.html);
    }
    this.parts.stats.countUpgrade(this.parts.clock.now(), verdict.outcome);
  }

  /** Upgrades that are left without an answer. */
  get hangingCount(): number {
    return this.hanging.size;
  }

  /** Closes every socket, or one by its place among them; without a code, without a closing handshake. */
  drop(code?: number, only?: number): void {
    for (const [place, connection] of [...this.connections].entries()) {
      if (only === undefined || place === only) connection.drop(code);
    }
  }

  /** Instruments on each open socket. */
  get subscriptions(): readonly number[] {
    return [...this.connections].map(({ subscribed }) => subscribed);
  }

  /** Cuts the sockets of a session that has ended. */
  sessionEnded(session: ExchangeSession): void {
    for (const connection of this.connections) if (connection.session === session) connection.drop();
  }

  [Symbol.dispose](): void {
    this.pump?.[Symbol.dispose]();
    this.pump = null;
    for (const connection of this.connections) connection[Symbol.dispose]();
    this.connections.clear();
    for (const socket of this.hanging) socket.destroy();
    this.server.close();
  }

  private judge(request: IncomingMessage): Verdict {
    const { apiKey, faults, sessions } = this.parts;
    const url = URL.parse(request.url ?? '/', 'http://exchange');
    const refused = faults.active('refuseConnections');
    if (refused !== null) return refuse(refused.how === 'reset' ? 'reset' : 'hung');
    const fault = faults.use('refuse', ({ where }) => where !== 'rest');
    if (fault !== null) return refuse(fault.status, fault.html === true);
    if (url === null || !PATHS.includes(url.pathname)) return refuse(404);
    const givenKey = url.searchParams.get('api_key');
    const accessToken = url.searchParams.get('access_token');
    if (!givenKey || !accessToken) return refuse(400);
    const session = givenKey === apiKey ? sessions.find(accessToken) : null;
    if (session === null || faults.active('wrongPlan') !== null) return refuse(403);
    // 403 with an active plan, cured by a fresh login; observed 2025-11.
    const refusedSince = faults.since('socketRefused');
    if (refusedSince !== null && session.mintedAtMs <= refusedSince) return refuse(403);
    return this.connections.size >= CONNECTION_LIMIT ? refuse(429) : { outcome: 'open', session };
  }

  private open(socket: WebSocket, session: ExchangeSession): void {
    const { clock, model, faults, stats } = this.parts;
    this.pump ??= new TickPump(clock, (fromMs, toMs) => this.step(fromMs, toMs));
    const reachedMs = (): number => this.pump?.reachedMs ?? clock.now();
    const connection = new TickerConnection({ socket, session, clock, model, faults, stats, reachedMs });
    this.connections.add(connection);
    stats.openSockets = this.connections.size;
    socket.on('close', (code) => {
      stats.countClose(clock.now(), code);
      this.closed(connection);
    });
  }

  private closed(connection: TickerConnection): void {
    connection[Symbol.dispose]();
    this.connections.delete(connection);
    this.parts.stats.openSockets = this.connections.size;
    if (this.connections.size > 0) return;
    this.pump?.[Symbol.dispose]();
    this.pump = null;
  }

  private step(fromMs: number, toMs: number): void {
    for (const connection of this.connections) connection.pump(fromMs, toMs);
  }
}

type Verdict =
  | { readonly outcome: 'open'; readonly session: ExchangeSession }
  | { readonly outcome: Exclude<UpgradeOutcome, 'open'>; readonly html: boolean };

function refuse(outcome: Exclude<UpgradeOutcome, 'open'>, html = false): Verdict {
  return { outcome, html };
}

/** Answers an upgrade with a status instead of a socket. */
function answer(socket: Duplex, status: number, html: boolean): void {
  const body = html ? HTML_BODY : '';
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
      `Content-Type: ${html ? 'text/html' : 'text/plain'}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
