/**
 * From what Kite or the network said to a `KiteError`. Kite's own words are kept (they often name the cause), shortened
 * and without secrets. Statuses and types: https://kite.trade/docs/connect/v3/exceptions/.
 */
import { z } from 'zod';
import { KiteError, type KiteErrorCode } from './errors.ts';
import { parseJson } from './json.ts';
import { redactSecrets } from './redact.ts';
import type { RestAnswer } from './rest-transport.ts';

const errorEnvelope = z.object({ message: z.string().catch(''), error_type: z.string() });

const LONGEST_MESSAGE = 200;

/** Axios' own codes for its time-out and for our deadline, and the operating system's. */
const timeoutCodes = ['ECONNABORTED', 'ETIMEDOUT', 'ERR_CANCELED'];
/** Axios' code for a body longer than it was allowed to take. */
const TOO_LONG = 'ERR_BAD_RESPONSE';

/** Error types that tell of trouble behind the API, whatever the status they come with. */
const serverTypes = ['NetworkException', 'DataException'];

/** The error an answer stands for, null when its status says success. `secrets`: what its words must not repeat. */
export function answerError(answer: RestAnswer, secrets: readonly string[]): KiteError | null {
  const { status } = answer;
  const envelope = errorEnvelope.safeParse(parseJson(answer.body)).data ?? null;
  if (status >= 200 && status < 300 && envelope === null) return null;
  const code = codeOf(status, envelope?.error_type ?? null, envelope?.message ?? '');
  const said = redactSecrets(envelope?.message.trim() ?? '', secrets).slice(0, LONGEST_MESSAGE);
  return new KiteError(code, said === '' ? `Kite answered with HTTP ${status}.` : `Kite says: ${said}`, { status });
}

function codeOf(status: number, type: string | null, message: string): KiteErrorCode {
  if (status === 429) return 'rate-limited';
  if (status >= 500) return 'server-error';
  if (status < 400) return 'bad-response';
  if (/checksum/i.test(message)) return 'credentials-invalid';
  if (status === 403 && type === 'TokenException') return 'token-rejected';
  if (type === 'InputException' && /api_key|access_token/i.test(message)) return 'credentials-invalid';
  if (status === 403) return 'not-permitted';
  return type !== null && serverTypes.includes(type) ? 'server-error' : 'bad-request';
}

/**
 * The error of a call that got no answer. The official client reports it as a plain object whose message ends in the
 * network's code; anything else it throws may hold the signed request, and nothing of it is passed on.
 */
export function noAnswerError(rejection: unknown): KiteError {
  const { message } = z.object({ message: z.string() }).catch({ message: '' }).parse(rejection);
  const networkCode = /with error code: ([A-Z][A-Z0-9_]+)$/.exec(message)?.[1] ?? null;
  if (networkCode !== null && timeoutCodes.includes(networkCode)) {
    return new KiteError('timeout', 'Kite did not answer in time.', { networkCode });
  }
  if (networkCode === TOO_LONG) return new KiteError('bad-response', "Kite's answer is longer than any it gives.");
  if (networkCode === null) return new KiteError('network', "Kite's answer broke off.");
  return new KiteError('network', `Kite cannot be reached (${networkCode}).`, { networkCode });
}

/** An answer with a status of success that is not what the documentation describes. */
export function badResponse(answer: RestAnswer, what: string): KiteError {
  return new KiteError('bad-response', `Kite's answer is not ${what}.`, { status: answer.status });
}
