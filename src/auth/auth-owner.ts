import { isDeepStrictEqual } from 'node:util';
import { commandSchemas } from '../contract/commands.ts';
import { failed, ok, type Result } from '../contract/result.ts';
import type { AuthState } from '../contract/state.ts';
import { type ForeignAnswer, foreignWords } from '../kite/foreign-answer.ts';
import type { SessionCredentials } from '../kite/session.ts';
import { Listeners } from '../listeners.ts';
import { askKite } from './ask-kite.ts';
import {
  type AuthFacts,
  afterVerdict,
  apiKeyHintOf,
  authState,
  failureWords,
  isUsable,
  newToken,
  type TokenFacts,
  type Verdict,
} from './auth-machine.ts';
import { type AuthPorts, doorNames, type RejectionMeaning, type TokenDoor, type VerifyOutcome } from './auth-ports.ts';
import { AuthTimetable } from './auth-timetable.ts';
import { CredentialVault, type KnownCredentials } from './credential-vault.ts';
import { exchangeFailure, LoginFlow, type LoginOutcome, loginFailureWords } from './login-flow.ts';

/** What is learnt of a token when it is taken over. */
type AdoptedToken = Pick<TokenFacts, 'userId' | 'userName' | 'loginAtMs'> & { readonly accessToken: string };

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
    if (this.inForce === 0 && session !== null && credentials?.apiKey === this.credentials?.apiKey) {
      this.accessToken = session.accessToken;
      this.facts = { ...this.facts, token: newToken(session) };
    }
    this.refresh();
    void this.verify('restored');
  }

  /** Takes new credentials. A token belongs to its api key, so another key ends the present login here. */
  async saveCredentials(credentials: KnownCredentials): Promise<void> {
    const isOtherKey = credentials.apiKey !== this.credentials?.apiKey;
    this.takeCredentials(credentials);
    if (isOtherKey) {
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

  /** `failure`: what the trader is told of it, where it was not the trader's own doing. */
  cancelLogin(failure: string | null = null): void {
    if (this.login.pendingLogin === null) return;
    this.login.cancel();
    this.facts = { ...this.facts, loginFailure: failure };
    this.refresh();
  }

  /** Acts on the URL Kite sent the browser to. Calling it again with the same URL gives the same outcome, once done. */
  async completeCallback(url: string): Promise<LoginOutcome> {
    const completing = this.login.complete(url, this.ports.redirectUrl(), (token) => this.exchange(token));
    this.refresh();
    const outcome = await completing;
    const loginFailure = loginFailureWords(outcome);
    if (loginFailure !== null && this.login.pendingLogin === null) this.facts = { ...this.facts, loginFailure };
    this.refresh();
    return outcome;
  }

  /**
   * Takes a token from outside. Kite is asked first: yes swaps it in everywhere, 403 refuses it and leaves the present
   * login alone. When Kite cannot be asked, it is taken as `unverified`, unless a valid login would be lost by that: then
   * it waits its turn and is asked about again until Kite answers.
   */
  async setToken(accessToken: string, door: TokenDoor): Promise<Result<null>> {
    const parsed = commandSchemas['token.set'].safeParse({ accessToken });
    if (!parsed.success) return failed('bad-token', `What came from ${doorNames[door]} is not an access token.`);
    if (this.credentials === null) {
      return failed('unconfigured', 'Enter your Kite Connect API key first: a token is used together with it.');
    }
    this.timetable.dropCandidate();
    return await this.tryToken(parsed.data.accessToken, door, ++this.attempts, 1);
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
    this.accessToken = null;
  }

  private async exchange(requestToken: string): Promise<LoginOutcome> {
    const attempt = ++this.attempts;
    const { credentials } = this;
    if (credentials === null || credentials.apiSecret === null) {
      return { outcome: 'failed', code: 'no-api-secret', message: 'Signing in needs the API key and secret.' };
    }
    const askedAtMs = this.ports.clock.now();
    try {
      const { apiKey, apiSecret } = credentials;
      const session = await this.ports.rest.createSession({ apiKey, apiSecret }, requestToken);
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

  private async tryToken(accessToken: string, door: TokenDoor, attempt: number, tries: number): Promise<Result<null>> {
    const { credentials } = this;
    const session = this.signing(accessToken);
    if (session === null) return failed('unconfigured', 'Enter your Kite Connect API key first.');
    const verdict = await askKite(this.ports.rest, session, this.ports.clock);
    if (this.isSuperseded(attempt, credentials)) return failed('superseded', 'A newer login has taken its place.');

    const isPresent = accessToken === this.accessToken && this.current.state !== 'expired';
    if (isPresent) this.applyVerdict(verdict);
    switch (verdict.type) {
      case 'confirmed': {
        const user = { userId: verdict.user?.userId ?? null, userName: verdict.user?.userName ?? null };
        const token = { accessToken, ...user, loginAtMs: null };
        if (!isPresent) this.adopt(token, attempt, verdict, doorNames[door]);
        return ok(null);
      }
      case 'rejected':
        return this.refuse(door);
      case 'unanswered': {
        if (isPresent) return ok(null);
        const words = failureWords[verdict.code];
        if (this.current.state === 'valid') {
          this.tryAgainLater(accessToken, door, attempt, tries);
          return failed('unverified', `The token could not be checked (${words}). It is kept and tried again.`);
        }
        const token = { accessToken, userId: null, userName: null, loginAtMs: null };
        this.adopt(token, attempt, verdict, doorNames[door]);
        return ok(null);
      }
    }
  }

  private refuse(door: TokenDoor): Result<null> {
    const message = `Kite does not accept the token from ${doorNames[door]}.`;
    this.ports.log('warning', 'auth', message);
    if (this.facts.token === null) this.facts = { ...this.facts, note: message };
    this.refresh();
    return failed('token-rejected', message);
  }

  private tryAgainLater(accessToken: string, door: TokenDoor, attempt: number, tries: number): void {
    // A newer attempt has the turn; this one had its chance.
    if (attempt < this.attempts) return;
    this.timetable.setCandidate(tries, () => void this.tryToken(accessToken, door, attempt, tries + 1));
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
    if (this.facts.token === null) return;
    const before = this.current.state;
    this.facts = { ...this.facts, token: afterVerdict(this.facts.token, verdict, this.ports.clock.now()) };
    this.refresh();
    const { state } = this.current;
    if (state === before) return;
    const level = state === 'valid' ? 'info' : 'warning';
    this.ports.log(level, 'auth', `Login ${state} (${reason}). ${this.current.reason ?? ''}`.trim());
  }

  private adopt({ accessToken, ...token }: AdoptedToken, attempt: number, verdict: Verdict, from: string): void {
    const { clock, log } = this.ports;
    this.inForce = attempt;
    this.question = null;
    this.timetable.asked();
    this.timetable.dropCandidate();
    this.accessToken = accessToken;
    const { userId, userName, loginAtMs } = token;
    const taken = { userId, userName, loginAtMs, adoptedAtMs: clock.now() };
    this.facts = {
      ...this.facts,
      token: afterVerdict(newToken(taken), verdict, clock.now()),
      loginFailure: null,
      note: null,
    };
    this.refresh();
    void this.vault.saveSession({ accessToken, ...taken });
    const words = verdict.type === 'confirmed' ? `Signed in${userId === null ? '' : ` as ${userId}`}` : 'Token taken';
    log('info', 'auth', `${words}, by ${from}${verdict.type === 'confirmed' ? '' : '; not checked yet'}.`);
  }

  private takeCredentials(credentials: KnownCredentials): void {
    this.credentials = credentials;
    this.facts = { ...this.facts, apiKeyHint: apiKeyHintOf(credentials.apiKey) };
  }

  private dropToken(note: string | null): void {
    this.inForce = ++this.attempts;
    this.question = null;
    this.timetable.dropCandidate();
    this.accessToken = null;
    this.facts = { ...this.facts, token: null, loginFailure: null, note };
  }

  private isSuperseded(attempt: number, credentials: KnownCredentials | null): boolean {
    return attempt < this.inForce || credentials !== this.credentials;
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
