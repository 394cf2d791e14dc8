import { expect, test } from '@playwright/test';
import { instantOf } from '../../src/market/ist.ts';
import type { DesktopApp } from './desktop-app.ts';
import { logIn } from './login-pages.ts';
import { MarketDay } from './market-day.ts';
import { command } from './page-bridge.ts';

const date = '2026-11-23';
/** Real ms for the app to be up before market time runs. */
const LEAD_MS = 5_000;
/** The app's clock and ours start some real ms apart, which is more at speed; market ms. */
const CLOCKS_APART_MS = 15_000;

test.describe('the morning with a dead login', () => {
  test('goes from the notification over the login window to live prices, at the times of the plan', async () => {
    await using day = await MarketDay.start({ date, at: '08:49:30', speed: 80, leadMs: LEAD_MS });
    const app = await day.startApp({ tokenFrom: '05:00' });
    const page = await app.page();
    const feed = page.getByRole('status').filter({ hasText: /^Feed / });
    const banner = page.getByRole('alert').first();

    await expect.poll(async () => (await app.notifications()).length, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(day.now()).toBeGreaterThan(instantOf(date, '08:50') - CLOCKS_APART_MS);
    const { alerts } = await command(page, 'journal.get', { date: null });
    expect(alerts[0]?.raisedAt).toBeGreaterThanOrEqual(instantOf(date, '08:50'));
    // A busy PC may see the reminder of 08:55 as well, in the place of the first.
    expect(await standing(app)).toEqual([
      {
        title: 'SIMULATED: Your Kite login has expired.',
        body: 'Kite no longer accepts this login. Sign in again. Click for the login page.',
        urgent: true,
        standing: true,
      },
    ]);
    await expect(banner).toContainText('Your Kite login has expired');
    await expect(feed).not.toHaveText('Feed Connected');

    await app.clickNotification();
    await logIn(await app.loginPage());
    await expect(banner).toBeEmpty();
    expect(await standing(app)).toEqual([]);
    expect((await app.windows()).map(({ url }) => url)).toEqual(['app://main/index.html']);

    await expect(feed).toHaveText('Feed Connected', { timeout: 15_000 });
    await expect(page.getByText('Pre-open').first()).toBeVisible({ timeout: 15_000 });
    const stepOf = async (id: string) =>
      (await command(page, 'journal.get', { date: null })).steps.find((step) => step.id === id);
    await expect.poll(async () => (await stepOf('live'))?.outcome, { timeout: 40_000 }).toBe('done');
    for (const index of ['NIFTY', 'BANKNIFTY', 'SENSEX']) {
      const card = page.getByRole('article', { name: index, exact: true });
      const before = (await card.textContent()) ?? '';
      await expect(card).not.toHaveText(before);
      await expect(card.locator('[data-kind="live"]').first()).toBeVisible();
    }

    const started = await stepOf('feed-start');
    expect(started?.outcome).toBe('done');
    expect(started?.actualAt).toBeGreaterThanOrEqual(instantOf(date, '08:55'));
    expect(await stepOf('first-ticks')).toMatchObject({
      outcome: 'done',
      detail: expect.stringMatching(/^all 6 by 08:5/),
    });
    expect((await stepOf('live'))?.actualAt).toBeGreaterThanOrEqual(instantOf(date, '09:15'));
  });

  test('says so again at 08:55, 09:00 and 09:10, in the place of the time before, and one click mends it', async () => {
    await using day = await MarketDay.start({ date, at: '08:49:30', speed: 150, leadMs: LEAD_MS });
    const app = await day.startApp({ args: ['--hidden'], tokenFrom: '05:00' });
    for (const [index, time] of ['08:50', '08:55', '09:00', '09:10'].entries()) {
      await expect
        .poll(async () => (await app.notifications()).length, { timeout: 20_000, intervals: [50] })
        .toBe(index + 1);
      expect(day.now()).toBeGreaterThan(instantOf(date, time) - CLOCKS_APART_MS);
      expect(await standing(app)).toHaveLength(1);
    }
    // The app started hidden: the click opens the login window alone, and the sign-in the app.
    expect(await app.windows()).toEqual([]);
    await app.clickNotification();
    await logIn(await app.loginPage());
    const page = await app.page();
    await expect(page.getByRole('status').filter({ hasText: /^Feed / })).toHaveText('Feed Connected', {
      timeout: 15_000,
    });
    expect(await standing(app)).toEqual([]);
    const { steps } = await command(page, 'journal.get', { date: null });
    const reminders = steps.filter(({ id }) => id.startsWith('token-reminder'));
    expect(reminders.map(({ detail }) => detail)).toEqual(Array(3).fill('reminded: login expired'));
  });
});

async function standing(app: DesktopApp) {
  return (await app.notifications()).filter((notification) => notification.standing);
}
