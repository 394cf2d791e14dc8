import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { mainBundle } from './desktop-app.ts';
import { MarketDay } from './market-day.ts';
import { command, stateOf } from './page-bridge.ts';

/** Nothing is simulated, so that the app may touch the system; nothing is configured, and the network is not there. */
const outside = {
  MDTS_API_ROOT: '',
  MDTS_LOGIN_ROOT: '',
  MDTS_TICKER_ROOT: '',
  MDTS_CLOCK: '',
  NODE_USE_ENV_PROXY: '1',
  HTTPS_PROXY: 'http://127.0.0.1:1',
};

test('start with the PC is an entry of the system that starts the app in the tray, and goes with the setting', async () => {
  test.skip(process.platform !== 'linux', 'elsewhere the entry is kept by the system itself');
  await using day = await MarketDay.start({ date: '2026-11-24', at: '10:00:00' });
  const app = await day.startApp({ tokenFrom: null, credentials: null, env: outside });
  const page = await app.page();
  const entry = join(day.home, '.config', 'autostart', 'mydailytradingsignals.desktop');
  expect(existsSync(entry)).toBe(false);

  await command(page, 'settings.update', { startAtLogin: true });
  await expect.poll(() => existsSync(entry)).toBe(true);
  const [, exec = ''] = /^Exec=(.+)$/m.exec(readFileSync(entry, 'utf8')) ?? [];
  const [program, ...args] = exec.split('" "').map((word) => word.replaceAll('"', ''));
  expect(existsSync(program ?? '')).toBe(true);
  expect(args).toEqual([mainBundle, '--hidden']);

  await command(page, 'settings.update', { startAtLogin: false });
  await expect.poll(() => existsSync(entry)).toBe(false);
});

test('a simulated day leaves what the system starts alone', async () => {
  await using day = await MarketDay.start({ date: '2026-11-24', at: '10:00:00' });
  const app = await day.startApp({ tokenFrom: '07:00' });
  const page = await app.page();
  // Up to here the shell has followed the settings.
  await expect.poll(async () => (await app.tray()).toolTip).toContain('SIMULATED');
  await command(page, 'settings.update', { startAtLogin: true });
  await expect.poll(async () => (await stateOf(page)).settings.startAtLogin).toBe(true);
  expect(existsSync(join(day.home, '.config', 'autostart'))).toBe(false);
});
