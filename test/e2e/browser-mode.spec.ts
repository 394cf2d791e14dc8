import { expect, type Page, test } from '@playwright/test';
import { logIn, withApp } from './app-page.ts';

const SHOTS = 'test-results/screens';

async function expectNoScroll(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => {
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
    return [scrollWidth - clientWidth, scrollHeight - clientHeight];
  });
  expect(overflow).toEqual([0, 0]);
}

test('at 08:50 a dead login is one banner with one button, and signing in brings prices before 09:00', async ({
  page,
}) => {
  await withApp(page, { date: '2026-11-23', at: '08:49:50', speed: 10, login: 'dead' }, async (app) => {
    const banner = page.getByRole('alert');
    await expect(banner).toContainText('Your Kite login has expired');
    await expect(page.getByText('SIMULATED')).toBeVisible();
    expect(page.url()).not.toContain('key=');
    await expectNoScroll(page);
    await page.screenshot({ path: `${SHOTS}/0850.png` });

    await logIn(page, () => banner.getByRole('button', { name: 'Sign in' }).click());
    await expect(banner).not.toContainText('login');
    const health = async () =>
      (await (await app.api('/api/health')).json()) as { auth: { state: string; userId: string } };
    expect((await health()).auth).toMatchObject({ state: 'valid', userId: 'DEMO01' });
  });
});

test('live prices are painted, survive a reload, and fall back to REST and return', async ({ page }) => {
  await withApp(page, { date: '2026-11-23', at: '10:58:00', speed: 4, login: 'dead' }, async (app) => {
    await logIn(page, () => page.getByRole('alert').getByRole('button', { name: 'Sign in' }).click());
    const nifty = page
      .getByRole('region', { name: /indices/i })
      .or(page.locator('.index-cards'))
      .first();
    await expect(nifty).toContainText(/\d\d,\d{3}\.\d\d/);
    await expect(page.locator('.feed-word')).toContainText('Connected');
    await page.screenshot({ path: `${SHOTS}/1100.png` });

    await page.reload();
    await expect(page.locator('.feed-word')).toContainText('Connected');
    await expect(nifty).toContainText(/\d\d,\d{3}\.\d\d/);

    await app.fault({ kind: 'refuse', where: 'socket', status: 503 });
    await app.fault({ kind: 'drop' });
    await expect(page.locator('.feed-word')).toContainText('Once a second');
    await expect(page.getByRole('alert')).toContainText('REST');
    await app.fault({ kind: 'clear' });
    await expect(page.locator('.feed-word')).toContainText('Connected', { timeout: 20_000 });
    await expect(page.getByRole('alert')).toBeEmpty();
  });
});

test('a token killed at the exchange is told at once, and a new one by the local API brings prices back', async ({
  page,
}) => {
  await withApp(page, { date: '2026-11-23', at: '11:29:00', speed: 2, login: 'dead' }, async (app) => {
    await logIn(page, () => page.getByRole('alert').getByRole('button', { name: 'Sign in' }).click());
    await expect(page.locator('.feed-word')).toContainText('Connected');
    await app.fault({ kind: 'killToken' });
    await expect(page.getByRole('alert')).toContainText(/sign in again/i);
    await page.screenshot({ path: `${SHOTS}/blocked.png` });
    expect((await app.api('/api/health')).status).toBe(200);
    const refused = await app.api('/api/token', { access_token: 'not-a-token-of-this-exchange' });
    expect(refused.status).toBe(403);
  });
});

test('in the closing auction spot is frozen, its basis blank, and futures go on', async ({ page }) => {
  await withApp(page, { date: '2026-11-23', at: '15:14:30', speed: 30, login: 'dead' }, async () => {
    await logIn(page, () => page.getByRole('alert').getByRole('button', { name: 'Sign in' }).click());
    await expect(page.getByText('Closing auction').first()).toBeVisible({ timeout: 20_000 });
    await expect(page.locator('.index-cards')).toContainText('spot frozen', { timeout: 20_000 });
    await expect(page.getByRole('alert')).toBeEmpty();
    await expectNoScroll(page);
    await page.screenshot({ path: `${SHOTS}/1520.png` });
  });
});

test('a first run asks for the key, and a holiday names itself and the next session', async ({ page }) => {
  await withApp(page, { date: '2026-11-24', at: '10:00:00', speed: 1, login: 'fresh' }, async ({ redirectUrl }) => {
    await expect(page.getByRole('heading', { name: /connect your zerodha account/i })).toBeVisible();
    await expect(page.getByLabel('Redirect URL')).toHaveValue(redirectUrl);
    await page.screenshot({ path: `${SHOTS}/first-run.png` });
    await page.getByLabel(/api key/i).fill('simulated key 0001');
    await page.getByLabel(/secret/i).fill('simulatedsecret0000000000000001');
    await page.getByRole('button', { name: 'Connect' }).click();
    await expect(page.getByLabel(/api key/i)).toHaveAccessibleDescription(/does not look like an API key/);
    await expect(page.getByLabel(/api key/i)).toHaveAttribute('aria-invalid', 'true');
    await page.screenshot({ path: `${SHOTS}/first-run-wrong-key.png` });
    await page.getByLabel(/api key/i).fill('simulatedkey0001');
    await page.getByRole('button', { name: 'Connect' }).click();
    // Straight on to the login.
    const dialog = page.getByRole('dialog', { name: 'Sign in to the simulated exchange' });
    await expect(dialog).toContainText('Waiting for the login on its page');
    await dialog.getByRole('button', { name: 'Cancel login' }).click();
    await expect(page.getByText('Guru Nanak Jayanti').first()).toBeVisible();
    await page.screenshot({ path: `${SHOTS}/holiday.png` });
  });
});

test('an address without its key, or with a code that is used up, says whose page it is and what to open', async ({
  page,
}) => {
  await withApp(page, { date: '2026-11-23', at: '10:00:00', speed: 1, login: 'dead' }, async (app) => {
    const { origin } = new URL(app.url);
    // A tab of its own has no key in its storage.
    const other = await page.context().newPage();
    await other.goto(origin);
    await expect(other.getByRole('heading', { name: 'This page does not belong to the running app' })).toBeVisible();
    await expect(other.getByText('open the address it printed in the terminal')).toBeVisible();
    await other.goto(`${origin}/?code=used`);
    await expect(other.getByRole('heading', { name: 'This address no longer opens the app' })).toBeVisible();
  });
});
