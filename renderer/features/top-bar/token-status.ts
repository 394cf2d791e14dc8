import type { AuthState } from '../../../src/contract/state.ts';
import { istMoment } from '../../format/ist.ts';

/** How the day's login stands, and the one thing to do about it. */
export interface TokenStatus {
  readonly tone: 'good' | 'doubt' | 'bad' | 'idle';
  readonly word: string;
  readonly detail: string;
  readonly action: 'sign-in' | 'verify' | 'cancel-login' | null;
}

/** `today`: the market's IST date, against which deadlines are worded. */
export function tokenStatusOf(auth: AuthState, today: string): TokenStatus {
  if (auth.pendingLogin !== null) {
    return { tone: 'doubt', word: 'Waiting for login', detail: 'on the login page', action: 'cancel-login' };
  }
  const deadline = auth.expiresAt === null ? null : istMoment(auth.expiresAt, today);
  switch (auth.state) {
    case 'valid':
      return { tone: 'good', word: 'Valid', detail: deadline ? `until ${deadline}` : 'confirmed', action: null };
    case 'suspect':
      return { tone: 'doubt', word: 'Past 06:00', detail: 'not checked since', action: 'verify' };
    case 'unverified':
      return { tone: 'doubt', word: 'Unverified', detail: 'Kite cannot be asked', action: 'verify' };
    case 'expired':
      return { tone: 'bad', word: 'Expired', detail: 'refused by Kite', action: 'sign-in' };
    case 'signed-out':
      return { tone: 'bad', word: 'Signed out', detail: 'no login in use', action: 'sign-in' };
    case 'unconfigured':
      return { tone: 'idle', word: 'No API key', detail: 'Kite is not set up', action: null };
  }
}
