import { powerSaveBlocker } from 'electron/main';
import type { Clock } from '../../src/clock.ts';
import type { Log } from '../../src/log.ts';
import type { DeskWatch } from '../desk-watch.ts';
import { isKeptAwake } from './sleep-blocker-window.ts';

/** How late the blocker may set in; real milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** Keeps the PC from sleeping while the day's plan needs it, if the trader wants that. The display may go dark. */
export function setupSleepBlocker(watch: DeskWatch, clock: Clock, log: Log): Disposable {
  let blockerId: number | null = null;

  const release = (): void => {
    if (blockerId === null) return;
    powerSaveBlocker.stop(blockerId);
    blockerId = null;
  };
  const look = (): void => {
    const { settings, schedule } = watch.state;
    const isWanted = settings.preventSleep && isKeptAwake(schedule, watch.now());
    if (isWanted === (blockerId !== null)) return;
    if (isWanted) blockerId = powerSaveBlocker.start('prevent-app-suspension');
    else release();
    log('info', 'app', isWanted ? 'The PC is kept awake until the feed stops.' : 'The PC may sleep again.');
  };

  look();
  const resources = new DisposableStack();
  resources.defer(release);
  resources.use(watch.onChange(look));
  resources.use(clock.setInterval(look, LOOK_EVERY_MS));
  return resources;
}
