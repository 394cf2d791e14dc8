import { networkInterfaces } from 'node:os';
import { app, BrowserWindow, net, powerMonitor } from 'electron/main';
import type { Clock } from '../../src/clock.ts';
import type { Log } from '../../src/log.ts';
import { type NetworkLook, watchNetwork } from './network-watch.ts';

export interface PowerOptions {
  /** Something happened that may have cost time or the network: the desk looks at everything again. */
  readonly wake: (reason: string) => void;
  /** The PC is going down. */
  readonly shutDown: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

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
  // Windows says it to windows only; the first may be open already.
  const listenTo = (window: BrowserWindow): void => void window.on('session-end', shutDown);
  BrowserWindow.getAllWindows().forEach(listenTo);
  app.on('browser-window-created', (_event, window) => listenTo(window));
  return watchNetwork(lookAtNetwork, wake, clock);
}

function lookAtNetwork(): NetworkLook {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const outward = addresses.filter(({ internal, family }) => !internal && family === 'IPv4');
  return { isOnline: net.isOnline(), addresses: outward.map(({ address }) => address) };
}
