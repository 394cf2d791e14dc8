import type { Clock } from '../clock.ts';
import { KiteError } from '../kite/errors.ts';
import type { KiteRest, SessionCredentials } from '../kite/session.ts';
import type { Verdict } from './auth-machine.ts';

/** Asks Kite whose token this is, which proves it. Never rejects: what cannot be asked is a verdict too. */
export async function askKite(rest: KiteRest, session: SessionCredentials, clock: Clock): Promise<Verdict> {
  const askedAtMs = clock.now();
  try {
    return { type: 'confirmed', askedAtMs, user: await rest.profile(session) };
  } catch (error) {
    if (!(error instanceof KiteError)) return { type: 'unanswered', code: 'unknown' };
    switch (error.code) {
      case 'token-rejected':
        return { type: 'rejected', what: 'token' };
      case 'credentials-invalid':
        return { type: 'rejected', what: 'credentials' };
      // Kite knew the token well enough to say what it may not do.
      case 'not-permitted':
        return { type: 'confirmed', askedAtMs, user: null };
      default:
        return { type: 'unanswered', code: error.code };
    }
  }
}
