import { expect, type Page, test } from '@playwright/test';
import { decodeTickBatch } from '../../src/contract/tick-lane.ts';
import { type DesktopApp, ranOn } from './desktop-app.ts';
import type { ForgedFrame } from './desktop-system.ts';
import { MarketDay } from './market-day.ts';
import { activityOf, stateOf } from './page-bridge.ts';

const refused = { ok: false, error: { code: 'refused', message: 'The request was refused.' } };
const misunderstood = { ok: false, error: { code: 'bad-arguments' } };
/** Two processes read the PC's clock: they may differ by so much, ms. */
const CLOCK_READING_MS = 5;
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
    const { received, blockedFrom, blockedTo } = await blockPage(page, 3_000, day.now() - Date.now());
    expect(day.exchange.stats.dataFrames - sent).toBeGreaterThan(8);

    const batches = received.map(({ bytes }) => decodeTickBatch(Uint8Array.from(bytes).buffer));
    expect(batches.map(({ seq }) => seq)).toEqual(batches.map((_batch, index) => (batches[0]?.seq ?? 0) + index));
    for (const [index, { sentAt }] of batches.entries()) {
      const before = received[index - 1];
      if (before !== undefined) expect(sentAt).toBeGreaterThan(before.at - CLOCK_READING_MS);
    }
    // While the page was blocked it acknowledged nothing: one batch may have left, no second one.
    const isWithin = (at: number) => at > blockedFrom + CLOCK_READING_MS && at < blockedTo - CLOCK_READING_MS;
    expect(batches.filter(({ sentAt }) => isWithin(sentAt)).length).toBeLessThanOrEqual(1);
    // The next one has all that gathered, each instrument once.
    const merged = batches.find(({ sentAt }) => sentAt >= blockedTo - CLOCK_READING_MS);
    const slots = merged?.quotes.map(({ slot }) => slot) ?? [];
    const { instruments } = await stateOf(page);
    const indices = [...instruments.entries()].flatMap(([slot, { role }]) => (role === 'spot' ? [slot] : []));
    expect(indices).toHaveLength(3);
    expect(slots).toEqual(expect.arrayContaining(indices));
    expect(new Set(slots).size).toBe(slots.length);
  });
});

/**
 * Blocks the page's script for so long, and notes the prices it gets from just before until two batches after: with their
 * bytes and when they were received. Instants are market ms, which run `aheadMs` before the PC's clock.
 */
function blockPage(page: Page, forMs: number, aheadMs: number) {
  return page.evaluate(
    async ([blockMs, ahead]) => {
      const now = () => Date.now() + ahead;
      const received: { readonly at: number; readonly bytes: readonly number[] }[] = [];
      let listener = () => {};
      const stop = window.desk?.onTicks((batch) => {
        received.push({ at: now(), bytes: [...new Uint8Array(batch)] });
        listener();
      });
      const next = (fits: () => boolean) =>
        new Promise<void>((resolve) => {
          listener = () => {
            if (fits()) resolve();
          };
        });
      // A page that has just opened is not sent any yet.
      await next(() => true);
      received.length = 0;
      const blockedFrom = now();
      const until = performance.now() + blockMs;
      while (performance.now() < until);
      const blockedTo = now();
      // The one that was on its way, all that had gathered, and one that is new.
      await next(() => received.length >= 3);
      stop?.();
      return { received, blockedFrom, blockedTo };
    },
    [forMs, aheadMs] as const,
  );
}

/** A command sent by the page as anything at all. */
function invoked(page: Page, name: unknown, args: unknown): Promise<unknown> {
  return page.evaluate(([given, value]) => window.desk?.invoke(given as never, value as never), [name, args] as const);
}

/** How often the activity log says that a message of this kind was refused. */
async function refusals(page: Page, kind: string): Promise<number> {
  return (await activityOf(page)).filter((text) => text === `A message to the app was refused (${kind}).`).length;
}
