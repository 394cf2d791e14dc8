import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Clock } from '../../../src/clock.ts';

/** An answer, ready to be sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Kite's error types. */
export type ErrorType =
  | 'TokenException'
  | 'InputException'
  | 'PermissionException'
  | 'NetworkException'
  | 'GeneralException'
  | 'ForbiddenError';

const JSON_TYPE = { 'content-type': 'application/json' };
const BODY_LIMIT = 64 * 1024;

/** Any JSON. */
export function json(status: number, value: unknown): Answer {
  return { status, headers: JSON_TYPE, body: JSON.stringify(value) };
}

/** Kite's success envelope. */
export function success(data: unknown): Answer {
  return json(200, { status: 'success', data });
}

/** Kite's error envelope. */
export function failure(status: number, errorType: ErrorType, message: string): Answer {
  return json(status, { status: 'error', message, data: null, error_type: errorType });
}

/** A proxy's page instead of an answer. */
export function htmlFailure(status: number): Answer {
  const title = `${status} ${STATUS_CODES[status] ?? 'Error'}`;
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center></body></html>`,
  };
}

/** The envelope Kite sends with a status, where nothing more is known about the cause. */
export function failureOf(status: number): Answer {
  if (status === 403) return failure(403, 'TokenException', 'Incorrect `api_key` or `access_token`.');
  if (status === 429) return tooManyRequests();
  if (status >= 500) return failure(status, 'NetworkException', 'Gateway timed out');
  return failure(status, 'GeneralException', STATUS_CODES[status] ?? 'Error');
}

export function tooManyRequests(): Answer {
  return failure(429, 'NetworkException', 'Too many requests');
}

export function invalidInput(message: string): Answer {
  return failure(400, 'InputException', message);
}

/** Sends an answer made at `nowMs` of market time, ms since the epoch: its `Date` is of that time, as all else here. */
export function send(response: ServerResponse, { status, headers, body }: Answer, nowMs: number): void {
  const date = new Date(nowMs).toUTCString();
  response.writeHead(status, { date, ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** Bytes a second of an answer that trickles. */
const TRICKLE_BYTES = 512;

/** Sends an answer a little a second of `clock`'s time, until the client has it all or goes away. */
export function trickle(
  response: ServerResponse,
  { status, headers, body }: Answer,
  dateMs: number,
  clock: Clock,
): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { date: new Date(dateMs).toUTCString(), ...headers, 'content-length': bytes.length });
  let sent = 0;
  const timer = clock.setInterval(() => {
    response.write(bytes.subarray(sent, sent + TRICKLE_BYTES));
    sent += TRICKLE_BYTES;
    if (sent >= bytes.length) response.end();
  }, 1000);
  response.on('close', () => timer[Symbol.dispose]());
}

/** The request's body as text; null when it is too long. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > BODY_LIMIT) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
