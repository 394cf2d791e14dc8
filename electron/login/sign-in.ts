import { shell } from 'electron/common';
import { z } from 'zod';
import { failed, ok, type Result } from '../../src/contract/result.ts';
import type { DeskState } from '../../src/contract/state.ts';
import type { Desk, DeskHost } from '../../src/desk/desk-api.ts';
import type { NavigationGuard } from '../navigation-guard.ts';
import { type LoginEnd, type LoginMessage, loginMessage } from './login-end.ts';
import { type LoginWindow, openLoginWindow } from './login-window.ts';

export interface SignInOptions {
  readonly opening: Promise<DeskHost>;
  readonly guard: NavigationGuard;
  /** Tells the trader why a login did not succeed; true when it is to be tried again. */
  readonly ask: (message: LoginMessage) => Promise<boolean>;
  /** Shows the app: the trader is signed in, or has to enter the api key there first. */
  readonly openApp: () => void;
}

const startedSchema = z.object({ url: z.url({ protocol: /^https?$/ }) });

/** Kite logins from every door of the shell: tray, menu, notification and the interface's own button. One at a time. */
export class SignIn implements Disposable {
  private readonly options: SignInOptions;
  private open: LoginWindow | null = null;
  /** The shell has sent the trader to the system's browser, and says how that ended. */
  private isAwaitedFromBrowser = false;
  private isDisposed = false;

  constructor(options: SignInOptions) {
    this.options = options;
  }

  /** Begins a login, or brings the one that is open to the front. */
  async start(): Promise<void> {
    const { desk } = await this.options.opening;
    if (this.open !== null) {
      this.open.focus();
      return;
    }
    const started = await begin(desk);
    if (!started.ok) {
      await this.conclude({ end: 'refused', error: started.error });
      return;
    }
    this.isAwaitedFromBrowser = desk.state.settings.loginIn === 'browser';
    await this.show(desk, started.value);
  }

  /**
   * The interface has begun a login and asks for its page. Only the address the desk itself gives out for the pending
   * login is taken for one.
   */
  async showPending(url: string): Promise<Result<null>> {
    const { desk } = await this.options.opening;
    const pending = desk.state.auth.pendingLogin === null ? null : await begin(desk);
    if (pending === null || !pending.ok || pending.value !== url) {
      return failed('refused', 'This address is not opened from the app.');
    }
    void this.show(desk, url);
    return ok(null);
  }

  /**
   * Keeps step with the desk: a login that is given up elsewhere needs no page any more, and one that failed in the
   * system's browser is told of here, because that page only says to look in the app.
   */
  follow({ auth }: DeskState): void {
    if (auth.pendingLogin !== null) return;
    this.open?.withdraw();
    if (!this.isAwaitedFromBrowser) return;
    this.isAwaitedFromBrowser = false;
    if (auth.loginFailure === null) return;
    void this.conclude({ end: 'refused', error: { code: 'login-failed', message: auth.loginFailure } });
  }

  /** Gives the login up without a word: the app is being quit. */
  [Symbol.dispose](): void {
    this.isDisposed = true;
    this.open?.withdraw();
  }

  private async show(desk: Desk, loginUrl: string): Promise<void> {
    if (desk.state.settings.loginIn === 'browser') {
      await shell.openExternal(loginUrl);
      return;
    }
    if (this.open !== null) {
      this.open.focus();
      return;
    }
    this.open = openLoginWindow({
      loginUrl,
      redirectUrl: desk.state.settings.redirectUrl,
      guard: this.options.guard,
      complete: (callbackUrl) => desk.completeLogin(callbackUrl),
    });
    const end = await this.open.ended;
    this.open = null;
    if (end.end === 'withdrawn' || this.isDisposed) return;
    if (end.end !== 'signed-in') await desk.invoke('login.cancel', {});
    await this.conclude(end);
  }

  private async conclude(end: LoginEnd): Promise<void> {
    const needsApiKey = end.end === 'refused' && end.error.code === 'unconfigured';
    const message = needsApiKey ? null : loginMessage(end);
    if (message === null) this.options.openApp();
    else if (await this.options.ask(message)) await this.start();
  }
}

/** The login page of the pending login; the desk gives the same one until that login has ended. */
async function begin(desk: Desk): Promise<Result<string>> {
  const started = await desk.invoke('login.start', {});
  if (!started.ok) return started;
  const value = startedSchema.safeParse(started.value);
  return value.success ? ok(value.data.url) : failed('internal', 'The desk gave no login page.');
}
