import { suspectFrom, type TokenFacts } from './auth-machine.ts';

/** A token that Kite could not be asked about. `issuedAtMs`: when it became known, ms since the epoch; null: who knows. */
export interface UnprovenToken {
  readonly issuedAtMs: number | null;
}

/** Whether Kite has ever said yes to a token: by its own login, or to a question, in this run or an earlier one. */
export function isProven({ loginAtMs, provenAtMs }: TokenFacts): boolean {
  return loginAtMs !== null || provenAtMs !== null;
}

/**
 * Whether an unproven token may take the place of the one in use. It never ousts one that Kite has said yes to and whose
 * deadline has not come, nor one of today that is newer; where nothing better is held, it is better than nothing.
 */
export function mayTakeOver({ issuedAtMs }: UnprovenToken, inUse: TokenFacts | null, nowMs: number): boolean {
  if (inUse === null || inUse.rejection !== null) return true;
  const deadlineMs = suspectFrom(inUse);
  // Past its 06:00 the one in use can prove nothing any more; one from before that is no better.
  if (nowMs >= deadlineMs) return issuedAtMs === null || issuedAtMs >= deadlineMs;
  return !isProven(inUse) && issuedAtMs !== null && issuedAtMs >= inUse.adoptedAtMs;
}
