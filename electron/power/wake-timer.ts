import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { failed, ok, type Result } from '../../src/contract/result.ts';
import { systemdService, systemdTimer, WAKE_TASK, WAKE_UNIT, type WakePlan, windowsTask } from './wake-plan.ts';

const run = promisify(execFile);

/** Sets up and takes away the PC's daily wake-up, with the user's own rights. */
export interface WakeTimer {
  set(plan: WakePlan): Promise<Result<null>>;
  remove(): Promise<Result<null>>;
}

/** The system's own way to wake the PC; null where that takes an administrator (macOS). */
export function systemWakeTimer(platform: NodeJS.Platform): WakeTimer | null {
  switch (platform) {
    case 'linux':
      return systemdWakeTimer;
    case 'win32':
      return windowsWakeTimer;
    default:
      return null;
  }
}

const systemdWakeTimer: WakeTimer = {
  set: (plan) =>
    attempt('This system does not let a user wake the PC: systemd 254 or newer is needed.', async () => {
      const folder = systemdFolder();
      await mkdir(folder, { recursive: true });
      // Whatever lies there, also a link or a pipe, is not written through.
      await removeUnits();
      await writeFile(join(folder, `${WAKE_UNIT}.service`), systemdService, { flag: 'wx' });
      await writeFile(join(folder, `${WAKE_UNIT}.timer`), systemdTimer(plan), { flag: 'wx' });
      try {
        await systemctl('daemon-reload');
        await systemctl('enable', `${WAKE_UNIT}.timer`);
        await systemctl('restart', `${WAKE_UNIT}.timer`);
        // Without the right to wake the PC the timer starts and fails at once.
        await systemctl('is-active', '--quiet', `${WAKE_UNIT}.timer`);
      } catch (error) {
        // A timer that fails would stay there, and be tried again at every login.
        await systemctl('disable', '--now', `${WAKE_UNIT}.timer`).catch(() => {});
        await removeUnits();
        throw error;
      }
    }),
  remove: () =>
    attempt('The wake-up could not be removed.', async () => {
      await systemctl('disable', '--now', `${WAKE_UNIT}.timer`);
      await removeUnits();
      await systemctl('daemon-reload');
    }),
};

async function removeUnits(): Promise<void> {
  for (const kind of ['service', 'timer']) await rm(join(systemdFolder(), `${WAKE_UNIT}.${kind}`), { force: true });
}

const windowsWakeTimer: WakeTimer = {
  set: (plan) =>
    attempt('The Task Scheduler did not accept the wake-up.', async () => {
      const file = join(tmpdir(), `${WAKE_UNIT}-${randomBytes(6).toString('hex')}.xml`);
      try {
        await writeFile(file, `\uFEFF${windowsTask(plan)}`, { encoding: 'utf16le', flag: 'wx', mode: 0o600 });
        await run('schtasks.exe', ['/Create', '/TN', WAKE_TASK, '/XML', file, '/F']);
      } finally {
        await rm(file, { force: true });
      }
    }),
  remove: () =>
    attempt('The wake-up could not be removed.', async () => {
      await run('schtasks.exe', ['/Delete', '/TN', WAKE_TASK, '/F']);
    }),
};

function systemctl(...args: readonly string[]): Promise<unknown> {
  return run('systemctl', ['--user', ...args]);
}

function systemdFolder(): string {
  return join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'systemd', 'user');
}

async function attempt(problem: string, work: () => Promise<void>): Promise<Result<null>> {
  try {
    await work();
    return ok(null);
  } catch {
    return failed('wake-timer', problem);
  }
}
