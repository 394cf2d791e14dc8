import { app } from 'electron/main';
import type { Clock } from '../../src/clock.ts';
import type { Log } from '../../src/log.ts';
import { askAboutUpdate } from '../dialogs.ts';
import type { Quit } from '../quit/quit.ts';
import { Updater } from './updater.ts';

/** Looks for new versions of the installed app. In development there is nothing to update. */
export async function setupUpdater(clock: Clock, quit: Quit, log: Log): Promise<Disposable | null> {
  if (!app.isPackaged) return null;
  // A quarter of a second to load, which the start does not have to wait for.
  const { electronUpdaterSource } = await import('./electron-updater-source.ts');
  return new Updater({
    source: electronUpdaterSource(),
    clock,
    log,
    ask: askAboutUpdate,
    prepareToInstall: () => quit.prepare(),
  });
}
