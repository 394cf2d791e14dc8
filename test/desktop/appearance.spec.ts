import { expect, type Page, test } from '@playwright/test';
import { ranOn } from './desktop-app.ts';
import { MarketDay } from './market-day.ts';
import { stateOf } from './page-bridge.ts';

test('the app is dark or light as the system is, unless the trader has chosen', async () => {
  test.skip(ranOn === 'electron', 'the appearance of the machine that the binary runs on is not the test’s to set');
  await using day = await MarketDay.start({ date: '2026-11-24', at: '10:00:00' });
  const app = await day.startApp({ tokenFrom: '07:00' });
  const page = await app.page();
  await expect.poll(async () => (await stateOf(page)).settings.theme).toBe('system');
  await app.system.systemTheme('light');
  await expect.poll(() => appearance(page)).toBe('light');
  await app.system.systemTheme('dark');
  await expect.poll(() => appearance(page)).toBe('dark');

  await app.system.chooseFromMenu('&View', 'Appearance', 'Light');
  await expect.poll(() => appearance(page)).toBe('light');
  expect((await stateOf(page)).settings.theme).toBe('light');
  await app.system.systemTheme('light');
  await app.system.chooseFromMenu('&View', 'Appearance', 'Dark');
  await expect.poll(() => appearance(page)).toBe('dark');

  await app.system.chooseFromMenu('&View', 'Appearance', 'Like the System');
  await expect.poll(() => appearance(page)).toBe('light');
});

/** What the system's part of the page is told, and whether the page's own background is like it. */
function appearance(page: Page): Promise<'dark' | 'light' | 'neither'> {
  return page.evaluate(() => {
    const isTold = matchMedia('(prefers-color-scheme: dark)').matches;
    const [red = 0, green = 0, blue = 0] = (getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g) ?? []).map(
      Number,
    );
    const isPainted = red + green + blue < 3 * 128;
    return isTold === isPainted ? (isTold ? 'dark' : 'light') : 'neither';
  });
}
