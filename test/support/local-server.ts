import { systemClock } from '../../src/clock.ts';
import type { Desk, DeskHost } from '../../src/desk/desk-api.ts';
import { type DeskServer, serveDesk } from '../../src/serve/server.ts';

/** A desk behind its real server on a free port of 127.0.0.1. */
export interface LocalServer extends AsyncDisposable {
  readonly server: DeskServer;
  /** What the server itself logged. */
  readonly log: readonly string[];
  /** A request with the key; `headers` of `init` win. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** The address of a socket, with the key. */
  socketUrl(path: string): string;
}

export async function serveLocally(desk: Desk, interfaceRoot: string | null = null): Promise<LocalServer> {
  const log: string[] = [];
  const server = await serveDesk({
    host: hostOf(desk),
    port: 0,
    interfaceRoot,
    clock: systemClock(),
    log: (level, _area, text) => void log.push(`${level}: ${text}`),
  });
  const base = `http://127.0.0.1:${server.port}`;
  return {
    server,
    log,
    fetch: (path, init = {}) =>
      fetch(new URL(path, base), { ...init, headers: { authorization: `Bearer ${server.key}`, ...init.headers } }),
    socketUrl: (path) => `ws://127.0.0.1:${server.port}${path}?key=${server.key}`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** A host that only ever has this desk. */
export function hostOf(desk: Desk): DeskHost {
  return { desk, onSwap: () => ({ [Symbol.dispose]: () => {} }) };
}
