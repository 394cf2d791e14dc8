import { StandInDesktop } from '../electron/desktop.ts';
import { type DesktopApp, type LaunchOptions, mainBundle } from './desktop-app.ts';
import { standInSystem } from './stand-in-system.ts';

/** The app on the stand-in of Electron. */
export async function launchStandIn({ home, args = [], env = {} }: LaunchOptions): Promise<DesktopApp> {
  const options = { main: mainBundle, home, args, env };
  const desktop = new StandInDesktop(options);
  const theTray = async () => {
    const [tray] = await desktop.until(
      () => desktop.call('trays'),
      (trays) => trays.length > 0,
    );
    if (tray === undefined) throw new Error('the tray icon is gone again');
    return tray;
  };
  return {
    windows: async () =>
      (await desktop.call('windows')).map(({ title, url, visible, focused, partition }) => {
        return { title, url, visible, focused, storage: storageOf(partition) };
      }),
    page: () => desktop.page(({ partition }) => partition === ''),
    tray: async () => {
      const { image, toolTip, menu } = await theTray();
      return { image, toolTip, items: menu.map(({ label }) => label) };
    },
    openFromTray: () =>
      process.platform === 'darwin' ? desktop.call('chooseFromTray', ['Open']) : desktop.call('clickTray'),
    chooseFromTray: (label) => desktop.call('chooseFromTray', [label]),
    notifications: async () =>
      (await desktop.call('notifications')).map(({ title, body, urgency, state }) => {
        return { title, body, urgent: urgency === 'critical', standing: state === 'shown' };
      }),
    clickNotification: async () => {
      const newest = (await desktop.call('notifications')).findLast(({ state }) => state === 'shown');
      if (newest === undefined) throw new Error('no notification stands');
      await desktop.call('clickNotification', newest.id);
    },
    dialogs: async () =>
      (await desktop.call('dialogs')).map(({ message, detail, buttons, byEnter, byEscape }) => {
        return { message, detail, buttons, byEnter, byEscape };
      }),
    answerDialog: async (button) => {
      const [oldest] = await desktop.call('dialogs');
      if (oldest === undefined) throw new Error('no dialog is open');
      await desktop.call('answerDialog', oldest.id, { button });
    },
    loginPage: () => desktop.page(({ partition }) => partition !== ''),
    closeLoginWindow: async () => {
      const { id } = await desktop.window(({ partition }) => partition !== '');
      await desktop.call('closeWindow', id);
    },
    loginCookies: () => desktop.call('sideCookies'),
    openedExternally: () => desktop.call('openedExternally'),
    get output() {
      return desktop.output;
    },
    system: standInSystem(desktop, options),
    exit: desktop.exit.then(({ code }) => code),
    [Symbol.asyncDispose]: () => desktop[Symbol.asyncDispose](),
  };
}

function storageOf(partition: string): 'app' | 'memory' | 'disk' {
  if (partition === '') return 'app';
  return partition.startsWith('persist:') ? 'disk' : 'memory';
}
