import type { WindowInfo } from '../electron/control-protocol.ts';
import { type DesktopOptions, StandInDesktop } from '../electron/desktop.ts';
import type { DesktopSystem } from './desktop-system.ts';

/** The desktop around an app on the stand-in; `options`: what it was started with. */
export function standInSystem(desktop: StandInDesktop, options: DesktopOptions): DesktopSystem {
  const theWindow = (): Promise<WindowInfo> => desktop.window(({ partition }) => partition === '');
  const id = async (): Promise<number> => (await theWindow()).id;
  return {
    windowPlace: async () => {
      const { bounds, minimized } = await theWindow();
      return { bounds, minimized };
    },
    placeWindow: async (bounds) => desktop.call('placeWindow', await id(), bounds),
    closeWindow: async () => desktop.call('closeWindow', await id()),
    endSession: async () => desktop.call('endSession', await id()),
    systemTheme: (scheme) => desktop.call('systemTheme', scheme),
    minimizeWindow: async () => desktop.call('minimizeWindow', await id()),
    restoreWindow: async () => desktop.call('restoreWindow', await id()),
    crashWindow: async () => desktop.call('crashRenderer', await id()),
    hangWindow: async () => desktop.call('setResponsive', await id(), false),
    killHelper: () => desktop.call('childProcessGone', 'GPU', 'crashed'),
    setDisplays: ([first, ...others]) => {
      const scaled = others.map((display) => ({ ...display, scaleFactor: 1 }));
      return desktop.call('displays', [{ ...first, scaleFactor: 1 }, ...scaled]);
    },
    quit: () => desktop.call('quit'),
    terminate: async () => void process.kill(desktop.pid, 'SIGTERM'),
    chooseFromMenu: (...path) => desktop.call('chooseFromMenu', path),
    activate: () => desktop.call('activate'),
    startAgain: async (args) => {
      await using second = new StandInDesktop({ ...options, args });
      return (await second.exit).code;
    },
    power: (event) => desktop.call('power', event),
    sleepPc: (forMs) => desktop.call('sleepPc', forMs),
    setOnline: (online) => desktop.call('online', online),
    sleepBlockers: async () => (await desktop.call('powerSaveBlockers')).length,
    isSandboxed: async () => (await desktop.call('app')).sandboxed,
    ipcListeners: (channel) => desktop.call('ipcListeners', channel),
    downloads: () => desktop.call('downloads'),
    grants: async (permission) => desktop.call('permission', await id(), permission),
    deniesDevices: async () => desktop.call('deniesDevices', await id()),
    forgeInvoke: async (frame, channel, args) => desktop.call('forgeInvoke', await id(), frame, channel, args),
    forgeInvokeFromLogin: async (channel, args) => {
      const login = await desktop.window(({ partition, url }) => partition !== '' && url !== '');
      return desktop.call('forgeInvoke', login.id, 'main', channel, args);
    },
  };
}
