import { createHash } from 'node:crypto';
import type { SessionCredentials } from '../kite/session.ts';
import { askKite } from './ask-kite.ts';
import type { Verdict } from './auth-machine.ts';
import type { AuthPorts } from './auth-ports.ts';

/** The oldest go first: a token that was refused this many logins ago is offered by nobody any more. */
export const MOST_REFUSED = 16;

/**
 * Every question to Kite about a token, and Kite's refusals: each stands until Kite itself says yes to that token, also
 * while it cannot be asked, after other tokens and in later runs. Tokens are known by their fingerprint alone.
 */
export class TokenChecks {
  private readonly ports: AuthPorts;
  private readonly keep: (refused: readonly string[]) => void;
  /** Fingerprints, the newest first. */
  private refused: readonly string[] = [];

  /** `keep`: given all fingerprints after each change. */
  constructor(ports: AuthPorts, keep: (refused: readonly string[]) => void) {
    this.ports = ports;
    this.keep = keep;
  }

  /** Asks Kite; see `askKite`. */
  async ask(session: SessionCredentials, knownUserId: string | null = null): Promise<Verdict> {
    const verdict = await askKite(this.ports.rest, session, this.ports.clock, knownUserId);
    this.note(session, verdict);
    return verdict;
  }

  /** Kite has said this of a token. */
  note(session: SessionCredentials, { type }: Verdict): void {
    if (type === 'unanswered' || this.isRefused(session) === (type === 'rejected')) return;
    const own = fingerprintOf(session);
    this.refused =
      type === 'rejected'
        ? [own, ...this.refused].slice(0, MOST_REFUSED)
        : this.refused.filter((fingerprint) => fingerprint !== own);
    this.keep(this.refused);
  }

  /** Whether a no was Kite's last word on it. */
  isRefused(session: SessionCredentials): boolean {
    return this.refused.includes(fingerprintOf(session));
  }

  /** What an earlier run has kept. */
  restore(kept: readonly string[]): void {
    this.refused = [...new Set([...this.refused, ...kept])].slice(0, MOST_REFUSED);
  }

  forget(): void {
    this.refused = [];
  }
}

/** A token belongs to its API key: with another it is another login. */
function fingerprintOf({ apiKey, accessToken }: SessionCredentials): string {
  return createHash('sha256').update(`${apiKey}:${accessToken}`).digest('hex');
}
