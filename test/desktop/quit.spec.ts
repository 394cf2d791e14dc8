import { expect, test } from '@playwright/test';
import type { DesktopApp } from './desktop-app.ts';
import { recordLeftBy } from './kept-record.ts';
import { MarketDay } from './market-day.ts';

test.describe('quitting', () => {
  test('with the market open says what is lost, and takes no for an answer', async () => {
    await using day = await MarketDay.start({ date: '2026-11-23', at: '10:00:00' });
    const app = await day.startApp({ tokenFrom: '07:00' });
    await expect.poll(async () => (await app.tray()).toolTip).toContain('Feed live');

    await app.system.quit();
    await expect
      .poll(() => app.dialogs())
      .toMatchObject([{ buttons: ['Keep running', 'Quit'], byEnter: 'Keep running', byEscape: 'Keep running' }]);
    const [question] = await app.dialogs();
    expect(question?.message).toBe('The market is open. Quit anyway?');
    expect(question?.detail).toContain('From now until 15:45 IST, no ticks are recorded');
    // Asking twice does not ask twice.
    await app.chooseFromTray('Quit');
    expect(await app.dialogs()).toHaveLength(1);
    await app.answerDialog('Keep running');
    const sent = day.exchange.stats.dataFrames;
    await expect.poll(() => day.exchange.stats.dataFrames).toBeGreaterThan(sent + 2);
    expect(day.exchange.stats).toMatchObject({ openSockets: 1, closes: [] });
    expect((await app.tray()).toolTip).toContain('Feed live');

    await app.chooseFromTray('Quit');
    await expect.poll(() => app.dialogs()).toHaveLength(1);
    await app.answerDialog('Quit');
    expect(await app.exit).toBe(0);
    expect(day.exchange.stats.openSockets).toBe(0);
    expect(day.exchange.stats.closes.map(({ code }) => code)).toEqual([1000]);

    const record = recordLeftBy(day.home, '2026-11-23');
    expect(record.firstTicks).toHaveLength(6);
    // What is not received from here on is on record from the start.
    expect(record.gaps).toEqual([{ from: expect.any(Number), to: null, cause: 'not-running', keys: [] }]);
    expect(record.gaps[0]?.from).toBe(record.feed.at(-1)?.at);
    expect(record.feed.at(-1)).toMatchObject({ state: 'off', source: 'none' });
  });

  for (const [how, end] of [
    ['when the PC is shut down', (app: DesktopApp) => app.system.power('shutdown')],
    ['when the process is told to end', (app: DesktopApp) => app.system.terminate()],
    ['when the window is told that the session ends', (app: DesktopApp) => app.system.endSession()],
  ] as const) {
    test(`${how} stops the feed without a question`, async () => {
      test.skip(how.includes('process') && process.platform === 'win32', 'Windows ends a process without telling it');
      await using day = await MarketDay.start({ date: '2026-11-23', at: '10:00:00' });
      const app = await day.startApp({ tokenFrom: '07:00' });
      await app.page();
      await expect.poll(async () => (await app.tray()).toolTip).toContain('Feed live');
      await end(app);
      expect(await app.exit).toBe(0);
      expect(day.exchange.stats.closes.map(({ code }) => code)).toEqual([1000]);
      expect(recordLeftBy(day.home, '2026-11-23').feed.at(-1)).toMatchObject({ state: 'off', source: 'none' });
    });
  }

  test('remembers the place of the window for the next start', async () => {
    await using day = await MarketDay.start({ date: '2026-11-24', at: '10:00:00' });
    const before = await day.startApp({ tokenFrom: '07:00' });
    await before.page();
    // Within the display, whichever it is.
    const { bounds: first } = await before.system.windowPlace();
    const bounds = { ...first, y: first.y + 30, height: first.height - 50 };
    await before.system.placeWindow(bounds);
    await before.chooseFromTray('Quit');
    // A holiday: nothing is lost, nothing is asked.
    expect(await before.exit).toBe(0);

    const after = await day.startApp({ tokenFrom: '07:00' });
    await after.page();
    expect((await after.system.windowPlace()).bounds).toEqual(bounds);
  });
});
