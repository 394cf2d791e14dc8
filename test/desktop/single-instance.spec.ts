import { expect, test } from '@playwright/test';
import { type DesktopApp, ranOn } from './desktop-app.ts';
import { MarketDay } from './market-day.ts';

test.describe('a second start', () => {
  let day: MarketDay;
  let app: DesktopApp;

  test.beforeAll(async () => {
    day = await MarketDay.start({ date: '2026-11-23', at: '10:00:00' });
    app = await day.startApp({ args: ['--hidden'], tokenFrom: '07:00' });
    await expect.poll(async () => (await app.tray()).toolTip).toContain('Feed live');
  });

  test.afterAll(() => day[Symbol.asyncDispose]());

  test('with --hidden ends and leaves the first one in the tray', async () => {
    expect(await app.system.startAgain(['--hidden'])).toBe(0);
    expect(await app.windows()).toEqual([]);
  });

  test('ends and opens the window of the first one', async () => {
    expect(await app.system.startAgain([])).toBe(0);
    await app.page();
    await expect.poll(() => app.windows()).toMatchObject([{ visible: true, focused: true }]);
    expect(day.exchange.stats.upgrades).toHaveLength(1);
  });

  test('brings a minimised window back to the front, unless it is hidden itself', async () => {
    test.skip(ranOn === 'electron', 'the display that the binary is tested on has no window manager to minimise with');
    await app.system.minimizeWindow();
    expect(await app.system.startAgain(['--hidden'])).toBe(0);
    expect((await app.system.windowPlace()).minimized).toBe(true);
    expect(await app.windows()).toMatchObject([{ focused: false }]);

    expect(await app.system.startAgain([])).toBe(0);
    await expect.poll(async () => (await app.system.windowPlace()).minimized).toBe(false);
    expect(await app.windows()).toMatchObject([{ visible: true, focused: true }]);
  });
});
