import { commandSchemas } from '../contract/commands.ts';
import { failed, ok, type Result } from '../contract/result.ts';
import type { SessionCredentials } from '../kite/session.ts';
import { failureWords, isPassing, type TokenFacts, type Verdict } from './auth-machine.ts';
import { type AuthPorts, sourceNames, type TokenSource } from './auth-ports.ts';
import type { AuthTimetable } from './auth-timetable.ts';
import type { TokenChecks } from './token-checks.ts';
import { mayTakeOver } from './token-precedence.ts';
import { WaitingTokens } from './waiting-tokens.ts';

/** The token in use. `attempt`: the number of the attempt that brought it; the higher is the newer. */
export interface TokenInUse {
  readonly accessToken: string;
  readonly attempt: number;
  readonly facts: TokenFacts;
}

/** A token that is taken over, and what is learnt of it by that. */
export interface AdoptedToken {
  readonly accessToken: string;
  readonly attempt: number;
  /** What it is called. */
  readonly from: string;
  /** When it became known, ms since the epoch; null: now. */
  readonly issuedAtMs: number | null;
  readonly userId: string | null;
  readonly userName: string | null;
  readonly loginAtMs: number | null;
}

/** The owner of the login, as far as tokens from outside concern it. */
export interface TokenOwner {
  inUse(): TokenInUse | null;
  /** What signs a question about a token; null without an API key. */
  signing(accessToken: string | null): SessionCredentials | null;
  /** Whether a newer login, a sign-out or another API key has come meanwhile. */
  isSuperseded(attempt: number, apiKey: string): boolean;
  /** Kite was asked about the token in use. */
  answered(verdict: Verdict): void;
  adopt(token: AdoptedToken, verdict: Verdict): void;
  refused(message: string): void;
}

/**
 * Tokens from outside. Kite is asked about each: yes swaps it in, Kite's own refusal ends it, also an earlier one that it
 * has not taken back. Where Kite cannot be asked it is taken only if nothing better is held (`mayTakeOver`); otherwise it waits, like one that gave way to it, for Kite's answer.
 */
export class TokenIntake {
  private readonly ports: AuthPorts;
  private readonly timetable: AuthTimetable;
  private readonly checks: TokenChecks;
  private readonly owner: TokenOwner;
  private readonly waiting = new WaitingTokens();
  private tries = 0;

  constructor(ports: AuthPorts, timetable: AuthTimetable, checks: TokenChecks, owner: TokenOwner) {
    this.ports = ports;
    this.checks = checks;
    this.timetable = timetable;
    this.owner = owner;
  }

  /** `issuedAtMs`: when it became known, ms since the epoch; null where nobody can say. */
  async offer(text: string, source: TokenSource, attempt: number, issuedAtMs: number | null): Promise<Result<null>> {
    const { owner, checks } = this;
    const name = sourceNames[source];
    const parsed = commandSchemas['token.set'].safeParse({ accessToken: text });
    if (!parsed.success) return failed('bad-token', `${capitalised(name)} does not look like one.`);
    const { accessToken } = parsed.data;
    const session = owner.signing(accessToken);
    if (session === null) return failed('unconfigured', 'Enter your Kite Connect API key first.');

    const verdict = await checks.ask(session, this.userOf(accessToken));
    if (owner.isSuperseded(attempt, session.apiKey)) return failed('superseded', 'A newer login has taken its place.');
    if (this.isInUse(accessToken)) {
      owner.answered(verdict);
      return verdict.type === 'rejected' ? this.refuse(`Kite does not accept ${name}.`) : ok(null);
    }
    if (verdict.type === 'rejected') {
      this.waiting.drop(accessToken);
      return this.refuse(`Kite does not accept ${name}.`);
    }
    if (verdict.type === 'unanswered' && checks.isRefused(session)) {
      const why = failureWords[verdict.code];
      return this.refuse(`Kite has refused ${name} before and cannot be asked again now (${why}).`);
    }
    if (verdict.type === 'unanswered' && !this.mayTakeOver(issuedAtMs)) {
      this.waiting.add({ accessToken, from: name, attempt, issuedAtMs });
      this.arm(1, isPassing(verdict.code));
      const why = failureWords[verdict.code];
      return failed(
        'unverified',
        `It could not be checked with Kite (${why}). The login in use stays; this one is checked again until Kite answers.`,
      );
    }
    owner.adopt({ accessToken, attempt, from: name, issuedAtMs, ...learntFrom(verdict) }, verdict);
    return ok(null);
  }

  /** The token in use gives way without Kite's having refused it: it may turn out to be the good one. `next`: to which. */
  givesWay(
    before: TokenInUse | null,
    next: (Pick<AdoptedToken, 'accessToken' | 'attempt'> & { isProven: boolean }) | null,
  ): void {
    if (before !== null && before.facts.rejection === null) {
      const { accessToken, attempt, facts } = before;
      this.waiting.add({ accessToken, from: 'the earlier login', attempt, issuedAtMs: facts.adoptedAtMs });
    }
    if (next !== null) this.waiting.drop(next.accessToken);
    if (next?.isProven === true) this.waiting.dropOlderThan(next.attempt);
    this.arm(1);
  }

  /** A token that Kite has just made, while another one is in use that Kite has said yes to. */
  keepWaiting({ accessToken, attempt, from, loginAtMs }: AdoptedToken): void {
    this.waiting.add({ accessToken, attempt, from, issuedAtMs: loginAtMs });
    this.arm(1);
  }

  /** Kite has said yes to the token in use, of this attempt. */
  proven(attempt: number): void {
    this.waiting.dropOlderThan(attempt);
  }

  /** Kite has refused the token in use: whatever waits has its turn. */
  refusedInUse(): void {
    void this.askAboutWaiting();
  }

  clear(): void {
    this.waiting.clear();
    this.timetable.dropCandidate();
  }

  private refuse(message: string): Result<null> {
    this.ports.log('warning', 'auth', message);
    this.owner.refused(message);
    return failed('token-rejected', message);
  }

  private arm(tries: number, isPassingFailure = false): void {
    this.tries = tries;
    this.timetable.dropCandidate();
    if (!this.waiting.isEmpty) this.timetable.setCandidate(tries, () => void this.askAboutWaiting(), isPassingFailure);
  }

  /** Asks about the waiting tokens in turn, newest first, until Kite says yes to one or cannot be asked. */
  private async askAboutWaiting(): Promise<void> {
    const { owner } = this;
    const before = owner.inUse()?.attempt;
    for (const { accessToken, attempt, from, issuedAtMs } of this.waiting.newestFirst) {
      const session = owner.signing(accessToken);
      if (session === null) return;
      const verdict = await this.checks.ask(session);
      const isSameKey = owner.signing(accessToken)?.apiKey === session.apiKey;
      if (owner.inUse()?.attempt !== before || !isSameKey) return this.arm(1);
      if (verdict.type === 'unanswered' && !this.mayTakeOver(issuedAtMs)) {
        return this.arm(this.tries + 1, isPassing(verdict.code));
      }
      this.waiting.drop(accessToken);
      if (verdict.type === 'rejected') continue;
      owner.adopt({ accessToken, attempt, from, issuedAtMs, ...learntFrom(verdict) }, verdict);
      return;
    }
  }

  private mayTakeOver(issuedAtMs: number | null): boolean {
    return mayTakeOver({ issuedAtMs }, this.owner.inUse()?.facts ?? null, this.ports.clock.now());
  }

  private isInUse(accessToken: string): boolean {
    const inUse = this.owner.inUse();
    return inUse?.accessToken === accessToken && inUse.facts.rejection === null;
  }

  private userOf(accessToken: string): string | null {
    return this.isInUse(accessToken) ? (this.owner.inUse()?.facts.userId ?? null) : null;
  }
}

function learntFrom(verdict: Verdict): Pick<AdoptedToken, 'userId' | 'userName' | 'loginAtMs'> {
  const user = verdict.type === 'confirmed' ? verdict.user : null;
  return { userId: user?.userId ?? null, userName: user?.userName ?? null, loginAtMs: null };
}

function capitalised(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
