import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { callbackPage, pageHeaders } from './callback-page.ts';
import type { LoginOutcome } from './login-flow.ts';

export interface CallbackOptions {
  /** The registered redirect URL: its port is listened on, its host and path are all that is answered. */
  readonly redirectUrl: string;
  readonly clock: Clock;
  /** Given the whole URL of a request to the redirect path; not called after the login has ended. */
  readonly onCallback: (url: string) => Promise<LoginOutcome>;
  /** Nobody came back in time; the listener has closed. */
  readonly onTimeout: () => void;
  /** Real time, whatever the clock's speed: a person is logging in. */
  readonly timeoutMs?: number;
}

/** Why nothing listens. The redirect URL is registered with Kite, so another port cannot simply be taken. */
export interface CannotListen {
  readonly ok: false;
  readonly code: 'port-busy' | 'cannot-listen';
  readonly port: number;
  /** One sentence for a person. */
  readonly message: string;
}

export type CallbackListening = { readonly ok: true; readonly listener: Disposable } | CannotListen;

const LOGIN_TIMEOUT_MS = 5 * 60_000;
const DEFAULT_HTTP_PORT = 80;

/**
 * Waits on loopback for the browser to come back from Kite's login page (the native-app pattern of RFC 8252, 7.3), and
 * stops when the login has ended, the time is over, or the listener is disposed. A request that is not the awaited
 * answer is refused and changes nothing.
 */
export async function listenForCallback(options: CallbackOptions): Promise<CallbackListening> {
  const redirect = new URL(options.redirectUrl);
  const port = redirect.port === '' ? DEFAULT_HTTP_PORT : Number(redirect.port);
  const resources = new DisposableStack();
  const server = createServer((request, response) => {
    void answer(request, response, redirect, options, () => resources.dispose());
  });
  const problem = await listen(server, port);
  if (problem !== null) return problem;

  resources.defer(() => server.close());
  const onTimeout = (): void => {
    resources.dispose();
    options.onTimeout();
  };
  resources.use(options.clock.setTimeout(onTimeout, (options.timeoutMs ?? LOGIN_TIMEOUT_MS) * options.clock.speed));
  return { ok: true, listener: { [Symbol.dispose]: () => resources.dispose() } };
}

function listen(server: Server, port: number): Promise<CannotListen | null> {
  const { promise, resolve } = Promise.withResolvers<CannotListen | null>();
  server.once('error', (error: NodeJS.ErrnoException) => resolve(cannotListen(error, port)));
  server.listen({ host: '127.0.0.1', port }, () => {
    // A connection that fails later fails alone.
    server.on('error', () => {});
    resolve(null);
  });
  return promise;
}

function cannotListen(error: NodeJS.ErrnoException, port: number): CannotListen {
  return error.code === 'EADDRINUSE'
    ? {
        ok: false,
        code: 'port-busy',
        port,
        message: `Port ${port} is used by another program: close it, or register a redirect URL with another port at Kite and in the settings.`,
      }
    : {
        ok: false,
        code: 'cannot-listen',
        port,
        message: `Cannot listen on port ${port} for the sign-in (${error.code ?? 'unknown failure'}).`,
      };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  redirect: URL,
  options: CallbackOptions,
  stop: () => void,
): Promise<void> {
  const refusal = refusalOf(request, redirect);
  if (refusal !== null) {
    response.writeHead(refusal, { connection: 'close', 'cache-control': 'no-store' }).end();
    return;
  }
  const outcome = await options.onCallback(new URL(request.url ?? '/', redirect).href);
  const isOver = outcome.outcome !== 'wrong-state' && outcome.outcome !== 'not-ours';
  response.writeHead(isOver ? 200 : 400, pageHeaders).end(callbackPage(outcome));
  if (isOver) stop();
}

/** The status a request is turned away with: only the redirect URL itself is served, and only under its own host name. */
function refusalOf(request: IncomingMessage, redirect: URL): 403 | 404 | 405 | null {
  if (request.headers.host !== redirect.host) return 403;
  const target = request.url ?? '';
  if (!target.startsWith('/') || target.startsWith('//') || !URL.canParse(target, redirect)) return 404;
  if (new URL(target, redirect).pathname !== redirect.pathname) return 404;
  return request.method === 'GET' ? null : 405;
}
