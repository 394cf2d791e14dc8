import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isAnswer } from '../kite/login.ts';
import { callbackPage, pageHeaders, refusalPage } from './callback-page.ts';
import type { LoginOutcome } from './login-flow.ts';

export interface CallbackOptions {
  /** The registered redirect URL: its port is listened on. */
  readonly redirectUrl: string;
  /** Given the whole URL of a page request to this port. */
  readonly onCallback: (url: string) => Promise<LoginOutcome>;
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

const DEFAULT_HTTP_PORT = 80;
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost']);

/**
 * Waits on loopback for browsers that come back from Kite's login page (the native-app pattern of RFC 8252, 7.3), until it
 * is disposed. Every request is answered with a page that says how to go on, and only a page that the browser was sent to
 * can be an answer: an image or a script of some other site changes nothing.
 */
export async function listenForCallback(options: CallbackOptions): Promise<CallbackListening> {
  const redirect = new URL(options.redirectUrl);
  const port = redirect.port === '' ? DEFAULT_HTTP_PORT : Number(redirect.port);
  const server = createServer((request, response) => void answer(request, response, redirect, options));
  const problem = await listen(server, port);
  if (problem !== null) return problem;
  const close = (): void => {
    server.close();
    server.closeIdleConnections();
  };
  return { ok: true, listener: { [Symbol.dispose]: close } };
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
): Promise<void> {
  const refusal = refusalOf(request, redirect);
  if (refusal !== null) {
    response.writeHead(refusal, pageHeaders).end(refusalPage());
    return;
  }
  const outcome = await outcomeOf(new URL(`${redirect.origin}${request.url ?? '/'}`).href, options);
  response.writeHead(statusOf(outcome), pageHeaders).end(callbackPage(outcome));
}

/** The browser gets its page whatever goes wrong here. */
async function outcomeOf(url: string, { onCallback }: CallbackOptions): Promise<LoginOutcome> {
  try {
    return await onCallback(url);
  } catch {
    return { outcome: 'failed', code: 'internal', message: 'The login could not be finished. Sign in again.' };
  }
}

function statusOf({ outcome }: LoginOutcome): number {
  switch (outcome) {
    case 'not-ours':
      return 404;
    case 'wrong-state':
    case 'wrong-address':
      return 400;
    default:
      return 200;
  }
}

/** The status a request is turned away with, unread; null for one that may be Kite's answer. */
function refusalOf(request: IncomingMessage, redirect: URL): 403 | 404 | 405 | null {
  if (!isOurHost(request.headers.host ?? '', redirect) || !isPageRequest(request)) return 403;
  const target = request.url ?? '';
  const url = `${redirect.origin}${target}`;
  if (!target.startsWith('/') || !URL.canParse(url)) return 404;
  // Two slashes are another origin to some; Kite's answer may still come by them, where they are registered so.
  if (target.startsWith('//') && !isAnswer(new URL(url).searchParams)) return 404;
  return request.method === 'GET' ? null : 405;
}

/** A name that somebody has pointed to this PC is not ours. */
function isOurHost(host: string, redirect: URL): boolean {
  const expected = LOOPBACK_NAMES.has(redirect.hostname) ? LOOPBACK_NAMES : new Set([redirect.hostname]);
  const port = redirect.port === '' ? '' : `:${redirect.port}`;
  const name = host.toLowerCase();
  return [...expected].some((each) => name === `${each}${port}`);
}

/**
 * Browsers say what a request is for, always in several headers at once (https://www.w3.org/TR/fetch-metadata/); where
 * there are none of them, nothing is held against it.
 */
function isPageRequest({ headers }: IncomingMessage): boolean {
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest } = headers;
  if (dest !== undefined && dest !== 'document') return false;
  return mode === 'navigate' || (mode !== 'no-cors' && site === undefined);
}
