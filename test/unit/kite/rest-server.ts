/** A tiny HTTP server that answers as told and keeps what it was asked. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
}

/** `body: null` never answers; `cutAfter` breaks the connection after so many bytes of the body. */
export interface Answer {
  readonly status?: number;
  readonly type?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly cutAfter?: number;
}

export interface RestServer extends AsyncDisposable {
  readonly root: string;
  readonly asked: Asked[];
  answer: Answer;
}

export async function startRestServer(): Promise<RestServer> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://kite');
    let form = '';
    for await (const chunk of request) form += String(chunk);
    asked.push({
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      form: new URLSearchParams(form),
    });
    const { status = 200, type = 'application/json', headers = {}, body, cutAfter } = running.answer;
    if (body === null) return;
    if (type !== null) response.setHeader('content-type', type);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.writeHead(status);
    if (cutAfter === undefined) response.end(body);
    else response.write(body.slice(0, cutAfter), () => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const running: RestServer = {
    root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer: { body: '{}' },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return running;
}

export function success(data: unknown): Answer {
  return { body: JSON.stringify({ status: 'success', data }) };
}

export function failure(status: number, errorType: string, message: string): Answer {
  return { status, body: JSON.stringify({ status: 'error', message, error_type: errorType, data: null }) };
}
