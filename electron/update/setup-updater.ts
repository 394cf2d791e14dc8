import { app } from 'electron/main';
import type { Clock } from '../../src/clock.ts';
import type { Log } from '../../src/log.ts';
import { askAboutUpdate } from '../dialogs.ts';
import type { Quit } from '../quit/quit.ts';
import { electronUpdaterSource } from './electron-updater-source.ts';
import { Updater } from './updater.ts';

/** Looks for new versions of the installed app. In development there is nothing to update. */
export function setupUpdater(clock: Clock, quit: Quit, log: Log): Disposable | null {
  if (!app.isPackaged) return null;
  return new Updater({
    source: electronUpdaterSource(),
    clock,
    log,
    ask: askAboutUpdate,
    prepareToInstall: () => quit.prepare(),
  });
}
