import { expect, type Page, test } from '@playwright/test';
import { type DesktopApp, ranOn } from './desktop-app.ts';
import { MarketDay } from './market-day.ts';
import { activityOf, stateOf } from './page-bridge.ts';

test.describe('a window whose page dies', () => {
  let day: MarketDay;
  let app: DesktopApp;

  test.beforeAll(async () => {
    day = await MarketDay.start({ date: '2026-11-23', at: '10:00:00' });
    app = await day.startApp({ tokenFrom: '07:00' });
    await isLive(await app.page());
  });

  test.afterAll(() => day[Symbol.asyncDispose]());

  test('comes back with state and prices, and the feed is not touched', async () => {
    const { feed } = await stateOf(await app.page());
    const page = await replaced(app, () => app.system.crashWindow());
    await isLive(page);
    const card = page.getByRole('article', { name: 'NIFTY', exact: true });
    await expect(card).not.toHaveText((await card.textContent()) ?? '');

    const now = (await stateOf(page)).feed;
    expect(now.ticks).toBeGreaterThan(feed.ticks);
    expect({ gaps: now.gaps, reconnects: now.reconnects, since: now.since }).toEqual({
      gaps: [],
      reconnects: 0,
      since: feed.since,
    });
    expect(day.exchange.stats.upgrades).toHaveLength(1);
    expect(await activityOf(page)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^The window (crashed|was ended from outside)\. The feed is not touched by it\.$/),
        'The window was opened again.',
      ]),
    );
  });

  test('is brought back when it hangs instead', async () => {
    test.skip(ranOn === 'electron', 'when a page counts as hanging is for the system to say');
    const page = await replaced(app, () => app.system.hangWindow());
    await isLive(page);
    expect(await activityOf(page)).toContain('A window does not answer.');
    expect(day.exchange.stats.upgrades).toHaveLength(1);
  });

  test('that keeps dying is asked about, and left closed or opened as the trader says', async () => {
    const crashUntilAsked = async (): Promise<void> => {
      // Three in a minute are recovered from without a word.
      for (let crash = 1; crash <= 4 && (await app.dialogs()).length === 0; crash++) {
        const page = await app.page();
        await app.system.crashWindow();
        await expect.poll(async () => page.isClosed() || (await app.dialogs()).length > 0).toBe(true);
      }
      expect(await app.dialogs()).toMatchObject([
        { message: 'The window keeps crashing.', buttons: ['Later', 'Try again'] },
      ]);
    };

    await crashUntilAsked();
    await app.answerDialog('Try again');
    await isLive(await app.page());

    await crashUntilAsked();
    await app.answerDialog('Later');
    await expect.poll(() => app.windows()).toEqual([]);
    expect((await app.tray()).toolTip).toContain('Feed live');
    await app.openFromTray();
    await isLive(await app.page());
    expect(day.exchange.stats.upgrades).toHaveLength(1);
  });

  test('is not to be confused with a helper process of the browser, which is only noted', async () => {
    await app.system.killHelper();
    const page = await app.page();
    await expect
      .poll(() => activityOf(page))
      .toContainEqual(
        expect.stringMatching(/^A helper process ended unexpectedly \(.+\); Chromium starts it again\.$/),
      );
    await isLive(page);
  });
});

async function isLive(page: Page): Promise<void> {
  await expect(page.getByRole('status').filter({ hasText: /^Feed / })).toHaveText('Feed Connected');
}

/** Kills the page of the window, and returns the one that takes its place. */
async function replaced(app: DesktopApp, kill: () => Promise<void>): Promise<Page> {
  const page = await app.page();
  // Not `waitForEvent`, which a crash makes reject.
  const gone = new Promise((resolve) => page.once('close', resolve));
  await kill();
  await gone;
  return app.page();
}
