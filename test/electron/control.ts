import type { WebFrameMain as ElectronWebFrameMain } from 'electron';
import { app } from './app.ts';
import type { BrowserWindow } from './browser-window.ts';
import { onChange } from './changes.ts';
import { debuggingAddress } from './chromium.ts';
import type { ControlMessage, ControlOperations, ControlRequest, ForgedFrame, WindowInfo } from './control-protocol.ts';
import { answerDialog, openDialogs, prepareDialogAnswer, shownDialogs } from './dialog.ts';
import { asElectron, electronEvent, StandInError } from './guard.ts';
import { ipcMain } from './ipc-main.ts';
import { currentApplicationMenu } from './menu.ts';
import { nativeTheme } from './native-theme.ts';
import { setOnline } from './net.ts';
import { type Notification, shownNotifications } from './notification.ts';
import { sleepPc } from './pc-clock.ts';
import { powerMonitor } from './power-monitor.ts';
import { activeBlockers } from './power-save-blocker.ts';
import { screen } from './screen.ts';
import { allSessions, attemptedDownloads } from './session.ts';
import { openedExternally } from './shell.ts';
import { createWire } from './structured-clone-wire.ts';
import { liveTrays, type Tray } from './tray.ts';
import { allWindows } from './windows.ts';

type Awaitable<Operation> = Operation extends (...args: infer Args) => infer Value
  ? (...args: Args) => Value | Promise<Value>
  : never;

const operations: { readonly [Name in keyof ControlOperations]: Awaitable<ControlOperations[Name]> } = {
  app: () => app.describe(),
  debuggingAddress,
  windows: () => Promise.all(allWindows().map(describeWindow)),
  closeWindow: (id) => windowOf(id).close(),
  endSession: (id) => void windowOf(id).emit('session-end', electronEvent({ reasons: ['shutdown'] })),
  placeWindow: (id, bounds) => windowOf(id).setBounds(bounds),
  minimizeWindow: (id) => windowOf(id).minimize(),
  restoreWindow: (id) => windowOf(id).restore(),
  crashRenderer: (id) => windowOf(id).contents.forcefullyCrashRenderer(),
  setResponsive: (id, responsive) => windowOf(id).setResponsive(responsive),
  trays: () => liveTrays().map((tray) => tray.describe()),
  clickTray: () => theTray().press(),
  chooseFromTray: (path) => theTray().choose(path),
  menu: () => currentApplicationMenu().describe(),
  chooseFromMenu: (path) => currentApplicationMenu().choose(path),
  notifications: () => shownNotifications().map((notification) => notification.describe()),
  clickNotification: (id) => notificationOf(id).press(),
  clickNotificationAction: (id, label) => notificationOf(id).pressAction(label),
  dismissNotification: (id) => notificationOf(id).dismissed('userCanceled'),
  dialogs: openDialogs,
  shownDialogs,
  answerDialog,
  prepareDialogAnswer,
  openedExternally,
  downloads: attemptedDownloads,
  ipcListeners: (channel) => ipcMain.listenerCount(channel),
  powerSaveBlockers: activeBlockers,
  power: (event) => powerMonitor.happen(event),
  sleepPc,
  online: setOnline,
  systemTheme: (scheme) => nativeTheme.setSystem(scheme),
  displays: (displays) => screen.setDisplays(displays),
  childProcessGone: (type, reason) => {
    app.emit('child-process-gone', electronEvent({}), { type, reason, exitCode: 1, name: type });
  },
  permission: (id, permission) => {
    const { contents, webContents } = windowOf(id);
    return contents.standInSession.requestPermission(webContents, permission);
  },
  deniesDevices: (id) => windowOf(id).contents.standInSession.deniesDevices,
  sideCookies: async () => {
    const names = await Promise.all(allSessions().map((session) => (session.isDefault ? [] : session.cookieNames())));
    return names.flat();
  },
  forgeInvoke: async (id, forged, channel, args) => {
    const { contents } = windowOf(id);
    const { mainFrame } = contents;
    const message = { kind: 'invoke', id: 0, channel, args: createWire().encode(args) } as const;
    if (typeof forged !== 'object' || !('documentOrigin' in forged)) {
      return contents.receive(forgedFrame(forged, mainFrame), message);
    }
    Object.defineProperty(mainFrame, 'origin', { get: () => forged.documentOrigin, configurable: true });
    try {
      return await contents.receive(mainFrame, message);
    } finally {
      Reflect.deleteProperty(mainFrame, 'origin');
    }
  },
  activate: () => {
    app.emit('activate', electronEvent({}), allWindows().length > 0);
  },
  quit: () => app.quit(),
};

/** Answers the process that started this one, when it keeps a channel to it. False when there is none. */
export function offerControl(): boolean {
  if (process.send === undefined) return false;
  const send = (message: ControlMessage): void => {
    if (process.connected) process.send?.(message);
  };
  process.on('message', (message: ControlRequest) => {
    if (message.kind === 'stand-in') void answer(message, send);
  });
  // The test is gone, and with it whoever would have ended this process.
  process.on('disconnect', () => app.exit(1));
  onChange((what) => send({ kind: 'stand-in', type: 'changed', what }));
  return true;
}

async function answer(request: ControlRequest, send: (message: ControlMessage) => void): Promise<void> {
  const { id, name, args } = request;
  try {
    const operation = operations[name] as (...values: readonly unknown[]) => unknown;
    send({ kind: 'stand-in', type: 'value', id, value: await operation(...args) });
  } catch (error) {
    send({ kind: 'stand-in', type: 'error', id, message: error instanceof Error ? error.message : String(error) });
  }
}

async function describeWindow(window: BrowserWindow): Promise<WindowInfo> {
  const { id, title, contents } = window;
  return {
    id,
    title,
    url: contents.getURL(),
    partition: contents.standInSession.partition,
    bounds: window.getBounds(),
    visible: window.isVisible(),
    focused: window.isFocused(),
    minimized: window.isMinimized(),
    crashed: contents.isCrashed(),
    loading: contents.isLoading(),
    hasPreload: contents.preferences.preload !== undefined,
    targetId: await contents.targetId(),
  };
}

function windowOf(id: number): BrowserWindow {
  const window = allWindows().find((candidate) => candidate.id === id);
  if (window === undefined) throw new StandInError(`there is no window ${id}`);
  return window;
}

function theTray(): Tray {
  const [tray, ...others] = liveTrays();
  if (tray === undefined || others.length > 0) throw new StandInError(`there are ${liveTrays().length} trays, not one`);
  return tray;
}

function notificationOf(id: string): Notification {
  const notification = shownNotifications().findLast((candidate) => candidate.id === id);
  if (notification === undefined) throw new StandInError(`no notification ${id} was shown`);
  return notification;
}

function forgedFrame(
  forged: Exclude<ForgedFrame, { readonly documentOrigin: string }>,
  main: ElectronWebFrameMain,
): ElectronWebFrameMain | null {
  if (forged === 'null') return null;
  if (forged === 'main') return main;
  const { url, origin, below } = forged;
  return asElectron({ url, origin, parent: below ? main : null, top: main, detached: false, routingId: 0 });
}
