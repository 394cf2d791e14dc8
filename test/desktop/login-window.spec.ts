import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, type Page, test } from '@playwright/test';
import { type DesktopApp, ranOn } from './desktop-app.ts';
import { enterCode, enterPassword } from './login-pages.ts';
import { LoginScene } from './login-scene.ts';
import { activityOf } from './page-bridge.ts';

/** A site that is not Kite's. */
interface OtherSite extends AsyncDisposable {
  readonly url: string;
  /** Asks it something, which has to be the first thing since the last time that anyone has asked of it. */
  expectNoRequest(): Promise<void>;
}

// The fences of ADR 4, on one login window.
test.describe('the login window', () => {
  const resources = new AsyncDisposableStack();
  let app: DesktopApp;
  let page: Page;
  let login: Page;
  let other: OtherSite;

  test.beforeAll(async () => {
    other = resources.use(await openOtherSite());
    const scene = resources.use(await LoginScene.start());
    ({ app, page } = scene);
    login = await scene.signInFromTray();
    await expect(login.getByLabel('User ID')).toBeVisible();
  });
  test.afterAll(() => resources[Symbol.asyncDispose]());

  const loginWindow = async () => (await app.windows()).find(({ storage }) => storage !== 'app');

  test('keeps its storage in memory and has nothing of the app in its page', async () => {
    expect(await loginWindow()).toMatchObject({ storage: 'memory', visible: true });
    const found = await login.evaluate(() => ['desk', 'require', 'process'].filter((name) => name in globalThis));
    expect(found).toEqual([]);
    expect(await page.evaluate(() => 'desk' in globalThis)).toBe(true);
  });

  test('has the host in its title, which the page cannot change', async () => {
    const title = `Simulated login (${new URL(login.url()).host})`;
    expect(await login.title()).toBe('Log in (simulated)');
    expect((await loginWindow())?.title).toBe(title);
    await enterPassword(login);
    await expect(login).toHaveTitle('One-time code (simulated)');
    await login.evaluate(() => {
      document.title = 'Your bank';
    });
    await expect(login).toHaveTitle('Your bank');
    expect((await loginWindow())?.title).toBe(title);
  });

  test('may use nothing that needs a permission', async () => {
    const states = await login.evaluate(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read'] as const;
      const found = await Promise.all(
        names.map((name) => navigator.permissions.query({ name: name as PermissionName })),
      );
      return found.map(({ state }) => state);
    });
    expect(new Set(states)).toEqual(new Set(['denied']));
    const failure = await login.evaluate(() =>
      navigator.mediaDevices.getUserMedia({ audio: true }).then(
        () => 'granted',
        (error: Error) => error.name,
      ),
    );
    expect(failure).not.toBe('granted');
  });

  test('cannot be led to another host, which is not even asked', async () => {
    const before = login.url();
    await login.evaluate((url) => location.assign(url), `${other.url}/elsewhere`);
    const host = new URL(other.url).host;
    await expect.poll(() => activityOf(page)).toContain(`A page was kept from going to ${host}.`);
    await login.evaluate((url) => {
      const link = Object.assign(document.createElement('a'), { href: url, target: '_self' });
      document.body.append(link);
      link.click();
    }, `${other.url}/by-link`);
    // It is still the login page, and answers.
    await expect(login.getByRole('button', { name: 'Continue' })).toBeVisible();
    expect(login.url()).toBe(before);
    await other.expectNoRequest();
  });

  test('opens no other window, here or in the system’s browser', async () => {
    const opened = await login.evaluate((url) => window.open(url) !== null, `${other.url}/popup`);
    await login.evaluate((url) => {
      const link = Object.assign(document.createElement('a'), { href: url, target: '_blank' });
      document.body.append(link);
      link.click();
    }, `${other.url}/blank`);
    expect(opened).toBe(false);
    // The login goes on as before.
    await enterCode(login);
    await expect(login.getByRole('button', { name: 'Authorise' })).toBeVisible();
    await other.expectNoRequest();
    expect(await app.windows()).toHaveLength(2);
    expect(await app.openedExternally()).toEqual([]);
  });

  test('saves nothing to the disk', async () => {
    const url = await login.evaluate(() => {
      const href = URL.createObjectURL(new Blob(['not a statement of account']));
      Object.assign(document.createElement('a'), { href, download: 'statement.exe' }).click();
      return href;
    });
    await expect.poll(() => app.system.downloads()).toEqual([{ url, allowed: false }]);
  });

  test('leaves nothing behind when it has ended', async () => {
    await login.evaluate(() => {
      // biome-ignore lint/suspicious/noDocumentCookie: the page sets one, as Kite's does.
      document.cookie = 'kept=by-the-page; max-age=86400';
    });
    expect(await app.loginCookies()).toEqual(['kept']);
    await app.closeLoginWindow();
    await expect.poll(() => app.loginCookies()).toEqual([]);
    expect((await app.windows()).map(({ storage }) => storage)).toEqual(['app']);
    await expect.poll(async () => (await app.dialogs()).length).toBe(1);
    await app.answerDialog('Sign in again');
    login = await app.loginPage();
    expect(await login.evaluate(() => document.cookie)).toBe('');
  });

  test('goes without a word when the app is quit', async () => {
    expect(await loginWindow()).toBeDefined();
    await app.chooseFromTray('Quit');
    expect(await app.exit).toBe(0);
    // The real binary has the words of Chromium and of the debugger there.
    if (ranOn === 'stand-in') expect(app.output).toBe('');
  });
});

async function openOtherSite(): Promise<OtherSite> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.end('not Kite');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    expectNoRequest: async () => {
      await fetch(url);
      expect(requests.splice(0)).toEqual(['/']);
    },
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
