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
  const sleep = async (minutes: number): Promise<void> => {
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

  test('at 08:30 and 09:07 is right within a second of waking: steps caught up, feed live, pre-open', async () => {
    const page = await app.page();
    expect(await app.system.sleepBlockers()).toBe(0);
    await app.system.power('suspend');
    await sleep(37);
    const times = noteReturn(page);
    const wokeAt = Date.now();
    await app.system.power('resume');

    const { rightAt, liveAt } = await times;
    expect(rightAt).toBeGreaterThanOrEqual(wokeAt);
    expect(rightAt - wokeAt).toBeLessThanOrEqual(1_000);
    expect(liveAt - wokeAt).toBeLessThanOrEqual(5_000);
    await outcomeOf(page, 'token-check', 'done');
    await outcomeOf(page, 'feed-start', 'done');
    await outcomeOf(page, 'first-ticks', 'done');
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
    // By then the next attempt by itself is seconds away.
    await expect.poll(async () => (await stateOf(page)).feed.attempt).toBeGreaterThanOrEqual(4);
    day.exchange.control.clear();
    const times = noteReturn(page);
    const backAt = Date.now();
    await app.system.setOnline(true);
    expect((await times).liveAt - backAt).toBeLessThanOrEqual(5_000);
    expect(await activityOf(page)).toContain('Looking at everything again: the network is back.');
  });

  test('notices a clock that was set, without being told', async () => {
    const page = await app.page();
    await sleep(8);
    await expect
      .poll(() => activityOf(page))
      .toContainEqual(expect.stringMatching(/^Woke at 09:1\d:\d\d: slept, or the clock was set ahead by 48\d s\.$/));
    await expect.poll(async () => (await stateOf(page)).market.phase).toBe('live');
  });

  test('may sleep again once the feed has stopped for the day', async () => {
    const page = await app.page();
    expect(await app.system.sleepBlockers()).toBe(1);
    await sleep(6 * 60 + 32);
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

/** Real instants at which the page was told of the next pre-open market, and of the next live feed. */
function noteReturn(page: Page): Promise<{ readonly rightAt: number; readonly liveAt: number }> {
  return page.evaluate(() => {
    const { promise, resolve } = Promise.withResolvers<{ rightAt: number; liveAt: number }>();
    let rightAt = 0;
    let isFirst = true;
    window.desk?.onState((message) => {
      // The answer to this very question: how things stood before.
      if (isFirst) {
        isFirst = false;
        return;
      }
      const parts = message.type === 'patch' ? message.patch : message.state;
      if (parts.market?.phase === 'pre-open' && rightAt === 0) rightAt = Date.now();
      if (parts.feed?.state === 'live') resolve({ rightAt, liveAt: Date.now() });
    });
    return promise;
  });
}
