import { expect, type Page, test } from '@playwright/test';
import { MIN_SIZE } from '../../electron/window/window-placement.ts';
import { type DesktopApp, ranOn } from './desktop-app.ts';
import { MarketDay } from './market-day.ts';
import { stateOf } from './page-bridge.ts';

const date = '2026-11-23';
/** Display 1 has the task bar; both are as the stand-in describes displays. */
const first = { id: 1, bounds: { x: 0, y: 0, width: 1920, height: 1080 } };
const second = { id: 2, bounds: { x: 1920, y: 0, width: 1280, height: 800 } };

test.describe('the window', () => {
  let day: MarketDay;
  let app: DesktopApp;

  test.beforeAll(async () => {
    day = await MarketDay.start({ date, at: '10:00:00' });
    app = await day.startApp({ tokenFrom: '07:00' });
    await isLive(await app.page());
  });

  test.afterAll(() => day[Symbol.asyncDispose]());

  test('is closed and opened again from the tray without a gap in the record', async () => {
    const before = (await stateOf(await app.page())).feed;
    await app.system.closeWindow();
    await expect.poll(() => app.windows()).toEqual([]);
    const sentBefore = day.exchange.stats.dataFrames;
    await expect.poll(() => day.exchange.stats.dataFrames).toBeGreaterThan(sentBefore + 8);

    await app.openFromTray();
    const page = await app.page();
    await isLive(page);
    const { feed } = await stateOf(page);
    // Counted and recorded while nobody looked: at least the frames sent meanwhile but the last, which may be on its way.
    expect(feed.frames - before.frames).toBeGreaterThan(7);
    expect(feed.ticks).toBeGreaterThan(before.ticks);
    expect({ gaps: feed.gaps, reconnects: feed.reconnects }).toEqual({ gaps: [], reconnects: 0 });
    expect(day.exchange.stats.upgrades.map(({ outcome }) => outcome)).toEqual(['open']);
  });

  test('is opened again by a click on the icon in the dock', async () => {
    await app.system.closeWindow();
    await expect.poll(() => app.windows()).toEqual([]);
    await app.system.activate();
    await isLive(await app.page());
  });

  test('opens where it was, on each display, and never outside one that exists', async () => {
    test.skip(ranOn === 'electron', 'displays cannot be plugged in and out there');
    const { system } = app;
    const onFirst = { x: 300, y: 120, width: 1200, height: 800 };
    const onSecond = { x: 1960, y: 60, width: 1200, height: 700 };
    const reopened = async () => {
      await system.closeWindow();
      await app.openFromTray();
      return (await system.windowPlace()).bounds;
    };

    await system.setDisplays([first, second]);
    await system.placeWindow(onFirst);
    expect(await reopened()).toEqual(onFirst);
    await system.placeWindow(onSecond);
    expect(await reopened()).toEqual(onSecond);

    await system.closeWindow();
    await system.setDisplays([first]);
    await app.openFromTray();
    expect((await system.windowPlace()).bounds).toEqual(onFirst);

    // What is left of a smaller display beside its task bar.
    await system.closeWindow();
    await system.setDisplays([{ ...first, bounds: { ...first.bounds, width: 1280, height: 720 } }]);
    await app.openFromTray();
    expect((await system.windowPlace()).bounds).toEqual({ x: 80, y: 27, width: 1200, height: 693 });
    await system.setDisplays([first]);
  });

  test('shows the whole of the interface at its smallest', async () => {
    const page = await app.page();
    await app.system.placeWindow({ x: 40, y: 40, ...MIN_SIZE });
    const outside = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('header, main, footer, section, button, h2')]
          .filter((element) => {
            const { width, right } = element.getBoundingClientRect();
            return width > 0 && right > innerWidth + 1;
          })
          .map((element) => element.className),
      );
    // Where windows have a frame, it is part of their size.
    await expect.poll(() => page.evaluate(() => innerWidth)).toBeLessThanOrEqual(MIN_SIZE.width);
    await expect.poll(outside).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  });

  test('gets prices once a second while it is minimised, and at once again afterwards', async () => {
    test.skip(ranOn === 'electron', 'the display that the binary is tested on has no window manager to minimise with');
    const page = await app.page();
    await isLive(page);
    await noteBatches(page);
    const shortestGap = async () => Math.min(...(await gapsOfNextBatches(page)));
    await expect.poll(shortestGap).toBeLessThan(600);
    await app.system.minimizeWindow();
    await expect.poll(() => page.evaluate(() => document.hidden)).toBe(true);
    // The batch that was on its way is not one of them.
    const [, ...hidden] = await gapsOfNextBatches(page);
    expect(Math.min(...hidden)).toBeGreaterThan(998);

    await app.system.restoreWindow();
    await expect.poll(shortestGap).toBeLessThan(600);
    expect(await app.windows()).toMatchObject([{ visible: true, focused: true }]);
  });
});

async function isLive(page: Page): Promise<void> {
  await expect(page.getByRole('status').filter({ hasText: /^Feed / })).toHaveText('Feed Connected');
}

/** When each batch of prices was sent: its own stamp, market ms, which here are real ones. */
declare global {
  interface Window {
    batchTimes: number[];
  }
}

function noteBatches(page: Page): Promise<void> {
  return page.evaluate(() => {
    window.batchTimes = [];
    const SENT_AT = 16;
    window.desk?.onTicks((batch) => window.batchTimes.push(new DataView(batch).getFloat64(SENT_AT, true)));
  });
}

/** Ms between the next five batches. */
async function gapsOfNextBatches(page: Page): Promise<readonly number[]> {
  await page.evaluate(() => window.batchTimes.splice(0));
  await page.waitForFunction(() => window.batchTimes.length >= 5, null, { polling: 100 });
  return page.evaluate(() => window.batchTimes.slice(1, 5).map((at, index) => at - (window.batchTimes[index] ?? 0)));
}
