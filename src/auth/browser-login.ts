import type { Clock } from '../clock.ts';
import { failed, ok, type Result } from '../contract/result.ts';
import type { Log } from '../log.ts';
import type { AuthOwner } from './auth-owner.ts';
import { type CallbackListening, listenForCallback } from './callback-listener.ts';
import { cancelledWords, type LoginOutcome, wrongAddressWords } from './login-flow.ts';

export interface BrowserLoginPorts {
  readonly clock: Clock;
  readonly auth: AuthOwner;
  readonly redirectUrl: () => string;
  /** Whether the way back is the loopback listener; otherwise a shell watches the login page itself. */
  readonly usesLoopback: () => boolean;
  readonly log: Log;
}

/** Real time, whatever the clock's speed: a person is logging in. */
const LOGIN_TIMEOUT_MS = 5 * 60_000;
/** So long after a login was begun its page may still be open somewhere; whoever finishes it is told how to go on. */
const LISTENS_FOR_MS = 60 * 60_000;

interface Listening {
  readonly redirectUrl: string;
  readonly result: Promise<CallbackListening>;
}

/**
 * Logins through a browser, and the way back from Kite's page: a loopback listener on the registered redirect URL. It stays
 * when a login has ended, so that one that is finished late, twice or after it was given up meets a page and no error. A
 * shell that watches the page itself hands the callback to `complete` instead; the first of the two wins.
 */
export class BrowserLogin implements Disposable {
  private readonly ports: BrowserLoginPorts;
  private listening: Listening | null = null;
  private timeout: Disposable | null = null;
  private closing: Disposable | null = null;
  /** The login, by its number, in which something else than its answer has been told of; 0: while none was pending. */
  private toldOfForgeryIn: number | null = null;
  private isDisposed = false;

  constructor(ports: BrowserLoginPorts) {
    this.ports = ports;
  }

  /** Opens a login, or goes on with the pending one, and returns the page to show; the callback's port must be free. */
  async start(): Promise<Result<{ readonly url: string }>> {
    const { auth, usesLoopback } = this.ports;
    const started = auth.startLogin();
    if (!started.ok || !usesLoopback()) return started;
    const id = auth.pendingLoginId;
    this.expectWithin(LOGIN_TIMEOUT_MS, id);
    const listening = await this.listen();
    if (this.isDisposed || auth.pendingLoginId !== id) return failed('login-cancelled', 'The login was cancelled.');
    if (listening.ok) return started;
    this.cancel();
    return failed(listening.code, listening.message);
  }

  /** `failure`: what the trader is told of it, where it was not the trader's own doing. */
  cancel(failure: string | null = null): void {
    this.stopWaiting();
    this.ports.auth.cancelLogin(failure);
  }

  /** Finishes the pending login from the URL Kite sent the browser to. */
  async complete(url: string): Promise<Result<null>> {
    return resultOf(await this.callback(url));
  }

  [Symbol.dispose](): void {
    this.isDisposed = true;
    this.stopWaiting();
    this.close();
  }

  /** One listener however many ask at once; another redirect URL gets another. */
  private async listen(): Promise<CallbackListening> {
    const redirectUrl = this.ports.redirectUrl();
    if (this.listening?.redirectUrl !== redirectUrl) {
      this.close();
      const result = listenForCallback({ redirectUrl, onCallback: (url) => this.callback(url) });
      this.listening = { redirectUrl, result };
    }
    const { listening } = this;
    if (listening === null) throw new Error('a listener has just been made');
    this.closeAfter(LISTENS_FOR_MS);
    const result = await listening.result;
    // The port may be free the next time.
    if (!result.ok && this.listening === listening) this.close();
    return result;
  }

  private close(): void {
    const { listening } = this;
    this.listening = null;
    this.closing?.[Symbol.dispose]();
    this.closing = null;
    void listening?.result.then((result) => (result.ok ? result.listener[Symbol.dispose]() : undefined));
  }

  private closeAfter(delayMs: number): void {
    const { clock } = this.ports;
    this.closing?.[Symbol.dispose]();
    this.closing = clock.setTimeout(() => this.close(), delayMs * clock.speed);
  }

  private expectWithin(delayMs: number, id: number | null): void {
    const { clock, auth, log } = this.ports;
    this.stopWaiting();
    this.timeout = clock.setTimeout(() => {
      if (auth.pendingLoginId !== id || auth.state.pendingLogin?.stage !== 'waiting') return;
      const late = 'Nobody came back from the login page in time: sign in again.';
      log('warning', 'auth', late);
      this.cancel(late);
    }, delayMs * clock.speed);
  }

  private stopWaiting(): void {
    this.timeout?.[Symbol.dispose]();
    this.timeout = null;
  }

  private async callback(url: string): Promise<LoginOutcome> {
    const { auth } = this.ports;
    const id = auth.pendingLoginId ?? 0;
    const outcome = await auth.completeCallback(url);
    this.tell(outcome, id);
    if (auth.pendingLoginId === null) this.stopWaiting();
    return outcome;
  }

  /** Says once a login that something else came than its answer: whoever forges callbacks must not fill the log. */
  private tell(outcome: LoginOutcome, id: number): void {
    const { log } = this.ports;
    if (outcome.outcome === 'wrong-address' && outcome.endedLogin) {
      log('warning', 'auth', wrongAddressWords(outcome.address, outcome.expected));
      return;
    }
    const isForgery = outcome.outcome === 'wrong-state' || outcome.outcome === 'wrong-address';
    if (!isForgery || this.toldOfForgeryIn === id) return;
    this.toldOfForgeryIn = id;
    log('warning', 'auth', 'Refused a request to the redirect URL that is not the answer to this login.');
  }
}

function resultOf(outcome: LoginOutcome): Result<null> {
  switch (outcome.outcome) {
    case 'signed-in':
      return ok(null);
    case 'cancelled':
      return failed('login-cancelled', cancelledWords);
    case 'wrong-state':
      return failed('wrong-state', 'That was not the answer to the login that was started here; start it again.');
    case 'not-ours':
      return failed('not-ours', 'That address is not the redirect URL of this app.');
    case 'wrong-address':
      return failed('wrong-address', wrongAddressWords(outcome.address, outcome.expected));
    case 'failed':
      return failed(outcome.code, outcome.message);
  }
}
