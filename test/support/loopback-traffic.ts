import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** The two ends of a loopback connection. An end is null until it is known: not accepted yet, or of another process. */
interface Connection {
  client: Socket | null;
  server: Socket | null;
}

/** How far both ends of a connection have come: bytes and closings. */
type Progress = string;

/**
 * Without progress for so many real ms and so many turns something is held back rather than under way, by a reader that
 * pauses, say. On a busy machine few turns fit into the time, and on a quiet one the turns are over in no time.
 */
const HELD_AFTER = { ms: 250, turns: 100 };

/**
 * What is on its way between sockets of this process. Loopback mostly delivers within the turn that sends, but a busy
 * machine may take longer, and only counting at both ends tells. Node announces every socket it makes or accepts.
 */
class LoopbackTraffic {
  private readonly connections = new Set<Connection>();
  private readonly byPorts = new Map<string, Connection>();
  private readonly held = new WeakMap<Connection, Progress>();
  private progress: Progress = '';
  private progressAtMs = 0;
  private turnsSince = 0;

  constructor() {
    subscribe('net.client.socket', (message) => this.addClient(socketOf(message)));
    subscribe('net.server.socket', (message) => this.addServer(socketOf(message)));
  }

  /** Whether something sent, opened or closed at one end has yet to be seen at the other. Asked once a turn. */
  isUnderWay(): boolean {
    const waiting = [...this.connections].filter(
      (connection) => !isAtRest(connection) && this.held.get(connection) !== progressOf(connection),
    );
    if (waiting.length === 0) return false;
    const progress = waiting.map(progressOf).join('\n');
    const nowMs = performance.now();
    if (progress !== this.progress) [this.progress, this.progressAtMs, this.turnsSince] = [progress, nowMs, 0];
    this.turnsSince++;
    if (nowMs - this.progressAtMs < HELD_AFTER.ms || this.turnsSince < HELD_AFTER.turns) return true;
    for (const connection of waiting) this.held.set(connection, progressOf(connection));
    return false;
  }

  private addClient(socket: Socket): void {
    const connection: Connection = { client: socket, server: null };
    this.watch(connection, socket);
    socket.once('connect', () => {
      const ports = `${socket.localPort}>${socket.remotePort}`;
      connection.server = this.takeWaiting(ports, connection, 'server');
    });
  }

  private addServer(socket: Socket): void {
    const connection: Connection = { client: null, server: socket };
    this.watch(connection, socket);
    const ports = `${socket.remotePort}>${socket.localPort}`;
    connection.client = this.takeWaiting(ports, connection, 'client');
  }

  /** The other end's socket if it came first; else this one waits for it under the same ports. */
  private takeWaiting(ports: string, connection: Connection, end: keyof Connection): Socket | null {
    const other = this.byPorts.get(ports);
    const socket = other?.[end] ?? null;
    if (other === undefined || socket === null) {
      this.byPorts.set(ports, connection);
      return null;
    }
    this.byPorts.delete(ports);
    this.connections.delete(other);
    this.watch(connection, socket);
    return socket;
  }

  private watch(connection: Connection, socket: Socket): void {
    this.connections.add(connection);
    socket.once('close', () => {
      if ((connection.client?.closed ?? true) && (connection.server?.closed ?? true))
        this.connections.delete(connection);
    });
  }
}

/** From the first use of this module on, all of this process. */
export const loopbackTraffic = new LoopbackTraffic();

function isAtRest({ client, server }: Connection): boolean {
  if (client === null || server === null || client.connecting) return false;
  return hasArrived(client, server) && hasArrived(server, client);
}

function hasArrived(from: Socket, to: Socket): boolean {
  if (to.destroyed || to.readableEnded) return true;
  return !from.destroyed && !from.writableFinished && from.bytesWritten === to.bytesRead;
}

function progressOf({ client, server }: Connection): Progress {
  return [client, server]
    .map((socket) => {
      if (socket === null) return '-';
      const { connecting, bytesWritten, bytesRead, writableFinished, readableEnded, destroyed } = socket;
      return [connecting, bytesWritten, bytesRead, writableFinished, readableEnded, destroyed].join(' ');
    })
    .join(' | ');
}

function socketOf(message: unknown): Socket {
  return (message as { socket: Socket }).socket;
}
