import type { AuthState } from '../../contract/state.ts';
import { formatIst } from '../../market/ist.ts';
import { broken, type Check, type Finding, failedBefore, fine, fixes, skipped } from '../check.ts';

/** What Kite said when it was asked about the token; null when it was not asked. */
export type TokenAnswer = 'confirmed' | 'rejected' | 'unanswered' | 'no-token' | 'superseded' | null;

export interface TokenPorts {
  /** The owner of the login: the one that asks, so that the whole desk knows the answer. */
  verify(): Promise<Exclude<TokenAnswer, null>>;
  state(): AuthState;
}

/** Longer than the REST client's own patience. */
const LIMIT_MS = 10_000;

export function tokenCheck(ports: TokenPorts): Check {
  return {
    id: 'token',
    title: 'Login',
    limitMs: LIMIT_MS,
    examine: async ({ earlier }) => {
      const isReachable =
        failedBefore(earlier, 'dns', 'tcp', 'tls', 'answer') === null && earlier.get('answer')?.result !== 'skipped';
      const answer = isReachable ? await ports.verify() : null;
      return readToken(ports.state(), answer);
    },
  };
}

/** The verdict on the login as its owner sees it after `answer`. Only Kite's own no makes it broken. */
export function readToken(auth: AuthState, answer: TokenAnswer): Finding {
  const evidence = [auth.state, ...(auth.checkedAt === null ? [] : [`answered ${formatIst(auth.checkedAt)}`])].join(
    ', ',
  );
  switch (auth.state) {
    case 'unconfigured':
      return broken('The Kite Connect API key has not been entered yet.', evidence, fixes.settings);
    case 'signed-out':
      return broken('Nobody is signed in to Kite.', evidence, fixes.signIn);
    case 'expired':
      return broken(auth.reason ?? 'Kite no longer accepts this login. Sign in again.', evidence, fixes.signIn);
    case 'valid':
    case 'suspect':
    case 'unverified':
      break;
  }
  if (answer === 'confirmed') return fine('Kite confirms the login.', evidence);
  if (answer === null) return skipped('Kite cannot be reached, so the login cannot be checked now.', evidence);
  return skipped(auth.reason ?? 'Kite has not answered about the login.', evidence);
}
