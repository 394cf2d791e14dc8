import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { app } from 'electron/main';
import type { Log } from '../../src/log.ts';
import type { DeskWatch } from '../desk-watch.ts';
import { APP_NAME, mainFile } from '../identity.ts';
import { autostartEntry } from './autostart-entry.ts';

const HIDDEN = '--hidden';

/** Starts the app with the PC, hidden in the tray, as the settings say. A simulated desk leaves the system alone. */
export function setupLoginItem(watch: DeskWatch, log: Log): Disposable {
  let applied: boolean | null = null;
  let last: Promise<void> = Promise.resolve();
  const apply = (): void => {
    const { settings, app: desk } = watch.state;
    const wanted = settings.startAtLogin;
    if (desk.simulated || wanted === applied) return;
    applied = wanted;
    // One after the other: the last wish is what stays.
    last = last
      .then(() => setStartAtLogin(wanted))
      .catch(() => log('warning', 'app', 'Starting with the PC could not be set up: the system did not allow it.'));
  };
  apply();
  return watch.onChange(apply);
}

/** macOS does not pass arguments to a login item; it says afterwards that it was one. */
export function wasStartedAtLogin(): boolean {
  return process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
}

async function setStartAtLogin(wanted: boolean): Promise<void> {
  if (process.platform === 'linux') await setAutostartFile(wanted);
  else {
    const [path = process.execPath, ...args] = startCommand();
    app.setLoginItemSettings({ openAtLogin: wanted, path, args: args.map((arg) => `"${arg}"`) });
  }
}

async function setAutostartFile(wanted: boolean): Promise<void> {
  const folder = join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'autostart');
  const file = join(folder, `${APP_NAME.toLowerCase()}.desktop`);
  // Whatever lies there, also a link or a pipe, is not written through.
  await rm(file, { force: true });
  if (!wanted) return;
  await mkdir(folder, { recursive: true });
  // The system may look at any moment: the entry is there whole, or not at all.
  const unfinished = `${file}.tmp`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, autostartEntry(APP_NAME, startCommand()), { flag: 'wx' });
  await rename(unfinished, file);
}

/** This app, started hidden. An AppImage runs from a mount that is gone next time; what stays is the image itself. */
function startCommand(): readonly string[] {
  const program = process.env.APPIMAGE ?? process.execPath;
  return app.isPackaged ? [program, HIDDEN] : [program, mainFile, HIDDEN];
}
