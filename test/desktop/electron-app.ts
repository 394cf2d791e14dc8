import { once } from 'node:events';
import { join } from 'node:path';
import { type ElectronApplication, _electron as electron } from '@playwright/test';
import type { DesktopApp, DesktopTray, LaunchOptions } from './desktop-app.ts';
import { mainBundle } from './desktop-app.ts';

/** What `electron-probe.cjs` keeps in the main process: Electron itself lists no trays. */
interface Probe {
  readonly mdtsProbe: { tray(): DesktopTray | null; clickTray(): void; chooseFromTray(label: string): void };
}

/** The app on the real binary. It has to be one whose fuses still let Playwright in: the one from npm. */
export async function launchElectron({ home, args = [], env = {} }: LaunchOptions): Promise<DesktopApp> {
  const app = await electron.launch({
    executablePath: process.env.MDTS_ELECTRON ?? '',
    args: ['--require', join(import.meta.dirname, 'electron-probe.cjs'), mainBundle, ...args],
    env: { ...definedEnvironment(), HOME: home, XDG_CONFIG_HOME: join(home, '.config'), ...env },
  });
  const exit = once(app.process(), 'exit').then(([code]) => (typeof code === 'number' ? code : null));
  return {
    windows: () =>
      app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => ({
          title: window.getTitle(),
          url: window.webContents.getURL(),
          visible: window.isVisible(),
          focused: window.isFocused(),
        })),
      ),
    page: async () => {
      const isMain = (url: string): boolean => url.startsWith('app://main/');
      const open = app.windows().find((page) => isMain(page.url()));
      const page = open ?? (await app.waitForEvent('window', { predicate: async (each) => isMain(each.url()) }));
      await page.waitForLoadState();
      return page;
    },
    tray: () => theTray(app),
    clickTray: () => app.evaluate(() => (globalThis as unknown as Probe).mdtsProbe.clickTray()),
    chooseFromTray: (label) =>
      app.evaluate((_modules, chosen) => (globalThis as unknown as Probe).mdtsProbe.chooseFromTray(chosen), label),
    exit,
    [Symbol.asyncDispose]: () => app.close(),
  };
}

async function theTray(app: ElectronApplication): Promise<DesktopTray> {
  const tray = await app.evaluate(() => (globalThis as unknown as Probe).mdtsProbe.tray());
  if (tray === null) throw new Error('the app has no tray icon yet');
  return tray;
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
