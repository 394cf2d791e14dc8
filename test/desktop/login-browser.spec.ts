import { createServer } from 'node:http';
import { expect, test } from '@playwright/test';
import { demoUser } from '../exchange/exchange.ts';
import { logInAs } from '../exchange/login/login-robot.ts';
import { freePort } from '../support/free-port.ts';
import { LoginScene } from './login-scene.ts';
import { command } from './page-bridge.ts';

// Sign-in in the system's browser, by the setting: the spec is that browser.
test.describe('a login in the system’s browser', () => {
  let scene: LoginScene;

  test.beforeAll(async () => {
    scene = await LoginScene.start({ redirectUrl: `http://127.0.0.1:${await freePort()}/kite/callback` });
    const { redirectUrl } = scene.day.exchange;
    await command(scene.page, 'settings.update', { loginIn: 'browser', redirectUrl });
  });
  test.afterAll(() => scene[Symbol.asyncDispose]());

  /** Chooses it in the tray; the address the browser is given. */
  const beginLogin = async (): Promise<string> => {
    const { app } = scene;
    const before = (await app.openedExternally()).length;
    await app.chooseFromTray('Sign in to Kite…');
    await expect.poll(async () => (await app.openedExternally()).length).toBe(before + 1);
    return (await app.openedExternally())[before] ?? '';
  };

  test('that finds the callback’s port taken names the port, and is begun when it is free', async () => {
    const { app, day, page } = scene;
    const { port } = new URL(day.exchange.redirectUrl);
    const squatter = createServer();
    await new Promise<void>((resolve) => {
      squatter.listen(Number(port), '127.0.0.1', resolve);
    });
    await app.chooseFromTray('Sign in to Kite…');
    await scene.expectToldByBox(
      `Port ${port} is used by another program: close it, or register a redirect URL with another port at Kite and in the settings.`,
    );
    expect(await app.openedExternally()).toEqual([]);
    expect(await scene.auth()).toMatchObject({ state: 'expired', pendingLogin: null });
    await new Promise((resolve) => squatter.close(resolve));
    await app.answerDialog('Sign in again');
    await expect.poll(async () => (await app.openedExternally()).length).toBe(1);
    await command(page, 'login.cancel', {});
    expect(await app.dialogs()).toEqual([]);
  });

  test('that is cancelled on Kite’s page says so in the browser and in the app', async () => {
    const answer = await fetch(await logInAs(demoUser, await beginLogin(), 'cancel'));
    expect(await answer.text()).toContain('Sign-in cancelled');
    await scene.closeBox('The login was cancelled on the Kite page.');
    await scene.expectNoLogin('expired');
  });

  test('that Kite cannot finish sends the trader back to the app, which says why', async () => {
    const { exchange } = scene.day;
    const back = await logInAs(demoUser, await beginLogin());
    const fault = exchange.control.apply({ kind: 'refuse', where: 'rest', status: 503 });
    const answer = await fetch(back);
    exchange.control.clear(fault);
    expect(await answer.text()).toContain('MyDailyTradingSignals says why.');
    await scene.closeBox("Kite's server failed while finishing the login. Sign in again.");
    await scene.expectNoLogin('expired');
  });

  test('is the one address of Kite’s that the interface can have opened, and only while it is waited for', async () => {
    const { app, page } = scene;
    const url = await beginLogin();
    const opened = await app.openedExternally();
    const ask = (address: string) => page.evaluate((given) => window.desk?.openExternal(given), address);
    await ask(`${url}&more=1`);
    await ask('https://evil.example/');
    await ask(url);
    // Asked for last, and alone there.
    await expect.poll(() => app.openedExternally()).toEqual([...opened, url]);
    await command(page, 'login.cancel', {});
    await ask(url);
    await ask('https://kite.trade/docs');
    await expect.poll(() => app.openedExternally()).toEqual([...opened, url, 'https://kite.trade/docs']);
    await scene.expectNoLogin('expired');
  });

  test('refuses another state, takes its own, and takes nothing more after it', async () => {
    const { app, day } = scene;
    const url = await beginLogin();
    const forged = new URLSearchParams({ status: 'success', request_token: 'abcdefgh12345678', state: 'anothers' });
    expect((await fetch(`${day.exchange.redirectUrl}?${forged}`)).status).toBe(400);
    expect((await scene.auth()).pendingLogin).not.toBeNull();

    const answer = await fetch(await logInAs(demoUser, url));
    expect(await answer.text()).toContain('Signed in to Kite');
    await expect
      .poll(() => scene.auth())
      .toMatchObject({ state: 'valid', userId: demoUser.userId, pendingLogin: null });
    // Whoever comes late reads what to do, and changes nothing.
    const late = await fetch(`${day.exchange.redirectUrl}?${forged}`);
    expect(late.ok).toBe(false);
    expect(await late.text()).toContain('MyDailyTradingSignals');
    expect(await scene.auth()).toMatchObject({ state: 'valid', userId: demoUser.userId, pendingLogin: null });
    expect(await app.windows()).toHaveLength(1);
    expect(await app.dialogs()).toEqual([]);
  });
});
