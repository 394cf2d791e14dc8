import type { Rectangle } from 'electron';
import type { AppInfo } from './app.ts';
import type { Changed } from './changes.ts';
import type { DialogAnswer, DialogInfo } from './dialog.ts';
import type { MenuItemInfo } from './menu.ts';
import type { NotificationInfo } from './notification.ts';
import type { PowerEvent } from './power-monitor.ts';
import type { DisplayInfo } from './screen.ts';
import type { DownloadInfo, Permission } from './session.ts';
import type { TrayInfo } from './tray.ts';

/** A window as a test sees it. */
export interface WindowInfo {
  readonly id: number;
  readonly title: string;
  readonly url: string;
  readonly partition: string;
  readonly bounds: Rectangle;
  readonly visible: boolean;
  readonly focused: boolean;
  readonly minimized: boolean;
  readonly crashed: boolean;
  readonly loading: boolean;
  readonly hasPreload: boolean;
  /** Chromium's name of the page; null while there is none. */
  readonly targetId: string | null;
}

/** The frame a forged message says it is from. `documentOrigin`: the page's own main one, with another's document in it. */
export type ForgedFrame =
  | 'null'
  | 'main'
  | { readonly url: string; readonly origin: string; readonly below: boolean }
  | { readonly documentOrigin: string };

/** What a test may ask the running desktop. Everything is what a person or the system could do, or could see. */
export interface ControlOperations {
  app(): AppInfo;
  debuggingAddress(): string;
  windows(): readonly WindowInfo[];
  closeWindow(id: number): void;
  /** Windows tells the window that the person's session ends. */
  endSession(id: number): void;
  /** A person moves or resizes the window. */
  placeWindow(id: number, bounds: Rectangle): void;
  minimizeWindow(id: number): void;
  restoreWindow(id: number): void;
  crashRenderer(id: number): void;
  setResponsive(id: number, responsive: boolean): void;
  trays(): readonly TrayInfo[];
  clickTray(): void;
  chooseFromTray(path: readonly string[]): void;
  menu(): readonly MenuItemInfo[];
  chooseFromMenu(path: readonly string[]): void;
  notifications(): readonly NotificationInfo[];
  clickNotification(id: string): void;
  clickNotificationAction(id: string, label: string): void;
  dismissNotification(id: string): void;
  dialogs(): readonly DialogInfo[];
  shownDialogs(): readonly DialogInfo[];
  answerDialog(id: number, answer: DialogAnswer): void;
  prepareDialogAnswer(answer: DialogAnswer): void;
  openedExternally(): readonly string[];
  /** What pages have wanted to save, oldest first. */
  downloads(): readonly DownloadInfo[];
  /** How many listeners of the app's a channel of `ipcMain.on` has. */
  ipcListeners(channel: string): number;
  powerSaveBlockers(): readonly string[];
  power(event: PowerEvent): void;
  /** Lets wall time pass, and nothing else; see `pc-clock.ts`. */
  sleepPc(forMs: number): void;
  online(online: boolean): void;
  systemTheme(scheme: 'light' | 'dark'): void;
  displays(displays: readonly [DisplayInfo, ...DisplayInfo[]]): void;
  childProcessGone(type: 'GPU' | 'Utility', reason: 'crashed' | 'killed'): void;
  permission(windowId: number, permission: Permission): boolean;
  deniesDevices(windowId: number): boolean;
  /** Names of the cookies in all sessions but the default one, those of closed windows included. */
  sideCookies(): readonly string[];
  /** Sends to `ipcMain` in another's name; the value or the error is what the renderer would have got. */
  forgeInvoke(windowId: number, frame: ForgedFrame, channel: string, args: readonly unknown[]): unknown;
  activate(): void;
  quit(): void;
}

export type OperationName = keyof ControlOperations;

/** From the test to the desktop, over Node's own channel between parent and child. */
export interface ControlRequest {
  readonly kind: 'stand-in';
  readonly id: number;
  readonly name: OperationName;
  readonly args: readonly unknown[];
}

/** From the desktop to the test. */
export type ControlMessage =
  | { readonly kind: 'stand-in'; readonly type: 'value'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'stand-in'; readonly type: 'error'; readonly id: number; readonly message: string }
  | { readonly kind: 'stand-in'; readonly type: 'changed'; readonly what: Changed };
