import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Clock } from '../clock.ts';
import type { DeskHost } from '../desk/desk-api.ts';
import type { Log } from '../log.ts';
import { Access, type Refusal } from './access.ts';
import { BrowserEntry } from './browser-entry.ts';
import { serveDeskSocket } from './desk-socket.ts';
import { isApiPath, sendRefusal, serveApi } from './http-api.ts';
import { newKey } from './key-file.ts';
import { serveMarketSocket } from './market-socket.ts';
import { InterfaceFiles, serveStatic } from './static-files.ts';

const HOST = '127.0.0.1';
/** The interface's commands are small; only its acknowledgements come often. */
const MAX_CLIENT_MESSAGE_BYTES = 1024 * 1024;

/** Far more than interfaces and scripts of one PC hold; who opens more than that at once is up to no good. */
const MOST_CONNECTIONS = 1_000;
/** Who has connected and sends no request, or half of one, is let go; real ms. Sockets that were upgraded stay. */
export interface RequestLimits {
  /** For the head of a request. */
  readonly headers: number;
  /** For the whole of it. */
  readonly request: number;
  /** Without a byte either way. */
  readonly silence: number;
  /** How often the first two are looked at. */
  readonly lookEvery: number;
}

export const usualRequestLimits: RequestLimits = {
  headers: 10_000,
  request: 30_000,
  silence: 60_000,
  lookEvery: 5_000,
};

/** The port asked for is taken. `free` is one that was not, a moment ago. */
export class PortBusyError extends Error {
  readonly code = 'port-busy';
  readonly port: number;
  readonly free: number;

  constructor(port: number, free: number) {
    super(`Port ${port} is in use by another program; ${free} is free.`);
    this.port = port;
    this.free = free;
  }
}

export interface ServeOptions {
  readonly host: DeskHost;
  readonly port: number;
  /** Folder of the built interface; null serves the API alone. */
  readonly interfaceRoot: string | null;
  readonly log: Log;
  /** Who knows it may do all that the app can; null makes a new one. */
  readonly key?: string | null;
  /** Real time. */
  readonly clock: Clock;
  readonly limits?: RequestLimits;
}

export interface DeskServer extends AsyncDisposable {
  readonly port: number;
  /** Opens the door to everything below; new at every start, unless it was given. */
  readonly key: string;
  readonly origin: string;
  /** The interface's address with its key. */
  readonly url: string;
  /** An address to hand to a browser: it opens the interface once, within a minute, and does not hold the key. */
  issueBrowserUrl(): string;
}

/** Puts the desk on loopback: the interface, the local API and its two sockets. */
export async function serveDesk(options: ServeOptions): Promise<DeskServer> {
  const key = options.key ?? newKey();
  const files = options.interfaceRoot === null ? null : await InterfaceFiles.read(options.interfaceRoot);
  const limits = options.limits ?? usualRequestLimits;
  const server = createServer({
    headersTimeout: limits.headers,
    requestTimeout: limits.request,
    connectionsCheckingInterval: limits.lookEvery,
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.timeout = limits.silence;
  const port = await listen(server, options.port);
  const access = new Access(key, port);
  const entry = new BrowserEntry(access, key, port, options.clock);
  const refuse = refusalLog(options.log);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_CLIENT_MESSAGE_BYTES });

  server.on('request', (request, response) => {
    void answer(options, files, access, entry, refuse, request, response).catch((error: unknown) => {
      options.log(
        'error',
        'app',
        `A local request failed: ${error instanceof Error ? error.message : 'unknown error'}`,
      );
      if (!response.headersSent) sendRefusal(response, 500, 'internal error');
    });
  });
  server.on('upgrade', (request, socket, head) => {
    // Node has taken its own listener off: a client that is gone before the answer must not end the process.
    socket.on('error', () => socket.destroy());
    const url = urlOf(request);
    if (url === null) return refuseUpgrade(socket, 400);
    const serve = { '/ws/desk': serveDeskSocket, '/ws/market': serveMarketSocket }[url.pathname];
    const refusal = access.check(request, url);
    if (refusal !== null) refuse(refusal, request);
    if (refusal !== null || serve === undefined) return refuseUpgrade(socket, refusal?.status ?? 404);
    sockets.handleUpgrade(request, socket, head, (client) => serve(options.host, client));
  });

  const origin = `http://${HOST}:${port}`;
  return {
    port,
    key,
    origin,
    url: `${origin}/?key=${key}`,
    issueBrowserUrl: () => `${origin}/?code=${entry.issueCode()}`,
    [Symbol.asyncDispose]: async () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  options: ServeOptions,
  files: InterfaceFiles | null,
  access: Access,
  entry: BrowserEntry,
  refuse: (refusal: Refusal, request: IncomingMessage) => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = urlOf(request);
  if (url === null) return sendRefusal(response, 400, 'bad request');
  const refusal = isApiPath(url.pathname) ? access.check(request, url) : access.checkOrigin(request);
  if (refusal !== null) {
    refuse(refusal, request);
    sendRefusal(response, refusal.status, refusal.reason);
  } else if (isApiPath(url.pathname)) {
    await serveApi(options.host.desk, request, url, response);
  } else if (entry.answer(request, url, response)) {
    return;
  } else if (files !== null && request.method === 'GET') {
    serveStatic(files, url.pathname, response);
  } else {
    sendRefusal(response, 404, 'not found');
  }
}

/** What was asked for; null for anything but a path, as `//` or another server's address. */
function urlOf({ url = '/' }: IncomingMessage): URL | null {
  return url.startsWith('/') ? URL.parse(`http://${HOST}${url}`) : null;
}

/** Says each kind of refusal once: a page that hammers the port must not fill the activity log. */
function refusalLog(log: Log): (refusal: Refusal, request: IncomingMessage) => void {
  const said = new Set<string>();
  return (refusal) => {
    if (said.has(refusal.reason)) return;
    said.add(refusal.reason);
    log('warning', 'app', `A local request was refused: ${refusal.reason}.`);
  };
}

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    await bind(server, port);
  } catch (error) {
    if (!isPortBusy(error)) throw error;
    const probe = createServer();
    await bind(probe, 0);
    const free = (probe.address() as AddressInfo).port;
    await new Promise((resolve) => probe.close(resolve));
    throw new PortBusyError(port, free);
  }
  return (server.address() as AddressInfo).port;
}

function bind(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function isPortBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
}
