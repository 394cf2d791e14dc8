import { join } from 'node:path';
import { nativeImage } from 'electron/common';
import { Menu, Tray } from 'electron/main';
import type { DeskWatch } from '../desk-watch.ts';
import { iconFolder } from '../identity.ts';
import { type TrayCommand, type TrayIcon, type TrayModel, trayModel } from './tray-model.ts';

export interface TrayOptions {
  readonly watch: DeskWatch;
  readonly run: (command: TrayCommand) => void;
}

/** Puts the app into the tray and keeps icon, tooltip and menu with the desk. Disposing takes it out. */
export function setupTray({ watch, run }: TrayOptions): Disposable {
  const tray = new Tray(imageFor('idle'));
  let shown: TrayModel | null = null;

  const show = (model: TrayModel): void => {
    if (model.icon !== shown?.icon) tray.setImage(imageFor(model.icon));
    if (model.tooltip !== shown?.tooltip) tray.setToolTip(model.tooltip);
    if (!isSameMenu(model, shown)) tray.setContextMenu(menuFor(model, run));
    shown = model;
  };
  show(trayModel(watch.state, watch.now()));
  // On macOS a click opens the menu, as it should: the window would come up behind it each time.
  if (process.platform !== 'darwin') tray.on('click', () => run('open'));

  const resources = new DisposableStack();
  resources.use(watch.onChange((state) => show(trayModel(state, watch.now()))));
  resources.defer(() => tray.destroy());
  return resources;
}

function menuFor({ items }: TrayModel, run: (command: TrayCommand) => void): Menu {
  return Menu.buildFromTemplate(items.map(({ label, command }) => ({ id: command, label, click: () => run(command) })));
}

/** Setting the menu anew closes it under the trader's pointer. */
function isSameMenu(model: TrayModel, shown: TrayModel | null): boolean {
  return shown !== null && model.items.every((item, index) => item.label === shown.items[index]?.label);
}

/** The menu bar of macOS paints its icons itself: there the shape alone tells. Denser screens take the `@2x` beside it. */
function imageFor(icon: TrayIcon) {
  const kind = process.platform === 'darwin' ? 'Template' : '';
  return nativeImage.createFromPath(join(iconFolder, `tray-${icon}${kind}.png`));
}
