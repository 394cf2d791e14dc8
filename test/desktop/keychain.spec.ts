import { expect, type Page, test } from '@playwright/test';
import { demoApp, demoUser } from '../exchange/exchange.ts';
import { openKeychainProcess } from '../support/keychain-process.ts';
import {
  noKeyringReason,
  openPrivateKeyring,
  type PrivateKeyring,
  skipsKeyringTests,
} from '../support/private-keyring.ts';
import { logIn } from './login-pages.ts';
import { MarketDay } from './market-day.ts';
import { command, stateOf } from './page-bridge.ts';
import { filesWith } from './written-secrets.ts';

test.describe('on a keyring of its own, the app', () => {
  test.skip(skipsKeyringTests, noKeyringReason ?? '');

  test('keeps key, secret and login for its next start, and drops the login at a sign-out', async () => {
    await using keyring = await openPrivateKeyring();
    await using day = await MarketDay.start({ date: '2026-11-23', at: '10:00' });
    const env = { ...onBus(keyring), MDTS_SECRETS: 'keychain' };
    {
      await using first = await day.startApp({ tokenFrom: null, credentials: null, env });
      const page = await first.page();
      await page.getByLabel(/api key/i).fill(demoApp.apiKey);
      await page.getByLabel(/secret/i).fill(demoApp.apiSecret);
      await page.getByRole('button', { name: 'Connect' }).click();
      await expect.poll(async () => (await stateOf(page)).auth.state).toBe('signed-out');
      await first.chooseFromTray('Sign in to Kite…');
      await logIn(await first.loginPage());
      await expectLive(page);
      expect((await stateOf(page)).app).toMatchObject({ secretStore: 'keychain', notices: [] });
    }
    {
      await using kept = await openKeychainProcess(keyring.env, 'simulated');
      expect(await kept.get('api-key')).toEqual({ value: demoApp.apiKey });
      expect(await kept.get('api-secret')).toEqual({ value: demoApp.apiSecret });
      expect(await kept.get('session')).toEqual({ value: expect.stringContaining('"accessToken"') });
    }
    await using second = await day.startApp({ tokenFrom: null, credentials: null, env });
    const page = await second.page();
    await expectLive(page);
    expect((await stateOf(page)).auth).toMatchObject({ state: 'valid', userId: demoUser.userId });
    expect([await second.notifications(), await second.windows()]).toMatchObject([[], [{ storage: 'app' }]]);

    await command(page, 'signOut', {});
    await using left = await openKeychainProcess(keyring.env, 'simulated');
    await expect.poll(() => left.get('session')).toEqual({ value: null });
    expect(await left.get('api-key')).toEqual({ value: demoApp.apiKey });
    expect((await stateOf(page)).auth.state).toBe('signed-out');
  });

  for (const trouble of ['locked', 'absent'] as const) {
    test(`with the keyring ${trouble} keeps the login in memory, says so on screen and writes it nowhere`, async () => {
      await using keyring = await openPrivateKeyring();
      if (trouble === 'locked') await keyring.lock();
      else await keyring.stop();
      await using day = await MarketDay.start({ date: '2026-11-23', at: '10:00' });
      const env = { ...onBus(keyring), MDTS_SECRETS: 'keychain' };
      const app = await day.startApp({ tokenFrom: '07:00', env });
      const page = await app.page();
      await expectLive(page);
      await expect(page.getByRole('alert').first()).toContainText(
        /^The system keychain cannot be used \(.+\): until it can, the login is kept in memory only\./,
      );
      expect((await stateOf(page)).app.secretStore).toBe('memory');
      expect(filesWith(day.home, [demoApp.apiSecret, ...day.exchange.issuedTokens()])).toEqual([]);
    });
  }
});

/** The keyring is found by its bus alone; the home stays the app's own. */
function onBus({ env: { DBUS_SESSION_BUS_ADDRESS = '' } }: PrivateKeyring): Record<string, string> {
  return { DBUS_SESSION_BUS_ADDRESS };
}

async function expectLive(page: Page): Promise<void> {
  await expect(page.getByRole('status').filter({ hasText: /^Feed / })).toHaveText('Feed Connected', {
    timeout: 15_000,
  });
}
