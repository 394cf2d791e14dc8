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
  readonly app: AppWindow;
}

/** The interface's window, as far as a login has to do with it. */
export interface AppWindow {
  /** Whether there is something to see of it. */
  readonly isShown: boolean;
  /** Brings it to the front, opening it when it is closed. */
  open(): void;
}

const startedSchema = z.object({ url: z.url({ protocol: /^https?$/ }) });

/**
 * Kite logins from every door of the shell: tray, menu, notification and the interface's own button. One at a time. A
 * login that does not succeed is told of once: by the interface, where the login was begun there and still waits in its
 * window, otherwise by a message box.
 */
export class SignIn implements Disposable {
  private readonly options: SignInOptions;
  private open: LoginWindow | null = null;
  /** The trader was sent to the system's browser. */
  private isAwaitedFromBrowser = false;
  /** Of the document in which the pending login was begun, aborted when that is gone; null: the shell has begun it. */
  private asker: AbortSignal | null = null;
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
    if (desk.state.auth.pendingLogin === null) this.asker = null;
    const started = await begin(desk);
    if (started.ok) await this.show(desk, started.value);
    else await this.conclude({ end: 'refused', error: started.error });
  }

  /**
   * The interface has begun a login and asks for its page. Only the address the desk itself gives out for the pending
   * login is taken for one. `leaving`: aborted when the document that asks, and waits, is gone.
   */
  async showPending(url: string, leaving: AbortSignal): Promise<Result<null>> {
    const { desk } = await this.options.opening;
    const pending = desk.state.auth.pendingLogin === null ? null : await begin(desk);
    if (pending === null || !pending.ok || pending.value !== url) {
      return failed('refused', 'This address is not opened from the app.');
    }
    this.asker = leaving;
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
      this.isAwaitedFromBrowser = true;
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
    const message = loginMessage(end);
    // A refusal of the desk's own has ended the pending login there, with the desk's words.
    if (message !== null) desk.abandonLogin(`${message.message} ${message.detail}`);
    await this.conclude(end);
  }

  private async conclude(end: LoginEnd): Promise<void> {
    const { app, ask } = this.options;
    const needsApiKey = end.end === 'refused' && end.error.code === 'unconfigured';
    const message = needsApiKey ? null : loginMessage(end);
    if (message === null || this.isToldByInterface()) app.open();
    else if (await ask(message)) await this.start();
  }

  /** The interface's dialog follows the desk, and has the words from there. */
  private isToldByInterface(): boolean {
    return this.asker?.aborted === false && this.options.app.isShown;
  }
}

/** The login page of the pending login; the desk gives the same one until that login has ended. */
async function begin(desk: Desk): Promise<Result<string>> {
  const started = await desk.invoke('login.start', {});
  if (!started.ok) return started;
  const value = startedSchema.safeParse(started.value);
  return value.success ? ok(value.data.url) : failed('internal', 'The desk gave no login page.');
}
