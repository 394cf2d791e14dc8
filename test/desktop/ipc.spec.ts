import { expect, type Page, test } from '@playwright/test';
import { type DesktopApp, ranOn } from './desktop-app.ts';
import type { ForgedFrame } from './desktop-system.ts';
import { MarketDay } from './market-day.ts';
import { activityOf, stateOf } from './page-bridge.ts';

const refused = { ok: false, error: { code: 'refused', message: 'The request was refused.' } };
const misunderstood = { ok: false, error: { code: 'bad-arguments' } };
const onlyOnStandIn = 'the real binary lets nobody send in the name of another frame';

test.describe('a message to the main process', () => {
  let day: MarketDay;
  let app: DesktopApp;
  let page: Page;

  test.beforeAll(async () => {
    day = await MarketDay.start({ date: '2026-11-23', at: '10:00:00' });
    app = await day.startApp({ tokenFrom: '07:40' });
    page = await app.page();
    await expect.poll(async () => (await stateOf(page)).feed.state).toBe('live');
  });

  test.afterAll(() => day[Symbol.asyncDispose]());

  for (const [kind, frame] of [
    ['no frame', 'null'],
    ['sub-frame', { url: 'app://main/index.html', origin: 'app://main', below: true }],
    ['foreign origin', { documentOrigin: 'https://evil.example' }],
  ] as const satisfies readonly (readonly [string, ForgedFrame])[]) {
    test(`with a forged sender (${kind}) is refused and logged once`, async () => {
      test.skip(ranOn === 'electron', onlyOnStandIn);
      for (let time = 1; time <= 3; time++) {
        expect(await app.system.forgeInvoke(frame, 'desk:invoke', ['feed.pause', {}])).toEqual(refused);
      }
      expect(await refusals(page, `desk:invoke: ${kind}`)).toBe(1);
      expect((await stateOf(page)).feed.paused).toBe(false);
    });
  }

  test('from the login window is refused and logged once, on every channel', async () => {
    test.skip(ranOn === 'electron', onlyOnStandIn);
    await app.chooseFromTray('Sign in again…');
    await app.loginPage();
    for (const [channel, args] of [
      ['desk:invoke', ['signOut', {}]],
      ['desk:attach', []],
      ['desk:snapshot', []],
      ['desk:acknowledge-ticks', [1]],
      ['desk:interest', [{}]],
      ['shell:open-external', ['https://kite.trade/']],
    ] as const) {
      expect(await app.system.forgeInvokeFromLogin(channel, args)).toEqual(refused);
      expect(await app.system.forgeInvokeFromLogin(channel, args)).toEqual(refused);
      expect(await refusals(page, `${channel}: unknown page`)).toBe(1);
    }
    expect(await app.openedExternally()).toEqual([]);
    await app.closeLoginWindow();
  });

  test('from a frame within the page has no way to be sent', async () => {
    const inFrame = await page.evaluate(async () => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const inner = frame.contentWindow as (Window & { desk?: unknown; require?: unknown }) | null;
      const found = { desk: typeof inner?.desk, require: typeof inner?.require };
      frame.remove();
      return found;
    });
    expect(inFrame).toEqual({ desk: 'undefined', require: 'undefined' });
  });

  test('with arguments of the wrong form is refused by a typed error, and logged once without what was sent', async () => {
    const secret = 'token-that-must-not-be-logged';
    for (let time = 1; time <= 2; time++) {
      expect(await invoked(page, { [secret]: true }, {})).toMatchObject(misunderstood);
      expect(await invoked(page, 'x'.repeat(100), secret)).toMatchObject(misunderstood);
    }
    expect(await invoked(page, 'token.set', { accessToken: [secret] })).toMatchObject(misunderstood);
    expect(await invoked(page, 'settings.update', { theme: 'dark', [secret]: 1 })).toMatchObject(misunderstood);
    expect(await refusals(page, 'desk:invoke: bad arguments')).toBe(1);
    expect((await activityOf(page)).join('\n')).not.toContain(secret);
  });

  test('with a command that does not exist is refused by a typed error', async () => {
    for (const name of ['nothing', 'constructor', '__proto__', '']) {
      expect(await invoked(page, name, {})).toMatchObject({ ok: false, error: { code: 'unknown-command' } });
    }
  });

  test('on a channel that does not exist has no answer', async () => {
    test.skip(ranOn === 'electron', onlyOnStandIn);
    await expect(app.system.forgeInvoke('null', 'desk:everything', [])).rejects.toThrow('No handler registered');
  });

  test('takes no more prices than the page has taken: what gathers meanwhile comes merged, not queued', async () => {
    const sent = day.exchange.stats.dataFrames;
    const seqs = await page.evaluate(async () => {
      const received: number[] = [];
      const stop = window.desk?.onTicks((batch) => received.push(new DataView(batch).getUint32(4, true)));
      const until = performance.now() + 3_000;
      while (performance.now() < until);
      // Half the time between two frames of the exchange: for what has gathered, not for what is new.
      await new Promise((resolve) => setTimeout(resolve, 120));
      stop?.();
      return received;
    });
    expect(day.exchange.stats.dataFrames - sent).toBeGreaterThan(8);
    // The one that was on its way, all that had gathered, and at most one that is new.
    expect(seqs.length).toBeGreaterThan(0);
    expect(seqs.length).toBeLessThanOrEqual(3);
    expect(seqs).toEqual(seqs.map((_seq, index) => (seqs[0] ?? 0) + index));
  });
});

/** A command sent by the page as anything at all. */
function invoked(page: Page, name: unknown, args: unknown): Promise<unknown> {
  return page.evaluate(([given, value]) => window.desk?.invoke(given as never, value as never), [name, args] as const);
}

/** How often the activity log says that a message of this kind was refused. */
async function refusals(page: Page, kind: string): Promise<number> {
  return (await activityOf(page)).filter((text) => text === `A message to the app was refused (${kind}).`).length;
}
