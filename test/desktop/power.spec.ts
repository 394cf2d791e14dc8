import { expect, type Page, test } from '@playwright/test';
import { type DesktopApp, ranOn } from './desktop-app.ts';
import { MarketDay } from './market-day.ts';
import { activityOf, command, stateOf } from './page-bridge.ts';

const MINUTE_MS = 60_000;

test.describe('a PC that sleeps and wakes', () => {
  test.skip(ranOn === 'electron', 'the clock of the machine that the binary runs on is not the test’s to set');

  let day: MarketDay;
  let app: DesktopApp;

  /** Time passes while the PC sleeps, for the market as well. */
  const suspendFor = async (minutes: number): Promise<void> => {
    day.leap(minutes * MINUTE_MS);
    await app.system.sleepPc(minutes * MINUTE_MS);
  };

  test.beforeAll(async () => {
    day = await MarketDay.start({ date: '2026-11-23', at: '08:29:50' });
    const env = { MDTS_CLOCK: '', STAND_IN_CLOCK: new Date(day.now()).toISOString() };
    app = await day.startApp({ tokenFrom: '07:40', env });
    await outcomeOf(await app.page(), 'instruments', 'done');
  });

  test.afterAll(() => day[Symbol.asyncDispose]());

  test('at 08:30 and 09:07 is right when it is told of waking: steps caught up, feed live, pre-open', async () => {
    const page = await app.page();
    expect(await app.system.sleepBlockers()).toBe(0);
    await app.system.power('suspend');
    await suspendFor(37);
    await app.system.power('resume');

    await outcomeOf(page, 'token-check', 'done');
    await outcomeOf(page, 'feed-start', 'done');
    await outcomeOf(page, 'first-ticks', 'done');
    await expect.poll(async () => (await stateOf(page)).feed.state).toBe('live');
    const { market, feed, schedule, alerts } = await stateOf(page);
    expect(market.phase).toBe('pre-open');
    expect(feed).toMatchObject({ state: 'live', source: 'websocket', reconnects: 0 });
    expect(alerts).toEqual([]);
    const late = schedule.steps.find(({ id }) => id === 'feed-start');
    expect((late?.actualAt ?? 0) - (late?.plannedAt ?? 0)).toBeGreaterThan(11 * MINUTE_MS);
    expect(await activityOf(page)).toEqual(
      expect.arrayContaining(['The PC goes to sleep.', 'Looking at everything again: the PC woke up.']),
    );
  });

  test('is kept awake from then on, if the trader wants that', async () => {
    const page = await app.page();
    await expect.poll(() => app.system.sleepBlockers()).toBe(1);
    await command(page, 'settings.update', { preventSleep: false });
    await expect.poll(() => app.system.sleepBlockers()).toBe(0);
    await command(page, 'settings.update', { preventSleep: true });
    await expect.poll(() => app.system.sleepBlockers()).toBe(1);
  });

  test('loses nothing by a locked screen', async () => {
    const page = await app.page();
    const { openSockets, upgrades } = day.exchange.stats;
    await app.system.power('lock-screen');
    await app.system.power('unlock-screen');
    await expect
      .poll(() => activityOf(page))
      .toEqual(
        expect.arrayContaining([
          'Looking at everything again: the screen was locked.',
          'Looking at everything again: the screen was unlocked.',
        ]),
      );
    const { ticks } = (await stateOf(page)).feed;
    await expect.poll(async () => (await stateOf(page)).feed.ticks).toBeGreaterThan(ticks);
    expect((await stateOf(page)).feed).toMatchObject({ state: 'live', reconnects: 0 });
    expect(day.exchange.stats).toMatchObject({ openSockets, upgrades });
  });

  test('has the feed back at once when the network is, however long it was away', async () => {
    const page = await app.page();
    await app.system.setOnline(false);
    day.exchange.control.apply({ kind: 'refuseConnections', how: 'reset' });
    day.exchange.control.apply({ kind: 'drop' });
    const dueInMs = async () => ((await stateOf(page)).feed.retryAt ?? 0) - day.now();
    await expect.poll(dueInMs).toBeGreaterThan(4_000);
    const { retryAt } = (await stateOf(page)).feed;
    day.exchange.control.clear();
    await app.system.setOnline(true);
    await expect.poll(async () => (await stateOf(page)).feed.state).toBe('live');
    // It did not wait for the attempt that was due by itself.
    expect((await stateOf(page)).feed.since).toBeLessThan(retryAt ?? 0);
    expect(await activityOf(page)).toContain('Looking at everything again: the network is back.');
  });

  test('notices a clock that was set, without being told', async () => {
    const page = await app.page();
    await suspendFor(8);
    await expect
      .poll(() => activityOf(page))
      .toContainEqual(expect.stringMatching(/^Woke at 09:1\d:\d\d: slept, or the clock was set ahead by 48\d s\.$/));
    await expect.poll(async () => (await stateOf(page)).market.phase).toBe('live');
  });

  test('may sleep again once the feed has stopped for the day', async () => {
    const page = await app.page();
    expect(await app.system.sleepBlockers()).toBe(1);
    await suspendFor(6 * 60 + 32);
    await outcomeOf(page, 'feed-stop', 'done');
    await expect.poll(() => app.system.sleepBlockers()).toBe(0);
    expect(await activityOf(page)).toContain('The PC may sleep again.');
  });
});

async function outcomeOf(page: Page, step: string, outcome: string): Promise<void> {
  await expect
    .poll(async () => (await stateOf(page)).schedule.steps.find(({ id }) => id === step)?.outcome)
    .toBe(outcome);
}
