import { isDeepStrictEqual } from 'node:util';
import { commandSchemas } from '../contract/commands.ts';
import { failed, ok, type Result } from '../contract/result.ts';
import type { AuthState } from '../contract/state.ts';
import { type ForeignAnswer, foreignWords } from '../kite/foreign-answer.ts';
import { nextTokenDeadline } from '../kite/login.ts';
import type { SessionCredentials } from '../kite/session.ts';
import { Listeners } from '../listeners.ts';
import { askKite } from './ask-kite.ts';
import {
  type AuthFacts,
  afterVerdict,
  apiKeyHintOf,
  authState,
  failureWords,
  isPassing,
  isUsable,
  newToken,
  suspectFrom,
  type TokenFacts,
  type Verdict,
} from './auth-machine.ts';
import {
  type AuthPorts,
  type RejectionMeaning,
  sourceNames,
  type TokenSource,
  type VerifyOutcome,
} from './auth-ports.ts';
import { AuthTimetable } from './auth-timetable.ts';
import { CredentialVault, type KnownCredentials, type StoredSession } from './credential-vault.ts';
import { exchangeFailure, LoginFlow, type LoginOutcome, loginFailureWords } from './login-flow.ts';
import { isProven, mayTakeOver } from './token-precedence.ts';
import { WaitingTokens } from './waiting-tokens.ts';

/** What is learnt of a token when it is taken over. */
type AdoptedToken = Pick<TokenFacts, 'userId' | 'userName' | 'loginAtMs'> & { readonly accessToken: string };

/** A token from outside on its way in. */
interface Offer {
  readonly accessToken: string;
  readonly source: TokenSource;
  readonly attempt: number;
  /** When it became known, ms since the epoch; null: who knows. */
  readonly issuedAtMs: number | null;
}

const supersededLogin: LoginOutcome = {
  outcome: 'failed',
  code: 'superseded',
  message: 'A newer login has taken its place.',
};

const NO_FACTS: AuthFacts = { apiKeyHint: null, token: null, pendingLogin: null, loginFailure: null, note: null };

/**
 * The one owner of the Kite login. Everyone else reads `state`, and uses `session` only while it is not null. A token
 * that Kite has confirmed is told to `onSession` within the same turn, whichever door it came through; an answer about an
 * earlier token changes nothing. Tokens leave this class only as `SessionCredentials`.
 */
export class AuthOwner implements Disposable {
  private readonly ports: AuthPorts;
  private readonly vault: CredentialVault;
  private readonly login = new LoginFlow();
  private readonly timetable: AuthTimetable;
  private readonly waiting = new WaitingTokens();
  private waitingTries = 0;
  private readonly changes = new Listeners<AuthState>();
  private readonly sessions = new Listeners<SessionCredentials | null>();

  private credentials: KnownCredentials | null = null;
  private accessToken: string | null = null;
  private facts: AuthFacts = NO_FACTS;
  private current: AuthState;
  private usable: SessionCredentials | null = null;

  /** Every attempt to change the login takes a number; the highest that succeeded is in force. */
  private attempts = 0;
  private inForce = 0;
  private question: { readonly inForce: number; readonly outcome: Promise<VerifyOutcome> } | null = null;
  private isNeeded = false;

  constructor(ports: AuthPorts) {
    this.ports = ports;
    this.vault = new CredentialVault(ports.secrets, ports.log);
    this.timetable = new AuthTimetable(ports.clock, ports.random, {
      deadline: () => this.refresh(),
      validation: () => void this.verify('regular check'),
    });
    this.current = authState(this.facts, ports.clock.now());
  }

  get state(): AuthState {
    return this.current;
  }

  /** What signs requests now; null while there is no token that may be used (see `isUsable`). */
  get session(): SessionCredentials | null {
    return this.usable;
  }

  /** Told after every change of `state`. */
  onChange(listener: (state: AuthState) => void): Disposable {
    return this.changes.add(listener);
  }

  /** Told, before `onChange`, whenever `session` becomes another one, null included. */
  onSession(listener: (session: SessionCredentials | null) => void): Disposable {
    return this.sessions.add(listener);
  }

  /**
   * Takes over what the secret store has and this run lacks, and asks Kite about it without waiting for the answer: at the
   * start, and when a keychain has become usable later.
   */
  async restore(): Promise<void> {
    const { credentials, session } = await this.vault.load();
    if (this.credentials === null && credentials !== null) this.takeCredentials(credentials);
    if (session !== null && credentials?.apiKey === this.credentials?.apiKey) this.restoreToken(session);
    this.refresh();
    void this.verify('restored');
  }

  /** A stored token is the one in use at the start; later only where a worse one has taken its place meanwhile. */
  private restoreToken(session: StoredSession): void {
    const stored = newToken(session);
    const { token } = this.facts;
    if (this.inForce !== 0) {
      if (token === null || session.accessToken === this.accessToken) return;
      const isBetter = isProven(stored) && !isProven(token) && this.ports.clock.now() < suspectFrom(stored);
      if (!isBetter) return;
      this.setAside();
      this.inForce = ++this.attempts;
    }
    this.accessToken = session.accessToken;
    this.facts = { ...this.facts, token: stored };
  }

  /** Takes new credentials. A token belongs to its api key, so another key ends the present login here. */
  async saveCredentials(credentials: KnownCredentials): Promise<void> {
    const isOtherKey = credentials.apiKey !== this.credentials?.apiKey;
    this.takeCredentials(credentials);
    if (isOtherKey) {
      // Its page is another app's.
      this.login.cancel();
      this.dropToken(null);
      await this.vault.saveSession(null);
    }
    this.refresh();
    await this.vault.saveCredentials(credentials);
  }

  async forgetCredentials(): Promise<void> {
    this.login.cancel();
    this.credentials = null;
    this.facts = NO_FACTS;
    this.dropToken(null);
    this.refresh();
    await this.vault.forgetAll();
  }

  /** Opens a login: the page to show. Finished by `completeCallback`, given up by `cancelLogin`. */
  startLogin(): Result<{ readonly url: string }> {
    if (this.credentials === null) return failed('unconfigured', 'Enter your Kite Connect API key first.');
    if (this.credentials.apiSecret === null) {
      return failed('no-api-secret', 'Signing in needs the API secret: enter it in the settings.');
    }
    const url = this.login.begin(this.ports.endpoints, this.credentials.apiKey, this.ports.clock.now());
    this.facts = { ...this.facts, loginFailure: null };
    this.refresh();
    return ok({ url });
  }

  /** Which login is pending: a number that no other login of this run has; null for none. */
  get pendingLoginId(): number | null {
    return this.login.pendingId;
  }

  /**
   * Gives up every login that was begun, also one whose token is being fetched. `failure`: what the trader is told of it,
   * where it was not the trader's own doing.
   */
  cancelLogin(failure: string | null = null): void {
    const isPending = this.login.pendingLogin !== null;
    this.login.cancel();
    if (!isPending) return;
    this.facts = { ...this.facts, loginFailure: failure };
    this.refresh();
  }

  /** Acts on the URL Kite sent the browser to. Calling it again with the same URL gives the same outcome, once done. */
  async completeCallback(url: string): Promise<LoginOutcome> {
    const completing = this.login.complete(url, this.ports.redirectUrl(), (token, isWanted) =>
      this.exchange(token, isWanted),
    );
    this.refresh();
    const outcome = await completing;
    const loginFailure = loginFailureWords(outcome);
    if (loginFailure !== null && this.login.pendingLogin === null) this.facts = { ...this.facts, loginFailure };
    this.refresh();
    return outcome;
  }

  /**
   * Takes a token from outside. Kite is asked first: yes swaps it in everywhere, its refusal leaves the present login
   * alone. When Kite cannot be asked, it is taken as `unverified` where nothing better is held (see `mayTakeOver`);
   * otherwise it waits, and is asked about again until Kite answers. `issuedAtMs`: when it became known, ms since the
   * epoch, null where nobody can say; otherwise now.
   */
  async setToken(
    accessToken: string,
    source: TokenSource,
    issuedAtMs: number | null = this.ports.clock.now(),
  ): Promise<Result<null>> {
    const parsed = commandSchemas['token.set'].safeParse({ accessToken });
    if (!parsed.success) return failed('bad-token', `${capitalised(sourceNames[source])} does not look like one.`);
    if (this.credentials === null) return failed('unconfigured', 'Enter your Kite Connect API key first.');
    return await this.tryToken({ ...parsed.data, source, issuedAtMs, attempt: ++this.attempts });
  }

  /** Asks Kite about the token, once however many ask for it at the same time. */
  verify(reason: string): Promise<VerifyOutcome> {
    if (this.question?.inForce === this.inForce) return this.question.outcome;
    const session = this.signing(this.accessToken);
    if (session === null) return Promise.resolve('no-token');
    const question = { inForce: this.inForce, outcome: this.ask(session, reason) };
    this.question = question;
    return question.outcome;
  }

  /** Someone was answered 403: finds out with one question, asked after the report, what that says about the token. */
  async reportRejected(source: 'socket' | 'rest'): Promise<RejectionMeaning> {
    const earlier = this.question?.inForce === this.inForce ? await this.question.outcome : null;
    if (earlier === 'rejected' || this.current.state === 'expired' || this.accessToken === null) return 'token-dead';
    const outcome = await this.verify(`403 from the ${source}`);
    if (outcome === 'confirmed') return 'token-fine';
    if (outcome === 'rejected' || outcome === 'no-token') return 'token-dead';
    const code = this.facts.token?.lastFailure?.code ?? null;
    return code !== null && code in foreignWords ? (code as ForeignAnswer) : 'unknown';
  }

  /** Whether the day needs the login proven: while on, Kite is asked every 30 s, less often while it does not answer. */
  keepValidated(on: boolean): void {
    if (this.isNeeded === on) return;
    this.isNeeded = on;
    this.armValidation();
  }

  /** Looks at the facts again: after a sleep, a clock change, or simply to be sure. */
  reevaluate(): void {
    this.refresh();
  }

  /** Ends the login: here at once, at Kite as far as it can be reached. */
  async signOut(): Promise<void> {
    const session = this.signing(this.accessToken);
    this.login.cancel();
    this.dropToken('Signed out.');
    this.refresh();
    await this.vault.saveSession(null);
    if (session === null) return;
    try {
      await this.ports.rest.endSession(session);
    } catch {
      this.ports.log('warning', 'auth', 'Signed out here; Kite could not be told and ends the login at 06:00 IST.');
    }
  }

  [Symbol.dispose](): void {
    this.inForce = ++this.attempts;
    this.timetable[Symbol.dispose]();
    this.login.cancel();
    this.waiting.clear();
    this.accessToken = null;
    this.facts = { ...this.facts, token: null };
  }

  private async exchange(requestToken: string, isWanted: () => boolean): Promise<LoginOutcome> {
    const attempt = ++this.attempts;
    const { credentials } = this;
    if (credentials === null || credentials.apiSecret === null) {
      return { outcome: 'failed', code: 'no-api-secret', message: 'Signing in needs the API key and secret.' };
    }
    const askedAtMs = this.ports.clock.now();
    try {
      const { apiKey, apiSecret } = credentials;
      const session = await this.ports.rest.createSession({ apiKey, apiSecret }, requestToken);
      if (!isWanted()) {
        this.discard({ apiKey, accessToken: session.accessToken });
        return supersededLogin;
      }
      if (this.isSuperseded(attempt, credentials)) return supersededLogin;
      const { userId, userName } = session;
      this.adopt(session, attempt, { type: 'confirmed', askedAtMs, user: { userId, userName } }, 'the login page');
      return { outcome: 'signed-in', userId, userName };
    } catch (error) {
      const failure = exchangeFailure(error);
      this.ports.log('warning', 'auth', failure.message);
      return failure;
    }
  }

  /** A login that was given up while Kite made it: Kite may have ended the present one for it. */
  private discard(session: SessionCredentials): void {
    const { rest, log } = this.ports;
    rest.endSession(session).catch(() => log('warning', 'auth', 'The login you cancelled could not be ended at Kite.'));
    void this.verify('after a cancelled login');
  }

  private async tryToken(offer: Offer): Promise<Result<null>> {
    const { credentials } = this;
    const { accessToken, source, attempt } = offer;
    const session = this.signing(accessToken);
    if (session === null) return failed('unconfigured', 'Enter your Kite Connect API key first.');
    const isInUse = (): boolean => accessToken === this.accessToken && this.current.state !== 'expired';
    const knownUserId = isInUse() ? (this.facts.token?.userId ?? null) : null;
    const verdict = await askKite(this.ports.rest, session, this.ports.clock, knownUserId);
    if (this.isSuperseded(attempt, credentials)) return failed('superseded', 'A newer login has taken its place.');

    if (isInUse()) {
      this.applyVerdict(verdict);
      return verdict.type === 'rejected' ? this.refuse(source) : ok(null);
    }
    if (verdict.type === 'rejected') {
      this.waiting.drop(accessToken);
      return this.refuse(source);
    }
    const user = verdict.type === 'confirmed' ? verdict.user : null;
    const token = { accessToken, userId: user?.userId ?? null, userName: user?.userName ?? null, loginAtMs: null };
    if (verdict.type === 'unanswered' && !mayTakeOver(offer, this.facts.token, this.ports.clock.now())) {
      this.waiting.add({ ...offer, from: sourceNames[source] });
      this.armWaiting(1, isPassing(verdict.code));
      const words = failureWords[verdict.code];
      return failed(
        'unverified',
        `It could not be checked with Kite (${words}). The login in use stays; this one is checked again until Kite answers.`,
      );
    }
    this.adopt(token, attempt, verdict, sourceNames[source], offer.issuedAtMs);
    return ok(null);
  }

  private refuse(source: TokenSource): Result<null> {
    const message = `Kite does not accept ${sourceNames[source]}.`;
    this.ports.log('warning', 'auth', message);
    if (this.facts.token === null) this.facts = { ...this.facts, note: message };
    this.refresh();
    return failed('token-rejected', message);
  }

  /** The token in use gives way to another without Kite's having refused it: it may turn out to be the good one. */
  private setAside(): void {
    const { accessToken, inForce } = this;
    const { token } = this.facts;
    if (accessToken === null || token === null || token.rejection !== null) return;
    this.waiting.add({ accessToken, from: 'the earlier login', attempt: inForce, issuedAtMs: token.adoptedAtMs });
  }

  private armWaiting(tries: number, isPassingFailure = false): void {
    this.waitingTries = tries;
    this.timetable.dropCandidate();
    if (this.waiting.isEmpty) return;
    this.timetable.setCandidate(tries, () => void this.askAboutWaiting(), isPassingFailure);
  }

  /** Asks about the waiting tokens in turn, newest first, until Kite says yes to one or cannot be asked. */
  private async askAboutWaiting(): Promise<void> {
    const { inForce, credentials } = this;
    for (const offer of this.waiting.newestFirst) {
      const session = this.signing(offer.accessToken);
      if (session === null) return;
      const verdict = await askKite(this.ports.rest, session, this.ports.clock);
      if (inForce !== this.inForce || credentials !== this.credentials) return this.armWaiting(1);
      if (verdict.type === 'unanswered') {
        // The one in use may have been refused meanwhile: then anything is better.
        if (!mayTakeOver(offer, this.facts.token, this.ports.clock.now())) {
          return this.armWaiting(this.waitingTries + 1, isPassing(verdict.code));
        }
      }
      this.waiting.drop(offer.accessToken);
      if (verdict.type === 'rejected') continue;
      const user = verdict.type === 'confirmed' ? verdict.user : null;
      const token = { ...offer, userId: user?.userId ?? null, userName: user?.userName ?? null, loginAtMs: null };
      this.adopt(token, offer.attempt, verdict, offer.from, offer.issuedAtMs);
      return;
    }
  }

  private async ask(session: SessionCredentials, reason: string): Promise<VerifyOutcome> {
    const { inForce } = this;
    this.timetable.asked();
    const verdict = await askKite(this.ports.rest, session, this.ports.clock, this.facts.token?.userId ?? null);
    if (inForce !== this.inForce) return 'superseded';
    this.question = null;
    this.applyVerdict(verdict, reason);
    return verdict.type;
  }

  private applyVerdict(verdict: Verdict, reason = 'token'): void {
    const { token } = this.facts;
    if (token === null) return;
    const before = this.current.state;
    const next = afterVerdict(token, verdict, this.ports.clock.now());
    this.facts = { ...this.facts, token: next };
    this.refresh();
    if (verdict.type === 'confirmed') {
      this.keepProof(token, next);
      this.waiting.dropOlderThan(this.inForce);
    }
    if (verdict.type === 'rejected') void this.askAboutWaiting();
    const { state } = this.current;
    if (state === before) return;
    const level = state === 'valid' ? 'info' : 'warning';
    this.ports.log(level, 'auth', `Login ${state} (${reason}). ${this.current.reason ?? ''}`.trim());
  }

  /** Once a day: a login that Kite has said yes to is not given up for an unproven one, also after a restart. */
  private keepProof(before: TokenFacts, { userId, userName, loginAtMs, adoptedAtMs, provenAtMs }: TokenFacts): void {
    const isKept = before.provenAtMs !== null && this.ports.clock.now() < nextTokenDeadline(before.provenAtMs);
    if (isKept || this.accessToken === null) return;
    const session = { accessToken: this.accessToken, userId, userName, loginAtMs, adoptedAtMs, provenAtMs };
    void this.vault.saveSession(session);
  }

  /** `issuedAtMs`: when it became known; null: now. */
  private adopt(
    { accessToken, ...token }: AdoptedToken,
    attempt: number,
    verdict: Verdict,
    from: string,
    issuedAtMs: number | null = null,
  ): void {
    const { clock, log } = this.ports;
    this.setAside();
    this.waiting.drop(accessToken);
    if (verdict.type === 'confirmed') this.waiting.dropOlderThan(attempt);
    this.inForce = attempt;
    this.question = null;
    this.timetable.asked();
    this.armWaiting(1);
    this.accessToken = accessToken;
    const { userId, userName, loginAtMs } = token;
    const taken = { userId, userName, loginAtMs, adoptedAtMs: issuedAtMs ?? clock.now() };
    const adopted = afterVerdict(newToken(taken), verdict, clock.now());
    this.facts = {
      ...this.facts,
      token: adopted,
      loginFailure: null,
      note: null,
    };
    this.refresh();
    void this.vault.saveSession({ accessToken, ...taken, provenAtMs: adopted.provenAtMs });
    const words = verdict.type === 'confirmed' ? `Signed in${userId === null ? '' : ` as ${userId}`}` : 'Login saved';
    log('info', 'auth', `${words}, by ${from}${verdict.type === 'confirmed' ? '' : '; not checked yet'}.`);
  }

  private takeCredentials(credentials: KnownCredentials): void {
    this.credentials = credentials;
    this.facts = { ...this.facts, apiKeyHint: apiKeyHintOf(credentials.apiKey) };
  }

  private dropToken(note: string | null): void {
    this.inForce = ++this.attempts;
    this.question = null;
    this.waiting.clear();
    this.timetable.dropCandidate();
    this.accessToken = null;
    this.facts = { ...this.facts, token: null, loginFailure: null, note };
  }

  private isSuperseded(attempt: number, credentials: KnownCredentials | null): boolean {
    if (credentials !== this.credentials) return true;
    const { token } = this.facts;
    // A late yes still counts against one that nobody has vouched for.
    return attempt < this.inForce && (token === null || token.confirmedAtMs !== null);
  }

  private signing(accessToken: string | null): SessionCredentials | null {
    if (accessToken === null || this.credentials === null) return null;
    return { apiKey: this.credentials.apiKey, accessToken };
  }

  /** Works the state out anew, tells what changed, and sets the timers that follow from it. */
  private refresh(): void {
    this.facts = { ...this.facts, pendingLogin: this.login.pendingLogin };
    const nowMs = this.ports.clock.now();
    const next = authState(this.facts, nowMs);
    const changed = !isDeepStrictEqual(next, this.current);
    this.current = next;

    const session = isUsable(this.facts, nowMs) ? this.signing(this.accessToken) : null;
    const isOther = !isDeepStrictEqual(session, this.usable);
    this.usable = session;
    this.timetable.setDeadline(this.facts.token);
    this.armValidation();
    if (isOther) this.sessions.tell(session);
    if (changed) this.changes.tell(this.current);
  }

  private armValidation(): void {
    const { token } = this.facts;
    const isAskable = token !== null && token.rejection === null && this.question === null;
    const isOpen = isAskable && (this.isNeeded || this.current.state === 'unverified');
    this.timetable.setValidation(token, { isNeeded: this.isNeeded, isOpen });
  }
}

function capitalised(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
