import type { MenuItemConstructorOptions } from 'electron/main';
import type { DeskState } from '../../src/contract/state.ts';

export type Theme = DeskState['settings']['theme'];

export interface MenuActions {
  signIn(): void;
  setPaused(paused: boolean): void;
  setTheme(theme: Theme): void;
  showWakeHelp(): void;
  openLink(url: string): void;
}

/** What the menu shows of the desk; it is built anew when this changes. */
export interface MenuState {
  readonly paused: boolean;
  readonly theme: Theme;
}

export function menuStateOf({ feed, settings }: DeskState): MenuState {
  return { paused: feed.paused, theme: settings.theme };
}

/** The application menu. Roles bring the system's own words, keys and behaviour. */
export function menuTemplate(
  { paused, theme }: MenuState,
  actions: MenuActions,
  { platform, developer }: { readonly platform: NodeJS.Platform; readonly developer: boolean },
): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const quit: MenuItemConstructorOptions = { role: 'quit', label: isMac ? 'Quit MyDailyTradingSignals' : 'Quit' };
  const themeItem = (label: string, value: Theme): MenuItemConstructorOptions => ({
    label,
    type: 'radio',
    checked: theme === value,
    click: () => actions.setTheme(value),
  });

  const application: MenuItemConstructorOptions = {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      quit,
    ],
  };
  const desk: MenuItemConstructorOptions = {
    label: '&Desk',
    submenu: [
      { id: 'sign-in', label: 'Sign In to Kite…', accelerator: 'CmdOrCtrl+L', click: () => actions.signIn() },
      {
        id: 'pause',
        label: paused ? 'Resume Feed' : 'Pause Feed',
        click: () => actions.setPaused(!paused),
      },
      separator,
      { role: 'close', label: 'Close Window' },
      ...(isMac ? [] : [quit]),
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: '&View',
    submenu: [
      {
        label: 'Appearance',
        submenu: [themeItem('Like the System', 'system'), themeItem('Dark', 'dark'), themeItem('Light', 'light')],
      },
      separator,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      separator,
      { role: 'reload' },
      ...(developer ? [{ role: 'toggleDevTools' } as const] : []),
    ],
  };
  const help: MenuItemConstructorOptions = {
    role: 'help',
    label: '&Help',
    submenu: [
      { id: 'wake-help', label: 'Waking a Sleeping PC…', click: () => actions.showWakeHelp() },
      { label: 'Kite Developer Console', click: () => actions.openLink('https://developers.kite.trade/apps') },
      ...(isMac ? [] : [separator, { role: 'about', label: 'About' } as const]),
    ],
  };
  return [...(isMac ? [application] : []), desk, { role: 'editMenu' }, view, { role: 'windowMenu' }, help];
}
