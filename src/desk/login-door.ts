import type { AuthOwner } from '../auth/auth-owner.ts';
import { cancelledWords, type LoginOutcome } from '../auth/login-flow.ts';
import { listenForCallback } from '../auth/loopback-callback.ts';
import type { Clock } from '../clock.ts';
import { failed, ok, type Result } from '../contract/result.ts';
import type { Log } from '../log.ts';

export interface LoginDoorPorts {
  readonly clock: Clock;
  readonly auth: AuthOwner;
  readonly redirectUrl: () => string;
  /** Whether the way back is the loopback listener; otherwise a shell watches the login page itself. */
  readonly usesLoopback: () => boolean;
  readonly log: Log;
}

/**
 * The way back from Kite's login page: a loopback listener on the registered redirect URL, open only while a login is
 * pending. A shell that watches the page itself hands the callback to `complete` instead; the first of the two wins.
 */
export class LoginDoor implements Disposable {
  private readonly ports: LoginDoorPorts;
  private listener: Disposable | null = null;
  private hasToldOfForgery = false;

  constructor(ports: LoginDoorPorts) {
    this.ports = ports;
  }

  /** Opens a login and returns the page to show; the callback's port must be free. */
  async start(): Promise<Result<{ readonly url: string }>> {
    const { auth, clock, redirectUrl, usesLoopback, log } = this.ports;
    const started = auth.startLogin();
    if (this.listener === null) this.hasToldOfForgery = false;
    if (!started.ok || this.listener !== null || !usesLoopback()) return started;
    const listening = await listenForCallback({
      redirectUrl: redirectUrl(),
      clock,
      onCallback: (url) => this.callback(url),
      onTimeout: () => {
        const late = 'Nobody came back from the login page in time: sign in again.';
        log('warning', 'auth', late);
        this.ports.auth.cancelLogin(late);
        this.close();
      },
    });
    if (!listening.ok) {
      auth.cancelLogin();
      return failed(listening.code, listening.message);
    }
    this.listener = listening.listener;
    return started;
  }

  /** `failure`: what the trader is told of it, where it was not the trader's own doing. */
  cancel(failure: string | null = null): void {
    this.ports.auth.cancelLogin(failure);
    this.close();
  }

  /** Finishes the pending login from the URL Kite sent the browser to. */
  async complete(url: string): Promise<Result<null>> {
    const outcome = await this.callback(url);
    if (outcome.outcome === 'signed-in') this.close();
    return resultOf(outcome);
  }

  /** No login is pending any more, however that came. */
  close(): void {
    this.listener?.[Symbol.dispose]();
    this.listener = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Says once a login that something else came than its answer: whoever forges callbacks must not fill the log. */
  private async callback(url: string): Promise<LoginOutcome> {
    const outcome = await this.ports.auth.completeCallback(url);
    if (outcome.outcome === 'wrong-state' && !this.hasToldOfForgery) {
      this.hasToldOfForgery = true;
      this.ports.log('warning', 'auth', 'Refused a request to the redirect URL that is not the answer to this login.');
    }
    return outcome;
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
    case 'failed':
      return failed(outcome.code, outcome.message);
  }
}
