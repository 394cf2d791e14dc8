import { StandInDesktop } from '../electron/desktop.ts';
import { type DesktopApp, type LaunchOptions, mainBundle } from './desktop-app.ts';

/** The app on the stand-in of Electron. */
export async function launchStandIn({ home, args = [], env = {} }: LaunchOptions): Promise<DesktopApp> {
  const desktop = new StandInDesktop({ main: mainBundle, home, args, env });
  const theTray = async () => {
    const [tray] = await desktop.until(
      () => desktop.call('trays'),
      (trays) => trays.length > 0,
    );
    if (tray === undefined) throw new Error('the tray icon is gone again');
    return tray;
  };
  return {
    windows: () => desktop.call('windows'),
    page: () => desktop.page(({ hasPreload }) => hasPreload),
    tray: async () => {
      const { image, toolTip, menu } = await theTray();
      return { image, toolTip, items: menu.map(({ label }) => label) };
    },
    clickTray: () => desktop.call('clickTray'),
    chooseFromTray: (label) => desktop.call('chooseFromTray', [label]),
    exit: desktop.exit.then(({ code }) => code),
    [Symbol.asyncDispose]: () => desktop[Symbol.asyncDispose](),
  };
}
