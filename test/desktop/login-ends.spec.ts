import { expect, test } from '@playwright/test';
import { kiteRestClient } from '../../src/kite/rest-client.ts';
import { demoApp, demoUser } from '../exchange/exchange.ts';
import { logInAs } from '../exchange/login/login-robot.ts';
import { decide, enterCode, enterPassword, leadTo, logIn } from './login-pages.ts';
import { LoginScene } from './login-scene.ts';
import { command, stateOf } from './page-bridge.ts';

const credentials = { apiKey: demoApp.apiKey, apiSecret: demoApp.apiSecret };

test.describe('a login in the app’s window', () => {
  let scene: LoginScene;

  test.beforeAll(async () => {
    scene = await LoginScene.start();
  });
  test.afterAll(() => scene[Symbol.asyncDispose]());

  test('that the trader closes says so, and can be begun again from there', async () => {
    const { app } = scene;
    const message = 'The sign-in window was closed before the login was finished.';
    await scene.signInFromTray();
    await app.closeLoginWindow();
    await scene.expectToldByBox(message);
    await app.answerDialog('Sign in again');
    await expect((await app.loginPage()).getByLabel('User ID')).toBeVisible();
    await app.closeLoginWindow();
    await scene.closeBox(message);
    await scene.expectNoLogin('expired');
  });

  test('that is cancelled on Kite’s page says so', async () => {
    const login = await scene.signInFromTray();
    await enterPassword(login);
    await enterCode(login);
    await decide(login, 'Cancel');
    await scene.closeBox('The login was cancelled on the Kite page.');
    await scene.expectNoLogin('expired');
  });

  test('that is asked for twice is one window, brought to the front', async () => {
    const { app, page } = scene;
    const focusedTitle = async () => (await app.windows()).find(({ focused }) => focused)?.title;
    const login = await scene.signInFromTray();
    await enterPassword(login);
    await app.chooseFromTray('Open');
    await expect.poll(focusedTitle).toBe('MyDailyTradingSignals (SIMULATED)');
    await app.chooseFromTray('Sign in to Kite…');
    await expect.poll(focusedTitle).toMatch(/^Simulated login \(127\.0\.0\.1:\d+\)$/);
    expect(await app.windows()).toHaveLength(2);
    // What was typed so far is not lost by it.
    await expect(login.getByLabel('Six-digit code')).toBeVisible();
    // Given up in the app, it can be begun again at once.
    await command(page, 'login.cancel', {});
    await expect((await scene.signInFromTray()).getByLabel('User ID')).toBeVisible();
    await command(page, 'login.cancel', {});
    await scene.expectNoLogin('expired');
  });

  test('that comes back with a request token used before is refused', async () => {
    const login = await scene.signInFromTray();
    const back = await logInAs(demoUser, login.url());
    const requestToken = new URL(back).searchParams.get('request_token') ?? '';
    await kiteRestClient({ endpoints: scene.day.exchange }).createSession(demoApp, requestToken);
    await leadTo(login, back);
    await scene.closeBox('That login was used already or took too long. Sign in again.');
    await scene.expectNoLogin('expired');
  });

  test('that comes back with another state is refused, and logged once', async () => {
    const { exchange } = scene.day;
    const exchanges = () => exchange.stats.requests['POST /session/token'];
    const before = exchanges();
    const login = await scene.signInFromTray();
    const forged = { status: 'success', request_token: 'abcdefgh12345678abcdefgh12345678', state: 'anothers' };
    await leadTo(login, `${exchange.redirectUrl}?${new URLSearchParams(forged)}`);
    await scene.closeBox('That was not the answer to the login that was started here; start it again.');
    await scene.expectNoLogin('expired');
    const { activity } = await stateOf(scene.page);
    expect(activity.filter(({ text }) => text.startsWith('Refused a request'))).toHaveLength(1);
    // The forged token was not even sent to Kite.
    expect(exchanges()).toBe(before);
  });

  test('whose page cannot be reached says which host, and tries again when told to', async () => {
    const { app, page } = scene;
    const { control, port } = scene.day.exchange;
    const message = `The login page at 127.0.0.1:${port} could not be loaded.`;
    const detail = /^Check the internet connection \(ERR_[A-Z_]+\)\.$/;
    control.apply({ kind: 'refuseConnections', how: 'reset' });
    await app.chooseFromTray('Sign in to Kite…');
    await scene.expectToldByBox(message, detail);
    await app.answerDialog('Sign in again');
    // Still away: the same again, and not a loop.
    await scene.expectToldByBox(message, detail);
    control.clear();
    await app.answerDialog('Sign in again');
    await expect((await app.loginPage()).getByLabel('User ID')).toBeVisible();
    await command(page, 'login.cancel', {});
    await scene.expectNoLogin('expired');
  });

  test('that Kite sends to another redirect URL than the settings’ names both', async () => {
    const { exchange } = scene.day;
    const { redirectUrl } = exchange;
    exchange.redirectUrl = 'http://127.0.0.1:5000/registered';
    const login = await scene.signInFromTray();
    await enterPassword(login);
    await enterCode(login);
    await decide(login, 'Authorise');
    exchange.redirectUrl = redirectUrl;
    const addresses = `At Kite it is http://127.0.0.1:5000/registered, here ${redirectUrl}.`;
    await scene.closeBox(
      'The redirect URL of your app at Kite is not the one in the settings.',
      `${addresses} Make them the same, then sign in again.`,
    );
    await scene.expectNoLogin('expired');
  });

  test('whose page crashes says so', async () => {
    const login = await scene.signInFromTray();
    const devTools = await login.context().newCDPSession(login);
    await devTools.send('Page.crash').catch(() => {});
    await scene.closeBox('The login page crashed.', 'Nothing has changed. Sign in again.');
    await scene.expectNoLogin('expired');
  });

  test('that Kite cannot finish says so, and the next one is finished', async () => {
    const { control } = scene.day.exchange;
    const login = await scene.signInFromTray();
    await enterPassword(login);
    await enterCode(login);
    const fault = control.apply({ kind: 'refuse', where: 'rest', status: 503 });
    await decide(login, 'Authorise');
    await scene.expectToldByBox("Kite's server failed while finishing the login. Sign in again.");
    control.clear(fault);
    await scene.app.answerDialog('Close');
    await scene.expectNoLogin('expired');
  });

  test('with an API secret that is not the key’s own says where to check it', async () => {
    const { page } = scene;
    await command(page, 'credentials.save', { ...credentials, apiSecret: 'notthesecret00000000000000000001' });
    await logIn(await scene.signInFromTray());
    await scene.closeBox('Kite does not accept the API secret: check it in the settings.');
    await scene.expectNoLogin('expired');
    await command(page, 'credentials.save', credentials);
  });

  test('stays on Kite’s page for a wrong password, which can be corrected there', async () => {
    const { app } = scene;
    const login = await scene.signInFromTray();
    await enterPassword(login, 'not the password');
    await expect(login.getByRole('alert')).toHaveText('Invalid user ID or password.');
    expect(await app.dialogs()).toEqual([]);
    await logIn(login);
    await expect.poll(async () => (await scene.auth()).userId).toBe(demoUser.userId);
    await scene.expectNoLogin('valid');
    expect((await app.notifications()).filter(({ standing }) => standing)).toEqual([]);
  });
});
