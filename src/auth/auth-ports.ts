import type { Clock } from '../clock.ts';
import type { KiteEndpoints } from '../kite/endpoints.ts';
import type { ForeignAnswer } from '../kite/foreign-answer.ts';
import type { KiteRest } from '../kite/session.ts';
import type { Log } from '../log.ts';
import type { SecretStore } from './secret-store.ts';

export interface AuthPorts {
  readonly clock: Clock;
  /** Every call settles in its own time; a call that never does would hold up all later checks. */
  readonly rest: KiteRest;
  readonly secrets: SecretStore;
  readonly endpoints: KiteEndpoints;
  /** The redirect URL in the settings now. */
  redirectUrl(): string;
  /** 0 up to 1, for jitter. */
  random(): number;
  readonly log: Log;
}

/** Where a token from outside came in; named in the log. */
export type TokenSource = 'api' | 'paste' | 'file' | 'stdin' | 'environment';

/** `superseded`: the token was replaced while Kite was being asked about it. */
export type VerifyOutcome = 'confirmed' | 'rejected' | 'unanswered' | 'no-token' | 'superseded';

/**
 * What a 403 elsewhere meant. `token-fine`: Kite accepts the token, so it is not the login that is refused. `unknown`: Kite
 * could not be asked; a `ForeignAnswer`: somebody else answered the question.
 */
export type RejectionMeaning = 'token-fine' | 'token-dead' | 'unknown' | ForeignAnswer;

/** What a token from each source is called. */
export const sourceNames: Readonly<Record<TokenSource, string>> = {
  api: 'the token from the local API',
  paste: 'the access token you entered',
  file: 'the token from the token file',
  stdin: 'the token from standard input',
  environment: 'the token from the environment',
};
