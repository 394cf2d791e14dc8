import { createServer } from 'node:http';
import { expect, type Page, test } from '@playwright/test';
import { demoUser } from '../exchange/exchange.ts';
import { logInAs } from '../exchange/login/login-robot.ts';
import { freePort } from '../support/free-port.ts';
import type { DesktopApp } from './desktop-app.ts';
import { MarketDay } from './market-day.ts';
import { command, stateOf } from './page-bridge.ts';

// Sign-in in the system's browser, by the setting: the spec is that browser.
test.describe('a login in the system’s browser', () => {
  const resources = new AsyncDisposableStack();
  let day: MarketDay;
  let app: DesktopApp;
  let page: Page;

  test.beforeAll(async () => {
    day = resources.use(await MarketDay.start({ date: '2026-11-23', at: '08:52' }));
    day.exchange.redirectUrl = `http://127.0.0.1:${await freePort()}/kite/callback`;
    app = await day.startApp({ tokenFrom: '05:00' });
    page = await app.page();
    await command(page, 'settings.update', { loginIn: 'browser', redirectUrl: day.exchange.redirectUrl });
  });
  test.afterAll(() => resources[Symbol.asyncDispose]());

  /** Chooses it in the tray; the address the browser is given. */
  const beginLogin = async (): Promise<string> => {
    const before = (await app.openedExternally()).length;
    await app.chooseFromTray('Sign in to Kite…');
    await expect.poll(async () => (await app.openedExternally()).length).toBe(before + 1);
    return (await app.openedExternally())[before] ?? '';
  };
  const auth = async () => (await stateOf(page)).auth;

  test('that finds the callback’s port taken names the port, and is begun when it is free', async () => {
    const { port } = new URL(day.exchange.redirectUrl);
    const squatter = createServer();
    await new Promise<void>((resolve) => {
      squatter.listen(Number(port), '127.0.0.1', resolve);
    });
    await app.chooseFromTray('Sign in to Kite…');
    await expect
      .poll(async () => (await app.dialogs()).map(({ message }) => message))
      .toEqual([
        `Port ${port} is used by another program: close it, or register a redirect URL with another port at Kite and in the settings.`,
      ]);
    expect(await app.openedExternally()).toEqual([]);
    expect(await auth()).toMatchObject({ state: 'expired', pendingLogin: null });
    await new Promise((resolve) => squatter.close(resolve));
    await app.answerDialog('Sign in again');
    await expect.poll(async () => (await app.openedExternally()).length).toBe(1);
    await command(page, 'login.cancel', {});
    expect(await app.dialogs()).toEqual([]);
  });

  test('that is cancelled on Kite’s page says so in the browser and in the app', async () => {
    const answer = await fetch(await logInAs(demoUser, await beginLogin(), 'cancel'));
    expect(await answer.text()).toContain('Sign-in cancelled');
    await expect.poll(() => app.dialogs()).toMatchObject([{ message: 'The login was cancelled on the Kite page.' }]);
    await app.answerDialog('Close');
    expect(await auth()).toMatchObject({ state: 'expired', pendingLogin: null });
  });

  test('that Kite cannot finish sends the trader back to the app, which says why', async () => {
    const back = await logInAs(demoUser, await beginLogin());
    const fault = day.exchange.control.apply({ kind: 'refuse', where: 'rest', status: 503 });
    const answer = await fetch(back);
    day.exchange.control.clear(fault);
    expect(await answer.text()).toContain('MyDailyTradingSignals says why.');
    await expect
      .poll(() => app.dialogs())
      .toMatchObject([{ message: 'Kite could not be reached to finish the login. Sign in again.' }]);
    await app.answerDialog('Close');
    expect(await auth()).toMatchObject({ state: 'expired', pendingLogin: null });
  });

  test('refuses another state, takes its own, and shuts the door behind it', async () => {
    const url = await beginLogin();
    const forged = new URLSearchParams({ status: 'success', request_token: 'abcdefgh12345678', state: 'anothers' });
    expect((await fetch(`${day.exchange.redirectUrl}?${forged}`)).status).toBe(400);
    expect((await auth()).pendingLogin).not.toBeNull();

    const answer = await fetch(await logInAs(demoUser, url));
    expect(await answer.text()).toContain('Signed in to Kite');
    await expect.poll(auth).toMatchObject({ state: 'valid', userId: demoUser.userId, pendingLogin: null });
    await expect(fetch(day.exchange.redirectUrl)).rejects.toThrow();
    expect(await app.windows()).toHaveLength(1);
    expect(await app.dialogs()).toEqual([]);
  });
});
