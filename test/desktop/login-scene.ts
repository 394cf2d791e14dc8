import { expect, type Page } from '@playwright/test';
import type { AuthState } from '../../src/contract/state.ts';
import type { DesktopApp } from './desktop-app.ts';
import { MarketDay } from './market-day.ts';
import { stateOf } from './page-bridge.ts';

export interface LoginSceneOptions {
  /** What is registered with the key at Kite; the settings' own unless given. */
  readonly redirectUrl?: string;
  /** For the app's process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** 08:52 with a login that Kite has ended, and the app with its window open. Disposing ends both. */
export class LoginScene implements AsyncDisposable {
  readonly day: MarketDay;
  readonly app: DesktopApp;
  readonly page: Page;

  private constructor(day: MarketDay, app: DesktopApp, page: Page) {
    this.day = day;
    this.app = app;
    this.page = page;
  }

  static async start({ redirectUrl, env = {} }: LoginSceneOptions = {}): Promise<LoginScene> {
    const day = await MarketDay.start({ date: '2026-11-23', at: '08:52' });
    if (redirectUrl !== undefined) day.exchange.redirectUrl = redirectUrl;
    const app = await day.startApp({ tokenFrom: '05:00', env });
    return new LoginScene(day, app, await app.page());
  }

  /** Begins a login from the tray; its page in the app's window. */
  async signInFromTray(): Promise<Page> {
    await this.app.chooseFromTray('Sign in to Kite…');
    return await this.app.loginPage();
  }

  async auth(): Promise<AuthState> {
    return (await stateOf(this.page)).auth;
  }

  /** Waits for the message box that tells of a failed login, and for no other. */
  async expectToldByBox(message: string, detail: string | RegExp = 'Nothing has changed.'): Promise<void> {
    const words = typeof detail === 'string' ? detail : expect.stringMatching(detail);
    await expect
      .poll(() => this.app.dialogs())
      .toMatchObject([{ message, detail: words, buttons: ['Close', 'Sign in again'], byEscape: 'Close' }]);
  }

  /** The same, and closes it. */
  async closeBox(message: string, detail?: string | RegExp): Promise<void> {
    await this.expectToldByBox(message, detail);
    await this.app.answerDialog('Close');
  }

  /** Nothing is left of a login: no window, no question, nothing waited for. */
  async expectNoLogin(state: AuthState['state']): Promise<void> {
    await expect.poll(async () => (await this.app.windows()).map(({ url }) => url)).toEqual(['app://main/index.html']);
    await expect.poll(() => this.auth()).toMatchObject({ state, pendingLogin: null });
    expect(await this.app.dialogs()).toEqual([]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.day[Symbol.asyncDispose]();
  }
}
