import { expect, type Page } from '@playwright/test';
import { type AppOptions, type RunningApp, startApp } from './running-app.ts';

/** Runs `body` with an app and a page on it; a script error or a violation of the page's policy fails the test. */
export async function withApp(
  page: Page,
  options: AppOptions,
  body: (app: RunningApp) => Promise<void>,
): Promise<void> {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(message.text()))
      faults.push(message.text());
  });
  const app = await startApp(options);
  try {
    await page.goto(app.url);
    await body(app);
  } finally {
    await app[Symbol.asyncDispose]();
  }
  expect(faults).toEqual([]);
}

/** Walks through the exchange's login pages in the tab the app has opened. */
export async function logIn(page: Page, open: () => Promise<void>): Promise<void> {
  const popup = page.waitForEvent('popup');
  await open();
  const login = await popup;
  await login.getByLabel('User ID').fill('DEMO01');
  await login.getByLabel('Password').fill('demo');
  await login.getByRole('button', { name: 'Log in' }).click();
  const code = await login.locator('#totp').textContent();
  await login.getByLabel('Six-digit code').fill(code ?? '');
  await login.getByRole('button', { name: 'Continue' }).click();
  await login.getByRole('button', { name: 'Authorise' }).click();
  await expect(login.locator('body')).toContainText(/signed in/i);
  await login.close();
}
