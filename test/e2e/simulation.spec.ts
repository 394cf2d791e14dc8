import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { type Fixture, startFixture } from '../renderer-fixture/fixture-server.ts';
import { logIn, withApp } from './app-page.ts';
import { openScenario } from './fixture-page.ts';
import { startOwnApp } from './running-app.ts';

const SHOTS = 'test-results/screens';

const menu = (page: Page): Locator => page.getByRole('dialog', { name: 'Simulated day' });
const clockOf = (page: Page): Locator => page.locator('.cell--clock time');
const mark = (page: Page): Locator => page.getByRole('button', { name: /^SIMULATED/ });

/** Signs in with what the simulated pages have filled in: three buttons and not one key. */
async function logInAsFilledIn(page: Page): Promise<void> {
  const popup = page.waitForEvent('popup');
  await page.getByRole('alert').getByRole('button', { name: 'Sign in' }).click();
  const login = await popup;
  await expect(login.locator('body')).toContainText('Do not enter a real password');
  await expect(login.getByLabel('User ID')).toHaveValue('DEMO01');
  await login.getByRole('button', { name: 'Log in' }).click();
  await expect(login.getByLabel('Six-digit code')).toHaveValue(/^\d{6}$/);
  await login.getByRole('button', { name: 'Continue' }).click();
  await login.getByRole('button', { name: 'Authorise' }).click();
  await expect(login.locator('body')).toContainText(/signed in/i);
  await login.close();
}

test('Explore says what comes, its day is steered from the app, and leaving it is the trader’s own start', async ({
  page,
}) => {
  await using app = await startOwnApp();
  await page.goto(app.url);
  const explore = page.getByRole('region', { name: 'Simulated exchange' });
  await expect(explore).toContainText('As on every morning the login has expired: press Sign in.');
  await expect(explore).toContainText(/[A-Z][a-z]+day \d{1,2} [A-Z][a-z]+ \d{4}/);
  await explore.getByRole('button', { name: 'Explore the simulated exchange' }).click();
  await expect(page.getByRole('alert')).toContainText('Your Kite login has expired');
  await logInAsFilledIn(page);

  // To the opening: the market is open, its prices are live, and nothing is alarming.
  await mark(page).click();
  await menu(page)
    .getByRole('button', { name: /^Opens/ })
    .click();
  await page.keyboard.press('Escape');
  await expect(page.locator('.phase')).toHaveText('Open');
  await expect(page.locator('.quote-row--spot .price__figure').first()).toHaveAttribute('data-kind', 'live');
  await expect(page.locator('.index-cards')).toContainText(/\d\d,\d{3}\.\d\d/);
  await expect(page.getByRole('alert')).toBeEmpty();
  await expect(clockOf(page)).toHaveText(/^09:1[5-9]/);

  // Paused: whatever else is done, the time stays what it is.
  await page.keyboard.press('p');
  await expect(mark(page)).toHaveAccessibleName(/paused/);
  const stood = await clockOf(page).textContent();
  await page.keyboard.press('s');
  await menu(page).getByRole('button', { name: '60×' }).click();
  await expect(menu(page).getByRole('button', { name: '60×' })).toHaveAttribute('aria-pressed', 'true');
  await expect(menu(page)).toContainText(`${stood}, paused`);
  await menu(page).getByLabel('Time to jump to').fill('09:00');
  await menu(page).getByRole('button', { name: 'Jump', exact: true }).click();
  await expect(menu(page)).toContainText('It is past 09:00 already: a simulation cannot go back.');
  await page.screenshot({ path: `${SHOTS}/simulation-menu.png` });
  await menu(page).getByRole('button', { name: 'Go on' }).click();
  await expect(mark(page)).toHaveAccessibleName(/60×/);
  await expect(clockOf(page)).not.toHaveText(stood ?? '');

  // No place for the trader's own key, while it lasts.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+,');
  await page.getByRole('tab', { name: 'Zerodha account' }).click();
  await expect(page.getByRole('dialog', { name: 'Settings' })).toContainText('the simulated exchange’s own account');
  await expect(page.getByText('API secret')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Forget credentials' })).toHaveCount(0);
  await expect(page.getByLabel('Access token from another tool')).toHaveCount(0);
  await page.keyboard.press('Escape');

  await page.keyboard.press('s');
  await menu(page).getByRole('button', { name: 'Leave the simulation' }).click();
  await expect(page.getByRole('heading', { name: 'Connect your Zerodha account' })).toBeVisible();
  await expect(mark(page)).toHaveCount(0);
  await expect(page.getByRole('alert')).toBeEmpty();
  expect([existsSync(join(app.home, 'desk.db')), existsSync(join(app.home, 'simulated', 'desk.db'))]).toEqual([
    true,
    true,
  ]);
});

test('an app that was started for the simulation ends with it, and its page says so', async ({ page }) => {
  await withApp(page, { date: '2026-11-23', at: '10:00:00', speed: 4, login: 'dead' }, async (app) => {
    await mark(page).click();
    await menu(page).getByRole('button', { name: 'End the simulation' }).click();
    const asked = page.getByRole('alertdialog', { name: 'End the simulation?' });
    await expect(asked).toContainText('start the app with npm start');
    await asked.getByRole('button', { name: 'End', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'The simulation has ended' })).toBeVisible();
    expect(await app.exit).toBe(0);
  });
});

test('an exact Kite symbol is the first instrument found', async ({ page }) => {
  await withApp(page, { date: '2026-11-23', at: '10:58:00', speed: 4, login: 'dead' }, async () => {
    await logIn(page, () => page.getByRole('alert').getByRole('button', { name: 'Sign in' }).click());
    await expect(page.locator('.index-cards')).toContainText(/\d\d,\d{3}\.\d\d/);
    await page.keyboard.press('a');
    const field = page.getByRole('combobox', { name: 'Instrument' });
    for (const symbol of ['NIFTY26DECFUT', 'NFO:BANKNIFTY26DECFUT', 'RELIANCE', 'BSE:SENSEX']) {
      await field.fill(symbol);
      await expect(page.getByRole('option').first()).toContainText(symbol.split(':').at(-1) ?? '');
    }
  });
});

test.describe('on a Sunday', () => {
  let fixture: Fixture;
  test.beforeAll(async () => {
    fixture = await startFixture();
  });
  test.afterAll(() => fixture[Symbol.asyncDispose]());

  test('Explore names the last trading day it will play', async ({ page }) => {
    expect(await openScenario(page, fixture, 'first-run-sunday')).toEqual([]);
    const explore = page.getByRole('region', { name: 'Simulated exchange' });
    await expect(explore).toContainText('It plays the last trading day, Friday 27 November 2026, from 08:49');
    await expect(explore).not.toContainText(/\d{4}-\d{2}-\d{2}/);
  });
});
