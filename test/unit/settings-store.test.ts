import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { commandSchemas } from '../../src/contract/commands.ts';
import { defaultSettings, settingsPatchSchema, settingsSchema } from '../../src/contract/settings.ts';
import { memorySettings, type OpenedSettings, openSettings } from '../../src/settings-store.ts';
import { HomeTasks } from '../../src/storage/disk-tasks.ts';
import { promisedDisk } from '../support/test-disk.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const NOW = Date.parse('2026-11-23T08:49:30+05:30');

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'settings-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

/** Settings in a file, written at once. */
function fileSettings(home: string): Promise<OpenedSettings> {
  const tasks = new HomeTasks(home, () => undefined, new VirtualClock('2026-11-23T08:52:00+05:30'));
  return openSettings(promisedDisk(tasks), home, NOW, (settings) => tasks.saveSettings({ ...settings }));
}

const written = (home: string): unknown => JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8'));

describe('settings', () => {
  test('are the defaults at first, and what was changed the next time', async () => {
    const home = newHome();
    const { store, notice } = await fileSettings(home);
    expect([store.get(), notice]).toEqual([defaultSettings, null]);
    store.update({ theme: 'dark', watchlist: ['NSE:INFY'] });
    expect((await fileSettings(home)).store.get()).toEqual({
      ...defaultSettings,
      theme: 'dark',
      watchlist: ['NSE:INFY'],
    });
  });

  test.each([
    ['in memory', async () => memorySettings()],
    ['in a file', async () => (await fileSettings(newHome())).store],
  ])('%s change only by what a change names, single notifications included', async (_case, open) => {
    const store = await open();
    store.update({ watchlist: ['NSE:INFY'], notify: { fallback: true } });
    store.update(commandSchemas['settings.update'].parse({ theme: 'light', notify: { tokenDead: false } }));
    expect(store.get()).toEqual({
      ...defaultSettings,
      theme: 'light',
      watchlist: ['NSE:INFY'],
      notify: { ...defaultSettings.notify, fallback: true, tokenDead: false },
    });
  });

  test('can each be changed by the trader', async () => {
    expect(Object.keys(settingsPatchSchema.shape).sort()).toEqual(Object.keys(settingsSchema.shape).sort());
    const shell = { startAtLogin: true, preventSleep: false, loginIn: 'browser' } as const;
    const store = memorySettings();
    store.update(commandSchemas['settings.update'].parse(shell));
    expect(store.get()).toEqual({ ...defaultSettings, ...shell });
  });

  test('tell of a change after it is made, until unsubscribed', async () => {
    const store = memorySettings();
    const themes: string[] = [];
    const subscription = store.onChange((settings) => themes.push(`${settings.theme}=${store.get().theme}`));
    store.update({ theme: 'dark' });
    subscription[Symbol.dispose]();
    store.update({ theme: 'light' });
    expect(themes).toEqual(['dark=dark']);
  });

  test('refuse a value that is not allowed and stay as they were', async () => {
    const home = newHome();
    const { store } = await fileSettings(home);
    store.update({ theme: 'dark' });
    expect(() => store.update({ redirectUrl: 'http://evil.example/callback' })).toThrow();
    expect(store.get().redirectUrl).toBe(defaultSettings.redirectUrl);
    expect(written(home)).toMatchObject({ redirectUrl: defaultSettings.redirectUrl });
  });

  test.each<[string, string, string]>([
    ['is no JSON', '{"theme":', 'could not be read'],
    ['holds a value that is not allowed', '{"theme":"pink"}', 'hold values that are not allowed (theme)'],
    ['is no object', '"dark"', 'hold values that are not allowed (file)'],
  ])('whose file %s are set aside for the defaults, with a notice', async (_case, content, words) => {
    const home = newHome();
    writeFileSync(join(home, 'settings.json'), content);
    const { store, notice } = await fileSettings(home);
    expect(store.get()).toEqual(defaultSettings);
    expect(notice).toContain(words);
    expect(readFileSync(join(home, 'settings.json.corrupt-20261123T084930'), 'utf8')).toBe(content);
    store.update({ theme: 'dark' });
    expect(await fileSettings(home)).toMatchObject({ notice: null });
  });

  test('of a later version stay in the file', async () => {
    const home = newHome();
    writeFileSync(join(home, 'settings.json'), '{"theme":"dark","fromTheFuture":1}');
    const { store } = await fileSettings(home);
    store.update({ bottomPanelOpen: true });
    expect(written(home)).toMatchObject({ theme: 'dark', bottomPanelOpen: true, fromTheFuture: 1 });
  });

  test.each([
    '{"theme": "dark", "watchl',
    '',
    'null',
    '[]',
    '\u0000\u0000\u0000',
  ])('take the place of a file that another program has left as %j, which is set aside', async (broken) => {
    const home = newHome();
    const { store } = await fileSettings(home);
    store.update({ theme: 'dark', watchlist: ['NSE:INFY'] });
    writeFileSync(join(home, 'settings.json'), broken);
    store.update({ watchlist: ['NSE:INFY', 'NSE:TCS'] });
    const expected = { ...defaultSettings, theme: 'dark', watchlist: ['NSE:INFY', 'NSE:TCS'] };
    expect(written(home)).toEqual(expected);
    const aside = readdirSync(home).filter((name) => name.startsWith('settings.json.corrupt-'));
    expect(aside.map((name) => readFileSync(join(home, name), 'utf8'))).toEqual([broken]);
    expect((await fileSettings(home)).store.get()).toEqual(expected);
  });

  test('leave no half-written file beside the real one', async () => {
    const home = newHome();
    const { store } = await fileSettings(home);
    for (let index = 0; index < 20; index++) store.update({ bottomPanelOpen: index % 2 === 0 });
    expect(readdirSync(home)).toEqual(['settings.json']);
  });

  test('are kept in memory where the folder cannot be had', async () => {
    const home = newHome();
    writeFileSync(join(home, 'file'), '');
    const { store, notice } = await fileSettings(join(home, 'file'));
    store.update({ theme: 'dark' });
    expect(store.get().theme).toBe('dark');
    expect(notice).toContain('for this run only');
  });
});
