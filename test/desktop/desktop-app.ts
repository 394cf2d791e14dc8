import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { launchElectron } from './electron-app.ts';
import { launchStandIn } from './stand-in-app.ts';

/** A window of the app, as the main process has it. */
export interface DesktopWindow {
  readonly title: string;
  readonly url: string;
  readonly visible: boolean;
  readonly focused: boolean;
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
  clickTray(): Promise<void>;
  chooseFromTray(label: string): Promise<void>;
  /** The exit code, once the process has ended. */
  readonly exit: Promise<number | null>;
}

/** The built main process: what is tested is what is packed. */
export const mainBundle = join(import.meta.dirname, '..', '..', 'out', 'electron', 'main.mjs');

/** What the specs run on; `npm run test:desktop` sets it. */
export const ranOn: 'stand-in' | 'electron' = process.env.MDTS_DESKTOP === 'electron' ? 'electron' : 'stand-in';

/** Starts the app as a person would. */
export function launchDesktop(options: LaunchOptions): Promise<DesktopApp> {
  return ranOn === 'electron' ? launchElectron(options) : launchStandIn(options);
}
