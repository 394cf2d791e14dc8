import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../build/chromium.ts';
import { StandInDesktop } from '../electron/desktop.ts';

/** What the fixture's preload puts into its page. */
interface Fixture {
  invoke(channel: string, value?: unknown): Promise<unknown>;
  onPong(listener: (value: unknown) => void): () => void;
  send(channel: string, value: unknown): void;
  canRequire(name: string): boolean;
  readonly nested: { readonly list: readonly number[] };
}

declare const fixture: Fixture;

const main = join(import.meta.dirname, '..', 'electron', 'fixture', 'main.ts');
const chromium = findChromium();

describe.skipIf(chromium === null)('a main process on the stand-in of Electron (needs Chromium)', () => {
  const home = mkdtempSync(join(tmpdir(), 'mdts-stand-in-'));
  let desktop: StandInDesktop;
  let page: Page;

  const start = (...args: string[]): StandInDesktop => new StandInDesktop({ main, home, args });
  const log = async (): Promise<readonly unknown[]> => (await invoke('log')) as readonly unknown[];
  const invoke = (channel: string, value?: unknown): Promise<unknown> =>
    page.evaluate(([name, argument]) => fixture.invoke(String(name), argument), [channel, value] as const);
  const refused = (channel: string): Promise<unknown> =>
    page.evaluate((name) => fixture.invoke(name).catch((error: Error) => error.message), channel);

  beforeAll(async () => {
    desktop = start();
    page = await desktop.page();
    await desktop.until(log, (lines) => lines.includes('loaded'));
  });

  afterAll(async () => {
    await desktop[Symbol.asyncDispose]();
    rmSync(home, { recursive: true, force: true });
  });

  it('shows the page its protocol handler answers, under the policy of the answer', async () => {
    expect(await page.locator('h1').textContent()).toBe('main/index.html');
    const seen = await page.evaluate(async () => {
      const blocked = new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
      });
      const script = document.createElement('script');
      script.textContent = 'globalThis.inline = true';
      document.body.append(script);
      return {
        ran: 'ran' in globalThis,
        inline: 'inline' in globalThis,
        blocked: await blocked,
        secure: isSecureContext,
      };
    });
    expect(seen).toEqual({ ran: true, inline: false, blocked: 'script-src-elem', secure: true });
  });

  it('gives the page one frozen object and nothing of Node or the message channel', async () => {
    const seen = await page.evaluate(() => ({
      require: typeof (globalThis as { require?: unknown }).require,
      process: typeof (globalThis as { process?: unknown }).process,
      files: fixture.canRequire('fs'),
      timers: fixture.canRequire('timers'),
      frozen: [fixture, fixture.nested, fixture.nested.list].every((value) => Object.isFrozen(value)),
      extra: Object.keys(globalThis).filter((name) => /standIn|deliver|ipc/i.test(name)),
    }));
    expect(seen).toEqual({
      require: 'undefined',
      process: 'undefined',
      files: false,
      timers: true,
      frozen: true,
      extra: [],
    });
  });

  it('passes arguments and values by structured clone, both ways', async () => {
    const back = await page.evaluate(async () => {
      const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
      const value = { when: new Date(5), map: new Map([[1n, undefined]]), bytes, not: Number.NaN };
      const echoed = (await fixture.invoke('echo', value)) as typeof value;
      return {
        date: echoed.when instanceof Date && echoed.when.getTime() === 5,
        map: echoed.map instanceof Map && echoed.map.has(1n),
        bytes: echoed.bytes.length === bytes.length && echoed.bytes.every((byte, index) => byte === bytes[index]),
        not: Number.isNaN(echoed.not),
      };
    });
    expect(back).toEqual({ date: true, map: true, bytes: true, not: true });
    const uncloneable = page.evaluate(() => fixture.invoke('echo', () => {}).catch((error: Error) => error.message));
    expect(await uncloneable).toBe('An object could not be cloned.');
  });

  it('tells a failure of a handler in the words of Electron', async () => {
    expect(await refused('fail')).toBe("Error invoking remote method 'fail': RangeError: no");
    expect(await refused('nobody')).toBe(
      "Error invoking remote method 'nobody': Error: No handler registered for 'nobody'",
    );
  });

  it('says what of Electron it does not have', async () => {
    expect(await refused('unsupported')).toContain('BrowserWindow.setOpacity is not part of the stand-in of Electron');
  });

  it('delivers messages in the order they were sent, until unsubscribed', async () => {
    const heard = await page.evaluate(async () => {
      const values: unknown[] = [];
      const last = Promise.withResolvers<void>();
      const stop = fixture.onPong((value) => {
        values.push(value);
        if (value === 'last') last.resolve();
      });
      for (let value = 0; value < 50; value++) fixture.send('ping', value);
      fixture.send('ping', 'last');
      await last.promise;
      stop();
      fixture.send('ping', 'unheard');
      await fixture.invoke('echo');
      return values;
    });
    expect(heard).toEqual([...Array.from({ length: 50 }, (_, value) => value), 'last']);
  });

  it('knows the main frame as sender, a frame below it as such, and forged ones as they are forged', async () => {
    const own = { trusted: true, url: 'app://main/index.html?x=1', origin: 'app://main', below: false };
    expect(await invoke('who')).toEqual(own);
    const [window] = await desktop.call('windows');
    const id = window?.id ?? 0;
    expect(await desktop.call('forgeInvoke', id, 'null', 'who', [])).toMatchObject({ trusted: false, below: null });
    const forged = { url: 'https://evil.example/', origin: 'https://evil.example', below: true };
    expect(await desktop.call('forgeInvoke', id, forged, 'who', [])).toEqual({ trusted: false, ...forged });
  });

  it('gives a frame below the main one no bridge, and knows a message forced out of it for what it is', async () => {
    const frame = page.frames().find((candidate) => candidate.url().endsWith('/frame'));
    const hasBridge = await frame?.evaluate(() => {
      const raw = Object.getOwnPropertyNames(globalThis).find((name) => name.startsWith('standIn')) ?? '';
      const send = (globalThis as unknown as Record<string, (text: string) => void>)[raw];
      send?.(JSON.stringify({ kind: 'send', channel: 'note-sender', args: '["array",[]]' }));
      return 'fixture' in globalThis;
    });
    expect(hasBridge).toBe(false);
    await desktop.until(log, (lines) => lines.includes('sender app://main/frame below'));
  });

  it('asks before a page goes elsewhere, and keeps it where it is', async () => {
    await page.locator('#away').click();
    await page.locator('#inside').click();
    await page.waitForURL('**/second');
    expect(await page.locator('h1').textContent()).toBe('main/second');
    expect(await page.evaluate(() => window.open('https://example.com/popup'))).toBeNull();
    expect(await log()).toEqual(
      expect.arrayContaining([
        'will-navigate https://example.com/',
        'will-navigate app://main/second',
        'window-open https://example.com/popup',
      ]),
    );
  });

  it('tells each redirect of a server before it is followed, in a session that reaches loopback', async () => {
    expect(await invoke('login')).toBe('/next /done ERR_ABORTED');
  });

  it('gives pages the permissions the check handler gives', async () => {
    const [location, clipboard] = await page.evaluate(async () => {
      const names = ['geolocation', 'clipboard-write'] as unknown as PermissionName[];
      const states = await Promise.all(names.map((name) => navigator.permissions.query({ name })));
      return states.map(({ state }) => state);
    });
    expect([location, clipboard]).toEqual(['denied', 'granted']);
    const [window] = await desktop.call('windows');
    expect(await desktop.call('permission', window?.id ?? 0, 'notifications')).toBe(false);
  });

  it('hides the page with its window, and shows both from the tray', async () => {
    const [window] = await desktop.call('windows');
    await desktop.call('closeWindow', window?.id ?? 0);
    await page.waitForFunction(() => document.visibilityState === 'hidden');
    expect(await desktop.call('windows')).toMatchObject([{ visible: false, focused: false }]);
    await desktop.call('clickTray');
    await page.waitForFunction(() => document.visibilityState === 'visible');
    expect(await desktop.call('windows')).toMatchObject([{ visible: true, focused: true }]);
  });

  it('lets a person use tray menu, notification and dialog', async () => {
    await desktop.call('chooseFromTray', ['Help', 'Site']);
    expect(await desktop.call('openedExternally')).toEqual(['https://kite.trade/']);
    await desktop.call('chooseFromTray', ['Notify']);
    const [notification] = await desktop.call('notifications');
    expect(notification).toMatchObject({ title: 'Sign in', urgency: 'critical', state: 'shown' });
    await desktop.call('clickNotification', notification?.id ?? '');
    expect(await desktop.call('trays')).toMatchObject([{ toolTip: 'clicked' }]);
    expect(await log()).toContain('notification closed');
    await desktop.call('chooseFromTray', ['Ask']);
    const [dialog] = await desktop.call('dialogs');
    await desktop.call('answerDialog', dialog?.id ?? 0, { button: 'No' });
    await desktop.until(
      () => desktop.call('trays'),
      ([tray]) => tray?.toolTip === 'answered 1',
    );
  });

  it('passes on what the system tells', async () => {
    await desktop.call('power', 'suspend');
    expect(await log()).toContain('suspend');
  });

  it('tells of a renderer that is gone, and loads the page into a new one', async () => {
    const [before] = await desktop.call('windows');
    await desktop.call('crashRenderer', before?.id ?? 0);
    await desktop.window(({ targetId, loading }) => targetId !== null && targetId !== before?.targetId && !loading);
    page = await desktop.page();
    expect(await page.locator('h1').textContent()).toBe('main/second');
    expect(await invoke('echo', 'again')).toBe('again');
    expect(await log()).toContain('gone crashed');
  });

  it('tells the first process of a second start, and ends the second', async () => {
    await using second = start('--hidden');
    expect(await second.exit).toMatchObject({ code: 0 });
    await desktop.until(log, (lines) => lines.includes('second-instance --hidden {"hello":"first"}'));
  });

  it('quits in order and leaves nothing behind', async () => {
    await desktop.call('chooseFromTray', ['Quit']).catch(() => {});
    expect(await desktop.exit).toEqual({ code: 0, output: 'before-quit\nwill-quit\n' });
    await using next = start();
    expect(await (await next.page()).title()).toBe('Fixture');
  });
});
