import { expect, test } from '@playwright/test';
import { type DesktopApp, trayImage as icon } from './desktop-app.ts';
import { MarketDay } from './market-day.ts';
import { command, stateOf } from './page-bridge.ts';

test.describe('the tray icon', () => {
  let day: MarketDay;
  let app: DesktopApp;

  test.beforeAll(async () => {
    day = await MarketDay.start({ date: '2026-11-23', at: '10:00:00' });
    app = await day.startApp({ tokenFrom: '07:40' });
  });

  test.afterAll(() => day[Symbol.asyncDispose]());

  const shows = (image: string | null, ...lines: readonly string[]): Promise<void> =>
    expect
      .poll(async () => {
        const tray = await app.tray();
        const [, ...said] = tray.toolTip.split('\n');
        return { image: tray.image, lines: said.filter((line) => lines.includes(line)) };
      })
      .toEqual({ image, lines });

  test('is green on the live socket, with phase, feed and the deadline of the login', async () => {
    await shows(icon('live'), 'Market open, until 15:15', 'Feed live', 'Login until Tue 06:00 IST');
    expect((await app.tray()).toolTip.split('\n')[0]).toBe('MyDailyTradingSignals SIMULATED');
  });

  test('is grey while the feed is paused from its menu, and green again when it goes on', async () => {
    await app.chooseFromTray('Pause feed');
    await shows(icon('idle'), 'Feed paused');
    await expect.poll(() => day.exchange.stats.openSockets).toBe(0);
    expect((await app.tray()).items).toContain('Resume feed');
    await app.chooseFromTray('Resume feed');
    await shows(icon('live'), 'Feed live');
    expect(day.exchange.stats.openSockets).toBe(1);
    expect((await app.tray()).items).toContain('Pause feed');
  });

  test('is amber while prices come by REST', async () => {
    day.exchange.control.apply({ kind: 'refuse', where: 'socket', status: 503 });
    day.exchange.control.apply({ kind: 'drop' });
    await shows(icon('rest'), 'Feed by REST');
    day.exchange.control.clear();
    await shows(icon('live'), 'Feed live');
  });

  test('opens the window on today’s timeline', async () => {
    await app.system.closeWindow();
    await app.chooseFromTray("Today's timeline");
    const page = await app.page();
    await expect(page.getByRole('list', { name: 'Steps of the day' }).locator('[aria-current]')).toBeInViewport();
  });

  test('is red when the login is dead, and offers the way out of it', async () => {
    day.exchange.control.apply({ kind: 'killToken' });
    await shows(icon('action'), 'Feed refused by Kite', 'Login expired');
    expect((await app.tray()).items).toContain('Sign in to Kite…');
    await app.chooseFromTray('Sign in to Kite…');
    const login = await app.loginPage();
    await expect(login.getByLabel('User ID')).toBeVisible();
    await app.closeLoginWindow();
  });
});

test.describe('notifications that are a matter of taste', () => {
  test('tell of the open market, of REST and its end, and of a feed lost for thirty seconds', async () => {
    await using day = await MarketDay.start({ date: '2026-11-23', at: '09:14:40', speed: 4, leadMs: 3_000 });
    const app = await day.startApp({ tokenFrom: '07:40' });
    const page = await app.page();
    await command(page, 'settings.update', { notify: { fallback: true, marketOpen: true } });
    const { control } = day.exchange;
    const told = async (): Promise<readonly string[]> => (await app.notifications()).map(({ title }) => title);

    await expect.poll(told).toEqual(['SIMULATED: The market is open.']);
    control.apply({ kind: 'refuse', where: 'socket', status: 503 });
    control.apply({ kind: 'drop' });
    await expect.poll(told).toContain('SIMULATED: Prices come once a second by REST: the live socket is down.');
    control.clear();
    await expect.poll(told).toContain('SIMULATED: The live socket is back: prices no longer come by REST.');

    const before = await told();
    const lostAt = day.now();
    control.apply({ kind: 'refuseConnections', how: 'reset' });
    control.apply({ kind: 'drop' });
    await expect.poll(async () => (await stateOf(page)).alerts.map(({ id }) => id)).toContain('feed');
    await expect.poll(async () => (await told()).length, { intervals: [50] }).toBe(before.length + 1);
    // Nobody is called for an outage that may yet heal; it counts from the last tick before the line was cut.
    expect(day.now() - lostAt).toBeGreaterThanOrEqual(29_000);
    expect((await told()).at(-1)).toBe('SIMULATED: The connection to Kite was lost; reconnecting.');
  });

  test('are not given to traders who do not want them', async () => {
    await using day = await MarketDay.start({ date: '2026-11-23', at: '09:14:50', speed: 10, leadMs: 3_000 });
    const app = await day.startApp({ tokenFrom: '07:40' });
    const page = await app.page();
    await command(page, 'settings.update', { notify: { fallback: false, marketOpen: false, feedLost: false } });
    await expect.poll(async () => (await stateOf(page)).market.phase).toBe('live');
    day.exchange.control.apply({ kind: 'refuseConnections', how: 'reset' });
    day.exchange.control.apply({ kind: 'drop' });
    await expect.poll(async () => (await stateOf(page)).alerts.map(({ id }) => id)).toContain('feed');
    const lostAt = day.now();
    await expect.poll(() => day.now() - lostAt).toBeGreaterThan(40_000);
    expect(await app.notifications()).toEqual([]);
  });
});
