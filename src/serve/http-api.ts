import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Desk } from '../desk/desk-api.ts';
import { parseCandleQuery } from '../history/candle-query.ts';
import { isIstDate } from '../market/ist.ts';
import { securityHeaders } from './static-files.ts';

const BODY_LIMIT_BYTES = 16_384;

const tokenBody = z.object({ access_token: z.string() });

type Handler = (desk: Desk, request: IncomingMessage, url: URL) => Promise<Answer> | Answer;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const routes: Readonly<Record<string, Handler>> = {
  'GET /api/health': (desk) => {
    const health = desk.health();
    return { status: health.status === 'down' ? 503 : 200, body: health };
  },
  'GET /api/token-status': (desk) => ({ status: 200, body: desk.tokenStatus() }),
  'GET /api/journal': journal,
  'GET /api/candles': candles,
  'GET /api/doctor': examine,
  'POST /api/token': setToken,
};

/** Whether a path belongs to the API (and so needs the key). */
export function isApiPath(pathname: string): boolean {
  return pathname.startsWith('/api/');
}

/** Answers an API request that has passed the access check. */
export async function serveApi(
  desk: Desk,
  request: IncomingMessage,
  url: URL,
  response: ServerResponse,
): Promise<void> {
  const handler = routes[`${request.method} ${url.pathname}`];
  const known = Object.keys(routes).some((route) => route.endsWith(` ${url.pathname}`));
  if (handler === undefined)
    return send(response, refusal(known ? 405 : 404, known ? 'method not allowed' : 'not found'));
  send(response, await handler(desk, request, url));
}

export function sendRefusal(response: ServerResponse, status: number, reason: string): void {
  send(response, refusal(status, reason));
}

function refusal(status: number, reason: string, code?: string): Answer {
  return { status, body: code === undefined ? { error: reason } : { error: reason, code } };
}

function send(response: ServerResponse, answer: Answer): void {
  const headers = { ...securityHeaders, 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(answer.status, headers).end(`${JSON.stringify(answer.body)}\n`);
}

async function journal(desk: Desk, _request: IncomingMessage, url: URL): Promise<Answer> {
  const date = url.searchParams.get('date');
  if (date !== null && !isIstDate(date)) return refusal(400, 'date must be YYYY-MM-DD');
  const record = await desk.journal(date);
  return record === null ? refusal(404, 'no journal was kept for that date') : { status: 200, body: record };
}

async function candles(desk: Desk, _request: IncomingMessage, url: URL): Promise<Answer> {
  const parsed = parseCandleQuery(url.searchParams, desk.today);
  if (!parsed.ok) return refusal(400, parsed.message, 'bad-arguments');
  const result = await desk.candles(parsed.query);
  return result.ok ? { status: 200, body: result.value } : refusal(404, result.error.message, result.error.code);
}

/** Examines everything now, or waits for the examination that is going on. */
async function examine(desk: Desk): Promise<Answer> {
  const result = await desk.invoke('doctor.run', {});
  return result.ok ? { status: 200, body: result.value } : refusal(503, result.error.message);
}

async function setToken(desk: Desk, request: IncomingMessage): Promise<Answer> {
  const body = tokenBody.safeParse(await readJson(request));
  if (!body.success) return refusal(400, 'the body must be {"access_token": "..."}', 'bad-token');
  const result = await desk.takeToken(body.data.access_token, 'api');
  if (result.ok) {
    const status = desk.tokenStatus();
    // Taken over without a word of Kite's: nothing better is held.
    return { status: status.state === 'valid' ? 200 : 202, body: status };
  }
  const status = result.error.code === 'bad-token' ? 400 : result.error.code === 'token-rejected' ? 403 : 409;
  return { status, body: { error: result.error.message, code: result.error.code } };
}

/** The request's JSON, undefined when it is too long or not JSON. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_LIMIT_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}
