import { app, net, powerMonitor } from 'electron/main';
import type { Clock } from '../../src/clock.ts';
import type { Log } from '../../src/log.ts';

export interface PowerOptions {
  /** Something happened that may have cost time or the network: the desk looks at everything again. */
  readonly wake: (reason: string) => void;
  /** The PC is going down. */
  readonly shutDown: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Electron tells nobody in the main process when the network returns; it is looked at this often. Real milliseconds. */
const NETWORK_LOOK_MS = 1_000;

/** Passes on what the PC does to us. Clock changes the reconciler notices by itself, once a second. */
export function setupPower({ wake, shutDown, clock, log }: PowerOptions): Disposable {
  powerMonitor.on('suspend', () => log('info', 'app', 'The PC goes to sleep.'));
  powerMonitor.on('resume', () => wake('the PC woke up'));
  powerMonitor.on('lock-screen', () => wake('the screen was locked'));
  powerMonitor.on('unlock-screen', () => wake('the screen was unlocked'));
  powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
    // Asks the system for the moment that stopping takes.
    event?.preventDefault();
    shutDown();
  });
  // Windows says it to windows only.
  app.on('browser-window-created', (_event, window) => {
    window.on('session-end', shutDown);
  });
  return watchNetwork(wake, clock);
}

function watchNetwork(wake: (reason: string) => void, clock: Clock): Disposable {
  let wasOnline = net.isOnline();
  return clock.setInterval(() => {
    const isOnline = net.isOnline();
    if (isOnline && !wasOnline) wake('the network is back');
    wasOnline = isOnline;
  }, NETWORK_LOOK_MS);
}
