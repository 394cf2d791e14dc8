import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { dialog } from './dialog.ts';
import { guarded } from './guard.ts';
import { ipcMain } from './ipc-main.ts';
import { Menu, MenuItem } from './menu.ts';
import { type ModuleName, moduleNames } from './module-names.ts';
import { nativeImage } from './native-image.ts';
import { nativeTheme } from './native-theme.ts';
import { net } from './net.ts';
import { Notification } from './notification.ts';
import { powerMonitor } from './power-monitor.ts';
import { powerSaveBlocker } from './power-save-blocker.ts';
import { screen } from './screen.ts';
import { session } from './session.ts';
import { shell } from './shell.ts';
import { Tray } from './tray.ts';
import { webContents } from './web-contents-registry.ts';

/** The modules the stand-in has. Their shape is checked in `electron-modules.types.ts`. */
export const providedModules = {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol: session.defaultSession.protocol,
  screen,
  session,
  shell,
  Tray,
  webContents,
} satisfies Partial<Record<ModuleName, object>>;

/** Everything `electron` exports to a main process. A module the stand-in does not have throws when it is used. */
export const electronModules: Readonly<Record<ModuleName, object>> = {
  ...(Object.fromEntries(moduleNames.map((name) => [name, absent(name)])) as Record<ModuleName, object>),
  ...providedModules,
};

function absent(name: ModuleName): object {
  // A function, so that `new` and calls reach the guard as well as members do.
  const refuse = (): never => {
    throw new TypeError(`${name} is not part of the stand-in of Electron`);
  };
  return guarded(name, new Proxy(function absentModule() {}, { apply: refuse, construct: refuse }));
}
