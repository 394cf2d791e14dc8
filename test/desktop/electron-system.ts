import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ElectronApplication } from '@playwright/test';
import type { BrowserWindow } from 'electron';
import { type ElectronStart, environmentWith } from '../support/real-electron.ts';
import type { DesktopDownload, DesktopSystem } from './desktop-system.ts';

/** Ids that Electron gives its blockers count from 0; more than these were never started. */
const BLOCKERS_LOOKED_AT = 50;

/** The desktop around an app on the real binary; `start`: as it was started, without the arguments of its own. What only a person or the system can do there rejects. */
export function electronSystem(app: ElectronApplication, start: ElectronStart): DesktopSystem {
  /** `run` becomes source text in the main process: it can use its argument only. */
  const withWindow = async <Value>(run: (window: BrowserWindow) => Value): Promise<Value> => {
    const handle = await app.evaluateHandle(({ BrowserWindow: windows }) => {
      const main = windows.getAllWindows().find(({ webContents }) => webContents.getURL().startsWith('app://main/'));
      if (main === undefined) throw new Error('there is no main window');
      return main;
    });
    return handle.evaluate(run) as Promise<Value>;
  };
  const notHere = (what: string) => (): Promise<never> =>
    Promise.reject(new Error(`${what} cannot be brought about on the real binary`));
  return {
    windowPlace: () => withWindow((window) => ({ bounds: window.getBounds(), minimized: window.isMinimized() })),
    placeWindow: async (bounds) => {
      await app.evaluate(({ BrowserWindow: windows }, place) => {
        const main = windows.getAllWindows().find(({ webContents }) => webContents.getURL().startsWith('app://main/'));
        main?.setBounds(place);
      }, bounds);
    },
    closeWindow: () => withWindow((window) => window.close()),
    endSession: () => withWindow((window) => void window.emit('session-end', {})),
    systemTheme: notHere('another appearance of the system'),
    minimizeWindow: () => withWindow((window) => window.minimize()),
    restoreWindow: () => withWindow((window) => window.restore()),
    crashWindow: () => withWindow((window) => window.webContents.forcefullyCrashRenderer()),
    hangWindow: notHere('a hanging page'),
    killHelper: () =>
      app.evaluate(({ app: main }) => {
        const helper = main.getAppMetrics().find(({ type }) => type === 'GPU' || type === 'Utility');
        if (helper === undefined) throw new Error('Chromium has no helper process');
        process.kill(helper.pid, 'SIGKILL');
      }),
    setDisplays: notHere('another display'),
    // Not within the call: its answer would be lost with the process.
    quit: () => app.evaluate(({ app: main }) => void setImmediate(() => main.quit())),
    terminate: () => app.evaluate(() => void setImmediate(() => process.emit('SIGTERM', 'SIGTERM'))),
    chooseFromMenu: (...path) =>
      app.evaluate(({ Menu }, labels) => {
        let menu = Menu.getApplicationMenu();
        let item: Electron.MenuItem | undefined;
        for (const label of labels) {
          item = menu?.items.find((each) => each.label === label);
          if (item === undefined) throw new Error(`the menu has no ${label}`);
          menu = item.submenu ?? null;
        }
        item?.click();
      }, path),
    activate: () => app.evaluate(({ app: main }) => void main.emit('activate', {}, false)),
    startAgain: async (args) => {
      const second = spawn(start.executablePath, [...start.args, ...args], {
        env: environmentWith(start.env),
        stdio: 'ignore',
      });
      const [code] = await once(second, 'exit');
      return typeof code === 'number' ? code : null;
    },
    power: (event) =>
      app.evaluate(({ powerMonitor }, name) => void powerMonitor.emit(name, { preventDefault: () => {} }), event),
    sleepPc: notHere('a sleeping PC'),
    setOnline: (online) =>
      app.evaluate(({ net }, isOnline) => {
        Object.assign(net, { isOnline: () => isOnline });
      }, online),
    sleepBlockers: () =>
      app.evaluate(
        ({ powerSaveBlocker }, count) =>
          Array.from({ length: count }, (_, index) => index).filter((index) => powerSaveBlocker.isStarted(index))
            .length,
        BLOCKERS_LOOKED_AT,
      ),
    isSandboxed: () => app.evaluate(({ app: main }) => main.commandLine.hasSwitch('enable-sandbox')),
    ipcListeners: (channel) => app.evaluate(({ ipcMain }, name) => ipcMain.listenerCount(name), channel),
    downloads: () =>
      app.evaluate(() => {
        const { mdtsProbe } = globalThis as unknown as { mdtsProbe: { downloads(): readonly DesktopDownload[] } };
        return mdtsProbe.downloads();
      }),
    grants: notHere('the question for a permission'),
    deniesDevices: notHere('the question for a device'),
    forgeInvoke: notHere('a forged sender'),
    forgeInvokeFromLogin: notHere('a forged sender'),
  };
}
