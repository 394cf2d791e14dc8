import { expect, type Locator, type Page, test } from '@playwright/test';
import { demoUser } from '../exchange/exchange.ts';
import { logInAs } from '../exchange/login/login-robot.ts';
import { freePort } from '../support/free-port.ts';
import { decide, enterCode, enterPassword, leadTo } from './login-pages.ts';
import { LoginScene } from './login-scene.ts';
import { command } from './page-bridge.ts';

const CLOSED = 'The sign-in window was closed before the login was finished.';
const CANCELLED = 'The login was cancelled on the Kite page.';

// A failed login is told of once: where the trader has begun it, as long as that can be seen.
test.describe('a login that the interface has begun', () => {
  let scene: LoginScene;

  test.beforeAll(async () => {
    scene = await LoginScene.start({ redirectUrl: `http://127.0.0.1:${await freePort()}/kite/callback` });
    const { redirectUrl } = scene.day.exchange;
    await command(scene.page, 'settings.update', { redirectUrl });
  });
  test.afterAll(() => scene[Symbol.asyncDispose]());

  const dialogIn = (page: Page): Locator => page.getByRole('dialog', { name: 'Sign in to the simulated exchange' });
  const signInFromBanner = async (page: Page): Promise<void> => {
    await page.getByRole('alert').first().getByRole('button', { name: 'Sign in' }).click();
    await expect(dialogIn(page)).toContainText('Waiting for the login on its page');
  };
  /** The interface's dialog has the words, no message box does, and the window is in front. */
  const expectToldInDialog = async (page: Page, words: string): Promise<void> => {
    await expect(dialogIn(page).getByRole('alert')).toHaveText(words);
    expect(await scene.app.dialogs()).toEqual([]);
    await expect.poll(() => scene.app.windows()).toMatchObject([{ storage: 'app', focused: true }]);
  };

  test('is told of by its dialog when the trader closes the login window, and begun again there', async () => {
    const { app, page } = scene;
    await signInFromBanner(page);
    await app.loginPage();
    await app.closeLoginWindow();
    await expectToldInDialog(page, `${CLOSED} Nothing has changed.`);
    await dialogIn(page).getByRole('button', { name: 'Try again' }).click();
    await expect((await app.loginPage()).getByLabel('User ID')).toBeVisible();
  });

  test('is told of by its dialog even when that had been closed, but never over another one', async () => {
    const { app, page } = scene;
    await page.keyboard.press('Escape');
    await expect(dialogIn(page)).toHaveCount(0);
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Help' });
    await expect(help).toBeVisible();
    await app.closeLoginWindow();
    await expect.poll(() => app.windows()).toHaveLength(1);
    await expect(help).toBeVisible();
    await page.keyboard.press('Escape');
    await expectToldInDialog(page, `${CLOSED} Nothing has changed.`);
    await dialogIn(page).getByRole('button', { name: 'Try again' }).click();
    await expect((await app.loginPage()).getByLabel('User ID')).toBeVisible();
  });

  test('is told of by its dialog when it is cancelled at Kite', async () => {
    const { app, page } = scene;
    const login = await app.loginPage();
    await enterPassword(login);
    await enterCode(login);
    await decide(login, 'Cancel');
    await expectToldInDialog(page, CANCELLED);
  });

  test('is told of by its dialog when the answer is not the one to this login', async () => {
    const { app, page } = scene;
    await dialogIn(page).getByRole('button', { name: 'Try again' }).click();
    const forged = new URLSearchParams({ status: 'success', request_token: 'abcdefgh12345678', state: 'anothers' });
    await leadTo(await app.loginPage(), `${scene.day.exchange.redirectUrl}?${forged}`);
    const words = 'That was not the answer to the login that was started here; start it again.';
    await expectToldInDialog(page, `${words} Nothing has changed.`);
  });

  test('is told of by its dialog when it fails in the system’s browser', async () => {
    const { app, page } = scene;
    await command(page, 'settings.update', { loginIn: 'browser' });
    await dialogIn(page).getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => app.openedExternally()).toHaveLength(1);
    await fetch(await logInAs(demoUser, (await app.openedExternally())[0] ?? '', 'cancel'));
    await expectToldInDialog(page, CANCELLED);
    await command(page, 'settings.update', { loginIn: 'window' });
    await page.keyboard.press('Escape');
  });

  test('is over with that: the next one, begun from the tray, is told of by a message box', async () => {
    const { app, page } = scene;
    await scene.signInFromTray();
    await app.closeLoginWindow();
    await scene.closeBox(CLOSED);
    await expect(dialogIn(page)).toHaveCount(0);
    await scene.expectNoLogin('expired');
  });

  test('is told of by a message box when its dialog went with the page', async () => {
    const { app, page } = scene;
    await signInFromBanner(page);
    await app.loginPage();
    await page.reload();
    await expect(page.getByRole('alert').first()).toContainText('Your Kite login has expired');
    await app.closeLoginWindow();
    await scene.closeBox(CLOSED);
    await expect(dialogIn(page)).toHaveCount(0);
    await scene.expectNoLogin('expired');
  });

  test('is told of by a message box when its window is closed', async () => {
    const { app } = scene;
    await signInFromBanner(scene.page);
    await app.loginPage();
    await app.system.closeWindow();
    await app.closeLoginWindow();
    await scene.closeBox(CLOSED);
    await expect.poll(() => app.windows()).toEqual([]);
  });
});
