import { join } from 'node:path';
import { app, dialog, Menu } from 'electron/main';
import { ClockSpecError } from '../src/clock.ts';
import { type DeskEnvironment, EnvironmentError, homeFolder } from '../src/environment.ts';
import type { Log } from '../src/log.ts';
import { HomeInUseError, HomePathError } from '../src/storage/home-hold.ts';
import type { ShellArguments } from './arguments.ts';
import { APP_ID, APP_NAME } from './identity.ts';

/** Chromium's files and the window's place, below the desk's home; a simulated desk has its own. */
export function shellFolder(environment: DeskEnvironment, { home }: ShellArguments): string {
  return join(homeFolder(home ?? environment.home, environment.simulated), 'shell');
}

/** Says who we are. The folder also decides which other start is a second one of the same app. */
export function setupIdentity(folder: string, version: string): void {
  app.setName(APP_NAME);
  app.setAppUserModelId(APP_ID);
  app.setPath('userData', folder);
  app.setAboutPanelOptions({ applicationName: APP_NAME, applicationVersion: version });
  // Ours comes with the desk; until then Electron would show one of its own.
  Menu.setApplicationMenu(null);
}

/**
 * Has every page run in Chromium's sandbox, whatever its window says. Not where the command line has switched it off, as
 * an AppImage does on a system that gives it no name spaces: Electron would take that back when half of Chromium has
 * started by it, and no page would come up.
 */
export function setupSandbox(log: Log): void {
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  else log('warning', 'app', 'Chromium’s sandbox was switched off at the start (--no-sandbox): pages run without it.');
}

/** True for the first start; a second one calls the first's `onSecondStart` and has nothing more to do. */
export function isFirstStart(onSecondStart: (argv: readonly string[]) => void): boolean {
  if (!app.requestSingleInstanceLock()) return false;
  app.on('second-instance', (_event, argv) => onSecondStart(argv));
  return true;
}

/** Chromium's and Node's ways to let another program into the app, or other servers in Kite's place. */
const FORBIDDEN_SWITCHES = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-allow-origins',
  'inspect',
  'inspect-brk',
  'js-flags',
  'ignore-certificate-errors',
  'ignore-certificate-errors-spki-list',
  'ignore-urlfetcher-cert-requests',
  'allow-insecure-localhost',
  'host-rules',
  'host-resolver-rules',
  'disable-web-security',
  'allow-running-insecure-content',
  'ssl-key-log-file',
  'log-net-log',
  'load-extension',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'gpu-launcher',
] as const;

/** A switch on the command line that the installed app does not run with; the message names it. */
export class SwitchError extends Error {
  readonly code = 'switch';
}

/** Throws `SwitchError` when the installed app was started in a way that opens it to others. */
export function refuseUnsafeSwitches(commandLine: { hasSwitch(name: string): boolean }, isPackaged: boolean): void {
  const found = FORBIDDEN_SWITCHES.find((name) => isPackaged && commandLine.hasSwitch(name));
  if (found === undefined) return;
  throw new SwitchError(`The app does not run with --${found}: it would open your login to other programs.`);
}

/** Ends a start that failed: one sentence where a person can mend it, otherwise where to look. */
export function failStart(error: unknown): void {
  const isExpected =
    error instanceof EnvironmentError ||
    error instanceof ClockSpecError ||
    error instanceof HomeInUseError ||
    error instanceof SwitchError ||
    error instanceof HomePathError;
  const text = isExpected ? error.message : 'The app could not be started.';
  process.stderr.write(`${isExpected || !(error instanceof Error) ? text : error.stack}\n`);
  if (app.isReady()) dialog.showErrorBox(APP_NAME, text);
  app.exit(1);
}
