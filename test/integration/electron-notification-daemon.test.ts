import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../build/chromium.ts';
import { StandInDesktop } from '../electron/desktop.ts';

const tools = ['/usr/bin/dunst', '/usr/bin/dbus-daemon', '/usr/bin/Xvfb'];
const missing = tools.filter((tool) => !existsSync(tool));
const main = join(import.meta.dirname, '..', 'electron', 'fixture', 'main.ts');

/** In CI of a Linux it runs all the same, and fails. */
const isExpected = process.platform === 'linux' && process.env.CI !== undefined;

describe.skipIf(!isExpected && (missing.length > 0 || findChromium() === null))(
  `notifications on a real daemon (needs ${tools.join(', ')} and Chromium)`,
  () => {
    const home = mkdtempSync(join(tmpdir(), 'mdts-daemon-'));
    const services: (() => void)[] = [];
    let env: Record<string, string>;
    let desktop: StandInDesktop;

    /** Starts a service and waits for the line in which it says where it is. */
    const service = async (
      command: string,
      args: readonly string[],
      extra: Record<string, string>,
    ): Promise<string> => {
      const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, ...extra } });
      services.push(() => child.kill());
      const [line] = await Promise.race([
        once(child.stdout, 'data'),
        once(child, 'exit').then(([code]) => Promise.reject(new Error(`${command} ended with ${code}`))),
      ]);
      return String(line).trim();
    };
    /** What a person at the screen does. */
    const dunstctl = (...args: string[]): string =>
      spawnSync('dunstctl', args, { encoding: 'utf8', env: { ...process.env, ...env } }).stdout.trim();

    beforeAll(async () => {
      const display = await service('/usr/bin/Xvfb', ['-displayfd', '1', '-screen', '0', '640x480x24'], {});
      const screen = { DISPLAY: `:${display}`, HOME: home, XDG_RUNTIME_DIR: home };
      const bus = await service('/usr/bin/dbus-daemon', ['--session', '--nofork', '--print-address=1'], screen);
      env = { ...screen, DBUS_SESSION_BUS_ADDRESS: bus };
      desktop = new StandInDesktop({ main, home, env: { ...env, STAND_IN_NOTIFICATIONS: 'daemon' } });
      await desktop.page();
    });

    afterAll(async () => {
      await desktop?.[Symbol.asyncDispose]();
      for (const stop of services.reverse()) stop();
      rmSync(home, { recursive: true, force: true });
    });

    it('are shown by it, and a click on one comes back to the app', async () => {
      await desktop.call('chooseFromTray', ['Notify']);
      await desktop.until(
        () => desktop.call('notifications'),
        ([shown]) => shown?.state === 'shown' && shown.onScreen,
      );
      expect(dunstctl('count', 'displayed')).toBe('1');
      dunstctl('action', '0');
      await desktop.until(
        () => desktop.call('trays'),
        ([tray]) => tray?.toolTip === 'clicked',
      );
    });

    it('are told closed when the person closes them', async () => {
      await desktop.call('chooseFromTray', ['Notify']);
      await desktop.until(
        () => desktop.call('notifications'),
        (shown) => shown.at(-1)?.onScreen === true,
      );
      dunstctl('close');
      await desktop.until(
        () => desktop.call('notifications'),
        (shown) => shown.at(-1)?.state === 'closed',
      );
      expect(dunstctl('count', 'displayed')).toBe('0');
    });
  },
);
