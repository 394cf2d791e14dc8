import type { Clock } from '../clock.ts';
import { KiteError, type KiteErrorCode } from '../kite/errors.ts';
import type { KiteRest, SessionCredentials } from '../kite/session.ts';
import type { FailureCode, Verdict } from './auth-machine.ts';

/**
 * Asks Kite whose token this is, which proves it. Never rejects: what cannot be asked is a verdict too. `knownUserId`: whose
 * it has been shown to be; a profile of somebody else's is then no answer about this token.
 */
export async function askKite(
  rest: KiteRest,
  session: SessionCredentials,
  clock: Clock,
  knownUserId: string | null = null,
): Promise<Verdict> {
  const askedAtMs = clock.now();
  try {
    const user = await rest.profile(session);
    if (knownUserId !== null && user.userId !== knownUserId) return { type: 'unanswered', code: 'other-user' };
    return { type: 'confirmed', askedAtMs, user };
  } catch (error) {
    if (!(error instanceof KiteError)) return { type: 'unanswered', code: 'unknown' };
    switch (error.code) {
      case 'token-rejected':
        return { type: 'rejected', what: 'token' };
      case 'credentials-invalid':
        return { type: 'rejected', what: 'credentials' };
      default:
        return { type: 'unanswered', code: failureCodeOf(error, error.code) };
    }
  }
}

/** Who answered in Kite's place says more than the form of the answer. */
export function failureCodeOf(
  { foreign }: KiteError,
  code: Exclude<KiteErrorCode, 'token-rejected' | 'credentials-invalid'>,
): FailureCode {
  return foreign ?? code;
}
