import type { AuthOwner } from '../auth/auth-owner.ts';
import type { LoginOutcome } from '../auth/login-flow.ts';
import { listenForCallback } from '../auth/loopback-callback.ts';
import type { Clock } from '../clock.ts';
import { failed, ok, type Result } from '../contract/result.ts';
import type { Log } from '../log.ts';

export interface LoginDoorPorts {
  readonly clock: Clock;
  readonly auth: AuthOwner;
  readonly redirectUrl: () => string;
  readonly log: Log;
}

/**
 * The way back from Kite's login page: a loopback listener on the registered redirect URL, open only while a login is
 * pending. A shell that watches the page itself hands the callback to `complete` instead; the first of the two wins.
 */
export class LoginDoor implements Disposable {
  private readonly ports: LoginDoorPorts;
  private listener: Disposable | null = null;

  constructor(ports: LoginDoorPorts) {
    this.ports = ports;
  }

  /** Opens a login and returns the page to show; the callback's port must be free. */
  async start(): Promise<Result<{ readonly url: string }>> {
    const { auth, clock, redirectUrl, log } = this.ports;
    const started = auth.startLogin();
    if (!started.ok || this.listener !== null) return started;
    const listening = await listenForCallback({
      redirectUrl: redirectUrl(),
      clock,
      onCallback: (url) => auth.completeCallback(url),
      onTimeout: () => {
        log('warning', 'auth', 'Nobody came back from the login page in time: sign in again.');
        this.cancel();
      },
    });
    if (!listening.ok) {
      auth.cancelLogin();
      return failed(listening.code, listening.message);
    }
    this.listener = listening.listener;
    return started;
  }

  cancel(): void {
    this.ports.auth.cancelLogin();
    this.close();
  }

  /** Finishes the pending login from the URL Kite sent the browser to. */
  async complete(url: string): Promise<Result<null>> {
    const outcome = await this.ports.auth.completeCallback(url);
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
}

function resultOf(outcome: LoginOutcome): Result<null> {
  switch (outcome.outcome) {
    case 'signed-in':
      return ok(null);
    case 'cancelled':
      return failed('login-cancelled', 'The login was cancelled on the Kite page.');
    case 'wrong-state':
      return failed('wrong-state', 'That was not the answer to the login that was started here; start it again.');
    case 'not-ours':
      return failed('not-ours', 'That address is not the redirect URL of this app.');
    case 'failed':
      return failed(outcome.code, outcome.message);
  }
}
