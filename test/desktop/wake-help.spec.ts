import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { DesktopApp } from './desktop-app.ts';
import { MarketDay } from './market-day.ts';

const HELP = ['&Help', 'Waking a Sleeping PC…'] as const;

/** The day's login check is at 08:50, so the PC should wake ten minutes before: 03:10 in the zone the app is given. */
test.describe('help with waking the PC', () => {
  test.skip(process.platform !== 'linux', 'the other systems have programs of their own for it');

  test('sets up a timer of the user’s systemd, and takes it away again', async () => {
    await using day = await MarketDay.start({ date: '2026-11-23', at: '10:00:00' });
    const app = await startWith(day, 'echo "$@" >> "$HOME/calls"');
    const timer = join(day.home, '.config', 'systemd', 'user', 'mydailytradingsignals-wake.timer');

    await app.system.chooseFromMenu(...HELP);
    await expect.poll(() => app.dialogs()).toMatchObject([{ buttons: ['Close', 'Remove', 'Set up'] }]);
    const [help] = await app.dialogs();
    expect(help?.detail).toContain(
      'The PC should be awake at 03:10 (its own time), ten minutes before the login check.',
    );
    await app.answerDialog('Set up');
    await expect.poll(() => app.dialogs()).toMatchObject([{ message: 'The PC wakes every day at 03:10.' }]);
    expect(readFileSync(timer, 'utf8')).toContain('OnCalendar=*-*-* 08:40:00 Asia/Kolkata');
    expect(readFileSync(join(day.home, 'calls'), 'utf8').trim().split('\n')).toEqual([
      '--user daemon-reload',
      '--user enable mydailytradingsignals-wake.timer',
      '--user restart mydailytradingsignals-wake.timer',
      '--user is-active --quiet mydailytradingsignals-wake.timer',
    ]);
    await app.answerDialog('Close');

    await app.system.chooseFromMenu(...HELP);
    await expect.poll(() => app.dialogs()).toMatchObject([{ buttons: ['Close', 'Remove', 'Set up'] }]);
    await app.answerDialog('Remove');
    await expect.poll(() => app.dialogs()).toMatchObject([{ message: 'The PC is no longer woken by this app.' }]);
    expect(existsSync(timer)).toBe(false);
  });

  test('says so where the system does not let a user do it, and leaves nothing behind', async () => {
    await using day = await MarketDay.start({ date: '2026-11-23', at: '10:00:00' });
    const app = await startWith(day, 'case "$*" in *is-active*) exit 3;; esac');
    await app.system.chooseFromMenu(...HELP);
    await expect.poll(() => app.dialogs()).toHaveLength(1);
    await app.answerDialog('Set up');
    await expect
      .poll(() => app.dialogs())
      .toMatchObject([
        {
          message: 'This system does not let a user wake the PC: systemd 254 or newer is needed.',
          detail: 'The same help names another way.',
        },
      ]);
    for (const kind of ['service', 'timer']) {
      expect(existsSync(join(day.home, '.config', 'systemd', 'user', `mydailytradingsignals-wake.${kind}`))).toBe(
        false,
      );
    }
  });
});

/** The app with a `systemctl` of the test's own, once it is up. */
async function startWith(day: MarketDay, systemctl: string): Promise<DesktopApp> {
  const folder = join(day.home, 'programs');
  mkdirSync(folder);
  writeFileSync(join(folder, 'systemctl'), `#!/bin/sh\n${systemctl}\n`);
  chmodSync(join(folder, 'systemctl'), 0o755);
  const env = { PATH: `${folder}:${process.env.PATH ?? ''}`, TZ: 'UTC' };
  const app = await day.startApp({ tokenFrom: '07:40', args: ['--hidden'], env });
  await expect.poll(async () => (await app.tray()).toolTip).toContain('Feed live');
  return app;
}
