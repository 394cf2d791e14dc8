import { isDeepStrictEqual } from 'node:util';
import { failed, ok, type Result } from '../contract/result.ts';
import type { AuthState } from '../contract/state.ts';
import { type ForeignAnswer, foreignWords } from '../kite/foreign-answer.ts';
import { nextTokenDeadline } from '../kite/login.ts';
import type { SessionCredentials } from '../kite/session.ts';
import { Listeners } from '../listeners.ts';
import {
  type AuthFacts,
  afterVerdict,
  apiKeyHintOf,
  authState,
  isUsable,
  newToken,
  suspectFrom,
  type TokenFacts,
  type Verdict,
} from './auth-machine.ts';
import type { AuthPorts, RejectionMeaning, TokenSource, VerifyOutcome } from './auth-ports.ts';
import { AuthTimetable } from './auth-timetable.ts';
import { CredentialVault, type KnownCredentials, type StoredSession } from './credential-vault.ts';
import { exchangeFailure, LoginFlow, type LoginOutcome, loginFailureWords } from './login-flow.ts';
import { TokenChecks } from './token-checks.ts';
import { type AdoptedToken, TokenIntake, type TokenInUse } from './token-intake.ts';
import { isProven } from './token-precedence.ts';

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
  private readonly checks: TokenChecks;
  private readonly intake: TokenIntake;
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
    this.checks = new TokenChecks(ports, (refused) => void this.vault.saveRefused(refused));
    this.intake = new TokenIntake(ports, this.timetable, this.checks, {
      inUse: () => this.tokenInUse(),
      signing: (accessToken) => this.signing(accessToken),
      isSuperseded: (attempt, apiKey) => this.isSuperseded(attempt, apiKey),
      answered: (verdict) => this.applyVerdict(verdict),
      adopt: (token, verdict) => this.adopt(token, verdict),
      refused: (message) => {
        if (this.facts.token === null) this.facts = { ...this.facts, note: message };
        this.refresh();
      },
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
    const { credentials, session, refused } = await this.vault.load();
    this.checks.restore(refused);
    if (this.credentials === null && credentials !== null) this.takeCredentials(credentials);
    if (session !== null && credentials?.apiKey === this.credentials?.apiKey) this.restoreToken(session);
    this.refresh();
    void this.verify('restored');
  }

  /** A stored token is the one in use at the start; later only where a worse one has taken its place meanwhile. */
  private restoreToken(session: StoredSession): void {
    const signing = this.signing(session.accessToken);
    const isRefused = signing !== null && this.checks.isRefused(signing);
    const stored: TokenFacts = { ...newToken(session), rejection: isRefused ? 'token' : null };
    const { token } = this.facts;
    if (this.inForce !== 0) {
      if (token === null || session.accessToken === this.accessToken) return;
      const isBetter =
        !isRefused && isProven(stored) && !isProven(token) && this.ports.clock.now() < suspectFrom(stored);
      if (!isBetter) return;
      this.intake.givesWay(this.tokenInUse(), null);
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
    this.checks.forget();
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
    return await this.intake.offer(accessToken, source, ++this.attempts, issuedAtMs);
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
    this.intake.clear();
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
      const { userId, userName } = session;
      const verdict: Verdict = { type: 'confirmed', askedAtMs, user: { userId, userName } };
      this.checks.note({ apiKey, accessToken: session.accessToken }, verdict);
      const token = { ...session, attempt, from: 'the login page', issuedAtMs: null };
      if (this.isSuperseded(attempt, apiKey)) {
        if (!(await this.outlives(token, apiKey, isWanted))) return supersededLogin;
        this.adopt({ ...token, attempt: ++this.attempts }, verdict);
      } else this.adopt(token, verdict);
      return { outcome: 'signed-in', userId, userName };
    } catch (error) {
      const failure = exchangeFailure(error);
      this.ports.log('warning', 'auth', failure.message);
      return failure;
    }
  }

  /**
   * Another token took the place while Kite made this login. One from elsewhere may be the session that Kite has ended for
   * it: Kite is asked at once, and this login waits. Whether the other is refused, so that this one is to be taken.
   */
  private async outlives(login: AdoptedToken, apiKey: string, isWanted: () => boolean): Promise<boolean> {
    const isFromElsewhere = this.facts.token !== null && this.facts.token.loginAtMs === null;
    if (apiKey !== this.credentials?.apiKey || !isFromElsewhere) return false;
    const attempt = ++this.attempts;
    this.intake.keepWaiting({ ...login, attempt });
    const outcome = await this.verify('after a login');
    return outcome === 'rejected' && isWanted() && !this.isSuperseded(attempt, apiKey);
  }

  /** A login that was given up while Kite made it: Kite may have ended the present one for it. */
  private discard(session: SessionCredentials): void {
    const { rest, log } = this.ports;
    rest.endSession(session).catch(() => log('warning', 'auth', 'The login you cancelled could not be ended at Kite.'));
    void this.verify('after a cancelled login');
  }

  private async ask(session: SessionCredentials, reason: string): Promise<VerifyOutcome> {
    const { inForce } = this;
    this.timetable.asked();
    const verdict = await this.checks.ask(session, this.facts.token?.userId ?? null);
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
      this.intake.proven(this.inForce);
    }
    if (verdict.type === 'rejected') this.intake.refusedInUse();
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

  private adopt({ accessToken, attempt, from, issuedAtMs, ...token }: AdoptedToken, verdict: Verdict): void {
    const { clock, log } = this.ports;
    this.intake.givesWay(this.tokenInUse(), { accessToken, attempt, isProven: verdict.type === 'confirmed' });
    this.inForce = attempt;
    this.question = null;
    this.timetable.asked();
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
    this.intake.clear();
    this.accessToken = null;
    this.facts = { ...this.facts, token: null, loginFailure: null, note };
  }

  /** `apiKey`: what the attempt was made with. A late yes still counts against a token that nobody has vouched for. */
  private isSuperseded(attempt: number, apiKey: string): boolean {
    if (apiKey !== this.credentials?.apiKey) return true;
    const { token } = this.facts;
    return attempt < this.inForce && (token === null || token.confirmedAtMs !== null);
  }

  private tokenInUse(): TokenInUse | null {
    const { accessToken, inForce } = this;
    const { token } = this.facts;
    return accessToken === null || token === null ? null : { accessToken, attempt: inForce, facts: token };
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
