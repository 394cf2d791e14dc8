import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { DesktopSystem } from './desktop-system.ts';
import { launchElectron } from './electron-app.ts';
import { launchStandIn } from './stand-in-app.ts';

/** A window of the app, as the main process has it. */
export interface DesktopWindow {
  readonly title: string;
  readonly url: string;
  readonly visible: boolean;
  readonly focused: boolean;
  /** Where its page keeps cookies and the like: with the app's own pages, in memory only, or in a place of its own on disk. */
  readonly storage: 'app' | 'memory' | 'disk';
}

/** A system notification the app has shown. */
export interface DesktopNotification {
  readonly title: string;
  readonly body: string;
  /** It is to stay until the person has seen to it. */
  readonly urgent: boolean;
  /** Neither clicked away nor taken back. */
  readonly standing: boolean;
}

/** A message box that waits for an answer. */
export interface DesktopDialog {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
  /** The buttons that the keys stand for; null: none. */
  readonly byEnter: string | null;
  readonly byEscape: string | null;
}

/** The tray icon as a person sees it. */
export interface DesktopTray {
  /** The image's file name; null where the system does not tell it. */
  readonly image: string | null;
  readonly toolTip: string;
  readonly items: readonly string[];
}

export interface LaunchOptions {
  readonly home: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The running app, whatever it runs on; what a spec can see and do. Disposing ends it. */
export interface DesktopApp extends AsyncDisposable {
  windows(): Promise<readonly DesktopWindow[]>;
  /** The page of the main window, once it is loaded. */
  page(): Promise<Page>;
  tray(): Promise<DesktopTray>;
  /** Opens the app from there: by a click, on macOS from the menu that a click opens. */
  openFromTray(): Promise<void>;
  chooseFromTray(label: string): Promise<void>;
  /** Every notification shown so far, oldest first. */
  notifications(): Promise<readonly DesktopNotification[]>;
  /** Clicks the newest one that stands. */
  clickNotification(): Promise<void>;
  /** Message boxes that wait for an answer, oldest first. */
  dialogs(): Promise<readonly DesktopDialog[]>;
  /** Presses a button of the oldest one. */
  answerDialog(button: string): Promise<void>;
  /** The page of the login window, once there is one. */
  loginPage(): Promise<Page>;
  /** Closes the login window as its close button does. */
  closeLoginWindow(): Promise<void>;
  /** Names of the cookies in every session of the app's other than that of its own pages, ended logins' included. */
  loginCookies(): Promise<readonly string[]>;
  /** Addresses given to the system's browser, oldest first. */
  openedExternally(): Promise<readonly string[]>;
  /** Everything written to stdout and stderr so far. */
  readonly output: string;
  /** The desktop around it. */
  readonly system: DesktopSystem;
  /** The exit code, once the process has ended. */
  readonly exit: Promise<number | null>;
}

/** The built main process: what is tested is what is packed. */
export const mainBundle = join(import.meta.dirname, '..', '..', 'out', 'electron', 'main.mjs');

/** What the specs run on; `npm run test:desktop` sets it. */
export const ranOn: 'stand-in' | 'electron' = process.env.MDTS_DESKTOP === 'electron' ? 'electron' : 'stand-in';

/** The tray's image file of a state; on macOS they have a name of their own. Null on the real binary, which tells none. */
export function trayImage(state: 'live' | 'rest' | 'action' | 'idle'): string | null {
  return ranOn === 'electron' ? null : `tray-${state}${process.platform === 'darwin' ? 'Template' : ''}.png`;
}

/** Starts the app as a person would. */
export function launchDesktop(options: LaunchOptions): Promise<DesktopApp> {
  return ranOn === 'electron' ? launchElectron(options) : launchStandIn(options);
}
