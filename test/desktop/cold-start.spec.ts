import { expect, test } from '@playwright/test';
import { trayImage } from './desktop-app.ts';
import { MarketDay } from './market-day.ts';
import { activityOf } from './page-bridge.ts';

test.describe('a cold start', () => {
  test('with a good token ends on the dashboard, with prices that move', async () => {
    await using day = await MarketDay.start({ date: '2026-11-23', at: '10:00:00' });
    const app = await day.startApp({ tokenFrom: '07:00' });
    const page = await app.page();
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });

    await expect(page.getByRole('status').filter({ hasText: /^Feed / })).toHaveText('Feed Connected');
    for (const index of ['NIFTY', 'BANKNIFTY', 'SENSEX']) {
      const card = page.getByRole('article', { name: index, exact: true });
      const before = await card.textContent();
      await expect(card).not.toHaveText(before ?? '');
    }
    await expect(page.getByText('SIMULATED').first()).toBeVisible();
    expect(await app.windows()).toMatchObject([
      { title: 'MyDailyTradingSignals (SIMULATED)', url: 'app://main/index.html', visible: true },
    ]);
    expect(errors).toEqual([]);
  });

  test('puts the state of the feed into the tray', async () => {
    await using day = await MarketDay.start({ date: '2026-11-23', at: '10:00:00' });
    const app = await day.startApp({ tokenFrom: '07:00' });
    await expect.poll(async () => (await app.tray()).toolTip).toContain('Feed live');
    const { image, toolTip, items } = await app.tray();
    expect(toolTip).toContain('SIMULATED');
    expect(items).toEqual(['Open', 'Sign in again…', 'Pause feed', "Today's timeline", 'Quit']);
    expect(image).toBe(trayImage('live'));
  });

  test('with --hidden shows no window until the tray is clicked', async () => {
    await using day = await MarketDay.start({ date: '2026-11-23', at: '10:00:00' });
    const app = await day.startApp({ args: ['--hidden'], tokenFrom: '07:00' });
    await expect.poll(async () => (await app.tray()).toolTip).toContain('Feed live');
    expect(await app.windows()).toEqual([]);
    await app.openFromTray();
    const page = await app.page();
    await expect(page.getByRole('status').filter({ hasText: /^Feed / })).toHaveText('Feed Connected');
  });

  test('without Chromium’s sandbox, as the command line may have it, says so', async () => {
    await using day = await MarketDay.start({ date: '2026-11-24', at: '10:00:00' });
    const app = await day.startApp({ args: ['--no-sandbox'], tokenFrom: '07:00' });
    await expect
      .poll(async () => activityOf(await app.page()))
      .toContain('Chromium’s sandbox was switched off at the start (--no-sandbox): pages run without it.');
    expect(await app.system.isSandboxed()).toBe(false);
  });

  test('on a holiday says so and leaves the feed off', async () => {
    await using day = await MarketDay.start({ date: '2026-11-24', at: '10:00:00' });
    const app = await day.startApp({ tokenFrom: '07:00' });
    const page = await app.page();
    await expect(page.getByText('Holiday').first()).toBeVisible();
    await expect(page.getByRole('status').filter({ hasText: /^Feed / })).toHaveText('Feed Off');
    await expect.poll(async () => (await app.tray()).toolTip).toContain('Feed off');
  });
});
