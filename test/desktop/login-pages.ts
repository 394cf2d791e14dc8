import type { Page } from '@playwright/test';
import { demoUser } from '../exchange/exchange.ts';

/** Fills the first of the exchange's login pages and sends it. */
export async function enterPassword(
  login: Page,
  password = demoUser.password,
  userId = demoUser.userId,
): Promise<void> {
  await login.getByLabel('User ID').fill(userId);
  await login.getByLabel('Password').fill(password);
  await login.getByRole('button', { name: 'Log in' }).click();
}

/** The second page: the simulation shows the code that an authenticator app would. Returns the code. */
export async function enterCode(login: Page): Promise<string> {
  const code = (await login.locator('#totp').textContent()) ?? '';
  await login.getByLabel('Six-digit code').fill(code);
  await login.getByRole('button', { name: 'Continue' }).click();
  return code;
}

/** The third page, after which the app closes its window: it is gone when this returns. */
export async function decide(login: Page, decision: 'Authorise' | 'Cancel'): Promise<void> {
  const closed = login.waitForEvent('close');
  // The window may be gone before the click has come back.
  await Promise.all([
    closed,
    login
      .getByRole('button', { name: decision })
      .click({ noWaitAfter: true })
      .catch(() => {}),
  ]);
}

/** Logs in in the app's login window as a trader does. */
export async function logIn(login: Page): Promise<void> {
  await enterPassword(login);
  await enterCode(login);
  await decide(login, 'Authorise');
}

/** Has the page itself go somewhere, as a link or a script of it would; the app closes its window for it. */
export async function leadTo(login: Page, url: string): Promise<void> {
  const closed = login.waitForEvent('close');
  await Promise.all([closed, login.evaluate((target) => location.assign(target), url).catch(() => {})]);
}
