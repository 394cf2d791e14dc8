import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  const apply = (): void => {
    const { settings, app: desk } = watch.state;
    const wanted = settings.startAtLogin;
    if (desk.simulated || wanted === applied) return;
    applied = wanted;
    try {
      setStartAtLogin(wanted);
    } catch {
      log('warning', 'app', 'Starting with the PC could not be set up: the system did not allow it.');
    }
  };
  apply();
  return watch.onChange(apply);
}

/** macOS does not pass arguments to a login item; it says afterwards that it was one. */
export function wasStartedAtLogin(): boolean {
  return process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
}

function setStartAtLogin(wanted: boolean): void {
  if (process.platform === 'linux') setAutostartFile(wanted);
  else {
    const [path = process.execPath, ...args] = startCommand();
    app.setLoginItemSettings({ openAtLogin: wanted, path, args: args.map((arg) => `"${arg}"`) });
  }
}

function setAutostartFile(wanted: boolean): void {
  const folder = join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'autostart');
  const file = join(folder, `${APP_NAME.toLowerCase()}.desktop`);
  if (!wanted) {
    rmSync(file, { force: true });
    return;
  }
  const entry = autostartEntry(APP_NAME, startCommand());
  if (readIfThere(file) === entry) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, entry);
}

/** This app, started hidden. An AppImage runs from a mount that is gone next time; what stays is the image itself. */
function startCommand(): readonly string[] {
  const program = process.env.APPIMAGE ?? process.execPath;
  return app.isPackaged ? [program, HIDDEN] : [program, mainFile, HIDDEN];
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
