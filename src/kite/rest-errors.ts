/**
 * From what Kite or the network said to a `KiteError`. Kite's own words are kept (they often name the cause), shortened
 * and without secrets. Statuses and types: https://kite.trade/docs/connect/v3/exceptions/.
 */
import { z } from 'zod';
import { plainText } from '../text.ts';
import { KiteError, type KiteErrorCode } from './errors.ts';
import { foreignAnswerOf, foreignWords, type KiteEnvelope } from './foreign-answer.ts';
import { redactSecrets } from './redact.ts';
import type { RestAnswer } from './rest-transport.ts';

/** As much of Kite's words as is looked at, and as much of them as is kept; characters. */
const LONGEST_READ = 4_000;
const LONGEST_MESSAGE = 200;

/** Axios' own codes for its time-out and for our deadline, and the operating system's. */
const timeoutCodes = ['ECONNABORTED', 'ETIMEDOUT', 'ERR_CANCELED'];
/** Axios' code for a body longer than it was allowed to take. */
const TOO_LONG = 'ERR_BAD_RESPONSE';

/** Error types that tell of trouble behind the API, whatever the status they come with. */
const serverTypes = ['NetworkException', 'DataException'];

/**
 * The error an answer stands for, null when its status says success. `secrets`: what its words must not repeat;
 * `envelope`: Kite's, read from its body; `isLogin`: of the call that
 * exchanges a request token.
 */
export function answerError(
  answer: RestAnswer,
  secrets: readonly string[],
  envelope: KiteEnvelope | null,
  isLogin = false,
): KiteError | null {
  const { status } = answer;
  if (status >= 200 && status < 300 && envelope?.status !== 'error') return null;
  const foreign = foreignAnswerOf(answer);
  if (envelope?.status !== 'error') {
    const message = foreign === null ? `Kite answered with HTTP ${status}.` : foreignWords[foreign].sentence;
    return new KiteError(codeOfStatus(status), message, { status, foreign });
  }
  const words = redactSecrets(envelope.message.slice(0, LONGEST_READ), secrets);
  const said = plainText(words, LONGEST_READ).slice(0, LONGEST_MESSAGE);
  const message = said === '' ? `Kite answered with HTTP ${status}.` : `Kite says: ${said}`;
  return new KiteError(codeOf(status, envelope, isLogin), message, { status });
}

/** What a status says that came without Kite's envelope. A 403 is then nobody's word about anything. */
function codeOfStatus(status: number): KiteErrorCode {
  if (status === 429) return 'rate-limited';
  if (status >= 500) return 'server-error';
  return status < 400 || status === 403 ? 'bad-response' : 'bad-request';
}

/** What Kite says itself, in its own envelope. A word in a message counts only with the status and type Kite documents. */
function codeOf(
  status: number,
  { errorType, message }: KiteEnvelope & { readonly status: 'error' },
  isLogin: boolean,
): KiteErrorCode {
  if (status === 429 || status >= 500 || status < 400) return codeOfStatus(status);
  const isTokens = errorType === 'TokenException';
  const isInput = errorType === 'InputException';
  if (status === 403 && isTokens) return /checksum/i.test(message) ? 'credentials-invalid' : 'token-rejected';
  if (status === 403) return 'not-permitted';
  if (status === 400 && isInput && /api_key|access_token/i.test(message)) return 'credentials-invalid';
  // Only the login has a checksum.
  if (status === 400 && isLogin && (isInput || isTokens) && /checksum/i.test(message)) return 'credentials-invalid';
  return serverTypes.includes(errorType) ? 'server-error' : 'bad-request';
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
  const foreign = foreignAnswerOf(answer);
  const message = foreign === 'web-page' ? foreignWords[foreign].sentence : `Kite's answer is not ${what}.`;
  return new KiteError('bad-response', message, { status: answer.status, foreign });
}
