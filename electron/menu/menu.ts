import { app, Menu, nativeTheme } from 'electron/main';
import type { DeskWatch } from '../desk-watch.ts';
import { type MenuActions, type MenuState, menuStateOf, menuTemplate } from './menu-template.ts';

/** Keeps the application menu with the desk. */
export function setupMenu(watch: DeskWatch, actions: MenuActions): Disposable {
  let shown: MenuState | null = null;
  const show = (state: MenuState): void => {
    if (shown?.paused === state.paused && shown.theme === state.theme) return;
    shown = state;
    const options = { platform: process.platform, developer: !app.isPackaged };
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(state, actions, options)));
  };
  show(menuStateOf(watch.state));
  return watch.onChange((state) => show(menuStateOf(state)));
}

/** Dark or light as the settings say, for the pages and for the system's own parts of the windows. */
export function setupTheme(watch: DeskWatch): Disposable {
  const apply = (): void => {
    const { theme } = watch.state.settings;
    if (nativeTheme.themeSource !== theme) nativeTheme.themeSource = theme;
  };
  apply();
  return watch.onChange(apply);
}
