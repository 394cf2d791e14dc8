import { once } from 'node:events';
import { join } from 'node:path';
import { type ElectronApplication, expect, type Page } from '@playwright/test';
import { type ElectronStart, endElectron, launchElectron as launch } from '../support/real-electron.ts';
import type { DesktopApp, DesktopDialog, DesktopNotification, DesktopTray, LaunchOptions } from './desktop-app.ts';
import { mainBundle } from './desktop-app.ts';
import { electronSystem } from './electron-system.ts';

/** What `electron-probe.cjs` keeps in the main process: Electron itself does not list these. */
interface Probe {
  tray(): DesktopTray | null;
  clickTray(): void;
  chooseFromTray(label: string): void;
  notifications(): readonly DesktopNotification[];
  clickNotification(): void;
  dialogs(): readonly DesktopDialog[];
  answerDialog(button: string): void;
  openedExternally(): readonly string[];
  loginCookies(): Promise<readonly string[]>;
}

/** How long the app may take to show something; real ms. */
const PATIENCE = { timeout: 20_000 };

/** The app on the real binary. */
export async function launchElectron({ home, args = [], env = {} }: LaunchOptions): Promise<DesktopApp> {
  const start: ElectronStart = {
    executablePath: process.env.MDTS_ELECTRON ?? '',
    args: ['--require', join(import.meta.dirname, 'electron-probe.cjs'), mainBundle],
    env: { HOME: home, XDG_CONFIG_HOME: join(home, '.config'), ...env },
  };
  const app = await launch({ ...start, args: [...start.args, ...args] });
  let output = '';
  for (const stream of [app.process().stdout, app.process().stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const exit = once(app.process(), 'exit').then(([code]) => (typeof code === 'number' ? code : null));
  return {
    windows: () =>
      app.evaluate(({ BrowserWindow, session }) =>
        BrowserWindow.getAllWindows().map((window) => {
          const contents = window.webContents;
          const isApps = contents.session === session.defaultSession;
          return {
            title: window.getTitle(),
            url: contents.getURL(),
            visible: window.isVisible(),
            focused: window.isFocused(),
            storage: isApps ? 'app' : contents.session.isPersistent() ? 'disk' : 'memory',
          };
        }),
      ),
    page: () => pageOf(app, (url) => url.startsWith('app://main/')),
    tray: () => theTray(app),
    openFromTray: async () => {
      await theTray(app);
      if (process.platform === 'darwin') await ask(app, 'chooseFromTray', 'Open');
      else await ask(app, 'clickTray');
    },
    chooseFromTray: async (label) => {
      await expect.poll(async () => (await theTray(app)).items, PATIENCE).toContain(label);
      await ask(app, 'chooseFromTray', label);
    },
    notifications: () => ask(app, 'notifications'),
    clickNotification: () => ask(app, 'clickNotification'),
    dialogs: () => ask(app, 'dialogs'),
    answerDialog: (button) => ask(app, 'answerDialog', button),
    loginPage: () => pageOf(app, (url) => /^https?:/.test(url)),
    closeLoginWindow: () =>
      app.evaluate(({ BrowserWindow, session }) => {
        const isLogin = ({ webContents }: Electron.BrowserWindow) => webContents.session !== session.defaultSession;
        BrowserWindow.getAllWindows().find(isLogin)?.close();
      }),
    loginCookies: () => ask(app, 'loginCookies'),
    openedExternally: () => ask(app, 'openedExternally'),
    get output() {
      return output;
    },
    system: electronSystem(app, start),
    exit,
    [Symbol.asyncDispose]: () => endElectron(app),
  };
}

/** Calls a function of the probe's, in the main process. */
function ask<Name extends keyof Probe>(
  app: ElectronApplication,
  name: Name,
  ...args: Parameters<Probe[Name]>
): Promise<Awaited<ReturnType<Probe[Name]>>> {
  return app.evaluate(
    (_modules, call) => {
      const { mdtsProbe } = globalThis as unknown as { mdtsProbe: Record<string, (...args: unknown[]) => unknown> };
      const answer = mdtsProbe[call.name];
      if (answer === undefined) throw new Error(`the probe has no ${call.name}`);
      return answer(...call.args);
    },
    { name, args: args as unknown[] },
  ) as Promise<Awaited<ReturnType<Probe[Name]>>>;
}

/** A page has its address some time after its window. */
async function pageOf(app: ElectronApplication, fits: (url: string) => boolean): Promise<Page> {
  const found = (): Page | undefined => app.windows().find((page) => fits(page.url()));
  await expect.poll(() => found() !== undefined, PATIENCE).toBe(true);
  const page = found();
  if (page === undefined) throw new Error('the window is gone again');
  await page.waitForLoadState();
  return page;
}

/** The tray icon comes when the desk has opened, which is after the app has started. */
async function theTray(app: ElectronApplication): Promise<DesktopTray> {
  await expect.poll(async () => (await ask(app, 'tray')) !== null, PATIENCE).toBe(true);
  const tray = await ask(app, 'tray');
  if (tray === null) throw new Error('the tray icon is gone again');
  return tray;
}
