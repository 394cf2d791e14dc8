import { expect, type Page, test } from '@playwright/test';
import { kiteRestClient } from '../../src/kite/rest-client.ts';
import { demoApp, demoUser } from '../exchange/exchange.ts';
import { logInAs } from '../exchange/login/login-robot.ts';
import type { DesktopApp } from './desktop-app.ts';
import { decide, enterCode, enterPassword, leadTo, logIn } from './login-pages.ts';
import { MarketDay } from './market-day.ts';
import { command, stateOf } from './page-bridge.ts';

const credentials = { apiKey: demoApp.apiKey, apiSecret: demoApp.apiSecret };
const NOTHING_CHANGED = 'Nothing has changed.';

test.describe('a login in the app’s window', () => {
  const resources = new AsyncDisposableStack();
  let day: MarketDay;
  let app: DesktopApp;
  let page: Page;

  test.beforeAll(async () => {
    day = resources.use(await MarketDay.start({ date: '2026-11-23', at: '08:52' }));
    app = await day.startApp({ tokenFrom: '05:00' });
    page = await app.page();
  });
  test.afterAll(() => resources[Symbol.asyncDispose]());

  const beginLogin = async (): Promise<Page> => {
    await app.chooseFromTray('Sign in to Kite…');
    return await app.loginPage();
  };
  const callback = (query: Record<string, string>): string =>
    `${day.exchange.redirectUrl}?${new URLSearchParams(query)}`;

  test('that the trader closes says so, and can be begun again from there', async () => {
    await beginLogin();
    await app.closeLoginWindow();
    await expectDialog(app, 'The sign-in window was closed before the login was finished.', NOTHING_CHANGED);
    await app.answerDialog('Sign in again');
    await expect((await app.loginPage()).getByLabel('User ID')).toBeVisible();
    await app.closeLoginWindow();
    await closeDialog(app, 'The sign-in window was closed before the login was finished.');
    await expectNoLogin(app, page, 'expired');
  });

  test('that is cancelled on Kite’s page says so', async () => {
    const login = await beginLogin();
    await enterPassword(login);
    await enterCode(login);
    await decide(login, 'Cancel');
    await expectDialog(app, 'The login was cancelled on the Kite page.', NOTHING_CHANGED);
    await closeDialog(app, 'The login was cancelled on the Kite page.');
    await expectNoLogin(app, page, 'expired');
  });

  test('that the banner has begun ends with the app’s own dialog', async () => {
    const waiting = page.getByRole('dialog', { name: 'Sign in to Zerodha' });
    await page.getByRole('alert').first().getByRole('button', { name: 'Sign in' }).click();
    await expect(waiting).toContainText('Waiting for the login on Zerodha’s page');
    await expect((await app.loginPage()).getByLabel('User ID')).toBeVisible();
    await app.closeLoginWindow();
    await closeDialog(app, 'The sign-in window was closed before the login was finished.');
    await expect(waiting).toHaveCount(0);
    await expectNoLogin(app, page, 'expired');
  });

  test('that is asked for twice is one window, brought to the front', async () => {
    const login = await beginLogin();
    await enterPassword(login);
    await app.chooseFromTray('Open');
    await expect.poll(() => focusedTitle(app)).toBe('MyDailyTradingSignals (SIMULATED)');
    await app.chooseFromTray('Sign in to Kite…');
    await expect.poll(() => focusedTitle(app)).toMatch(/^127\.0\.0\.1:\d+: sign in to Kite$/);
    expect(await app.windows()).toHaveLength(2);
    // What was typed so far is not lost by it.
    await expect(login.getByLabel('Six-digit code')).toBeVisible();
    // Given up in the app, it can be begun again at once.
    await command(page, 'login.cancel', {});
    await app.chooseFromTray('Sign in to Kite…');
    await expect((await app.loginPage()).getByLabel('User ID')).toBeVisible();
    await command(page, 'login.cancel', {});
    await expectNoLogin(app, page, 'expired');
  });

  test('that comes back with a request token used before is refused', async () => {
    const login = await beginLogin();
    const back = await logInAs(demoUser, login.url());
    const requestToken = new URL(back).searchParams.get('request_token') ?? '';
    await kiteRestClient({ endpoints: day.exchange }).createSession(demoApp, requestToken);
    await leadTo(login, back);
    await expectDialog(app, 'That login was used already or took too long. Sign in again.', NOTHING_CHANGED);
    await closeDialog(app, 'That login was used already or took too long. Sign in again.');
    await expectNoLogin(app, page, 'expired');
  });

  test('that comes back with another state is refused, and logged once', async () => {
    const message = 'That was not the answer to the login that was started here; start it again.';
    const exchanges = () => day.exchange.stats.requests['POST /session/token'];
    const before = exchanges();
    const login = await beginLogin();
    const forged = { status: 'success', request_token: 'abcdefgh12345678abcdefgh12345678', state: 'anothers' };
    await leadTo(login, callback(forged));
    await expectDialog(app, message, NOTHING_CHANGED);
    await closeDialog(app, message);
    await expectNoLogin(app, page, 'expired');
    const refusals = (await stateOf(page)).activity.filter(({ text }) => text.startsWith('Refused a request'));
    expect(refusals).toHaveLength(1);
    // The forged token was not even sent to Kite.
    expect(exchanges()).toBe(before);
  });

  test('whose page cannot be reached says which host, and tries again when told to', async () => {
    day.exchange.control.apply({ kind: 'refuseConnections', how: 'reset' });
    await app.chooseFromTray('Sign in to Kite…');
    const message = `The login page at 127.0.0.1:${day.exchange.port} could not be loaded.`;
    await expectDialog(app, message, /^Check the internet connection \(ERR_[A-Z_]+\)\.$/);
    await app.answerDialog('Sign in again');
    // Still away: the same again, and not a loop.
    await expectDialog(app, message, /^Check the internet connection/);
    day.exchange.control.clear();
    await app.answerDialog('Sign in again');
    await expect((await app.loginPage()).getByLabel('User ID')).toBeVisible();
    await command(page, 'login.cancel', {});
    await expectNoLogin(app, page, 'expired');
  });

  test('that Kite sends to another redirect URL than the settings’ names both', async () => {
    const { redirectUrl } = day.exchange;
    day.exchange.redirectUrl = 'http://127.0.0.1:5000/registered';
    const login = await beginLogin();
    await enterPassword(login);
    await enterCode(login);
    await decide(login, 'Authorise');
    day.exchange.redirectUrl = redirectUrl;
    const message = 'The redirect URL of your app at Kite is not the one in the settings.';
    const addresses = `At Kite it is http://127.0.0.1:5000/registered, here ${redirectUrl}.`;
    await expectDialog(app, message, `${addresses} Make them the same, then sign in again.`);
    await closeDialog(app, message);
    await expectNoLogin(app, page, 'expired');
  });

  test('whose page crashes says so', async () => {
    const login = await beginLogin();
    const devTools = await login.context().newCDPSession(login);
    await devTools.send('Page.crash').catch(() => {});
    await expectDialog(app, 'The login page crashed.', 'Nothing has changed. Sign in again.');
    await closeDialog(app, 'The login page crashed.');
    await expectNoLogin(app, page, 'expired');
  });

  test('that Kite cannot finish says so, and the next one is finished', async () => {
    const message = 'Kite could not be reached to finish the login. Sign in again.';
    const login = await beginLogin();
    await enterPassword(login);
    await enterCode(login);
    const fault = day.exchange.control.apply({ kind: 'refuse', where: 'rest', status: 503 });
    await decide(login, 'Authorise');
    await expectDialog(app, message, NOTHING_CHANGED);
    day.exchange.control.clear(fault);
    await app.answerDialog('Close');
    await expectNoLogin(app, page, 'expired');
  });

  test('with an API secret that is not the key’s own says where to check it', async () => {
    await command(page, 'credentials.save', { ...credentials, apiSecret: 'notthesecret00000000000000000001' });
    await logIn(await beginLogin());
    const message = 'Kite does not accept the API secret: check it in the settings.';
    await expectDialog(app, message, NOTHING_CHANGED);
    await closeDialog(app, message);
    await expectNoLogin(app, page, 'expired');
    await command(page, 'credentials.save', credentials);
  });

  test('stays on Kite’s page for a wrong password, which can be corrected there', async () => {
    const login = await beginLogin();
    await enterPassword(login, 'not the password');
    await expect(login.getByRole('alert')).toHaveText('Invalid user ID or password.');
    expect(await app.dialogs()).toEqual([]);
    await logIn(login);
    await expect.poll(async () => (await stateOf(page)).auth.userId).toBe(demoUser.userId);
    await expectNoLogin(app, page, 'valid');
    expect((await app.notifications()).filter(({ standing }) => standing)).toEqual([]);
  });
});

async function expectDialog(app: DesktopApp, message: string, detail: string | RegExp): Promise<void> {
  await expect
    .poll(() => app.dialogs())
    .toEqual([
      {
        message,
        detail: typeof detail === 'string' ? detail : expect.stringMatching(detail),
        buttons: ['Close', 'Sign in again'],
      },
    ]);
}

async function closeDialog(app: DesktopApp, message: string): Promise<void> {
  await expect.poll(async () => (await app.dialogs()).map((dialog) => dialog.message)).toEqual([message]);
  await app.answerDialog('Close');
}

/** Nothing is left of a login: no window, no question, nothing waited for. */
async function expectNoLogin(app: DesktopApp, page: Page, auth: 'expired' | 'valid'): Promise<void> {
  await expect.poll(async () => (await app.windows()).map(({ url }) => url)).toEqual(['app://main/index.html']);
  await expect.poll(async () => (await stateOf(page)).auth).toMatchObject({ state: auth, pendingLogin: null });
  expect(await app.dialogs()).toEqual([]);
}

async function focusedTitle(app: DesktopApp): Promise<string | undefined> {
  return (await app.windows()).find(({ focused }) => focused)?.title;
}
