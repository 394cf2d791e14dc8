import type { ForeignAnswer } from './foreign-answer.ts';

/**
 * What can go wrong with Kite, by code. Only `token-rejected` says anything about the token: a time-out, a server error
 * or a dropped connection leaves it as it was.
 */
export const kiteErrorCodes = [
  /** HTTP 403 with TokenException in Kite's own envelope: the access token is dead. */
  'token-rejected',
  /** HTTP 400 about missing or malformed credentials, or a wrong checksum of the login. */
  'credentials-invalid',
  /** HTTP 403 with another type in Kite's envelope: the plan or the user may not do this. Proves nothing of the token. */
  'not-permitted',
  /** HTTP 429. */
  'rate-limited',
  /** HTTP 400 InputException and other refusals of what was asked. */
  'bad-request',
  /** HTTP 5xx. */
  'server-error',
  /** An answer that is not what the documentation describes: HTML, an empty body, missing fields. */
  'bad-response',
  /** DNS, TCP or TLS failure. */
  'network',
  /** No answer in time. */
  'timeout',
  /** We gave up waiting ourselves (shutdown, superseded). */
  'cancelled',
] as const;

export type KiteErrorCode = (typeof kiteErrorCodes)[number];

/** A failed Kite call. The message is for people and never holds a token, a secret or a signed URL. */
export class KiteError extends Error {
  readonly code: KiteErrorCode;
  /** HTTP status, null when there was no answer. */
  readonly status: number | null;
  /** Operating system's code of a network failure (`ECONNREFUSED`, `ENOTFOUND`…), null otherwise. */
  readonly networkCode: string | null;
  /** Who answered in Kite's place; null where it was Kite, or nobody. */
  readonly foreign: ForeignAnswer | null;

  constructor(
    code: KiteErrorCode,
    message: string,
    detail: {
      readonly status?: number | null;
      readonly networkCode?: string | null;
      readonly foreign?: ForeignAnswer | null;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'KiteError';
    this.code = code;
    this.status = detail.status ?? null;
    this.networkCode = detail.networkCode ?? null;
    this.foreign = detail.foreign ?? null;
  }
}
