import { EventEmitter } from 'node:events';
import type { Menu as ElectronMenu, MenuItem as ElectronMenuItem, MenuItemConstructorOptions } from 'electron';
import { changed } from './changes.ts';
import { asElectron, electronEvent, guardClass, StandInError } from './guard.ts';
import { runRole } from './menu-roles.ts';

/** A menu as a person sees it. */
export interface MenuItemInfo {
  readonly label: string;
  readonly type: MenuItem['type'];
  readonly enabled: boolean;
  readonly checked: boolean;
  readonly role: string | null;
  readonly accelerator: string | null;
  readonly submenu: readonly MenuItemInfo[];
}

let nextCommandId = 1;

export class MenuItem
  implements
    Pick<ElectronMenuItem, 'checked' | 'commandId' | 'enabled' | 'id' | 'label' | 'sublabel' | 'toolTip' | 'visible'>
{
  static {
    guardClass('MenuItem', MenuItem);
  }

  readonly commandId = nextCommandId++;
  readonly id: string;
  readonly type: 'normal' | 'separator' | 'submenu' | 'checkbox' | 'radio' | 'header' | 'palette';
  readonly role: MenuItemConstructorOptions['role'];
  readonly accelerator: string | null;
  readonly submenu: Menu | null;
  label: string;
  sublabel: string;
  toolTip: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  private readonly onClick: MenuItemConstructorOptions['click'];

  constructor(options: MenuItemConstructorOptions) {
    const { submenu, role, type, accelerator } = options;
    this.submenu =
      submenu === undefined ? null : Array.isArray(submenu) ? Menu.fromTemplate(submenu) : (submenu as unknown as Menu);
    this.role = role;
    this.id = options.id ?? '';
    this.label = options.label ?? role ?? '';
    this.sublabel = options.sublabel ?? '';
    this.toolTip = options.toolTip ?? '';
    this.type = type ?? (this.submenu === null ? 'normal' : 'submenu');
    this.accelerator = accelerator ?? null;
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    this.onClick = options.click;
  }

  /** A person chooses the item. */
  choose(): void {
    if (!this.enabled || !this.visible) throw new StandInError(`the menu item "${this.label}" cannot be chosen now`);
    if (this.type === 'checkbox') this.checked = !this.checked;
    if (this.role !== undefined) {
      runRole(this.role);
      return;
    }
    this.onClick?.(
      asElectron<ElectronMenuItem>(this),
      undefined,
      asElectron(electronEvent({ triggeredByAccelerator: false })),
    );
  }

  describe(): MenuItemInfo {
    const { label, type, enabled, checked, role, accelerator, submenu } = this;
    return { label, type, enabled, checked, role: role ?? null, accelerator, submenu: submenu?.describe() ?? [] };
  }
}

export class Menu extends EventEmitter implements Pick<ElectronMenu, 'closePopup' | 'getMenuItemById' | 'popup'> {
  static {
    guardClass('Menu', Menu);
  }

  readonly entries: MenuItem[] = [];

  static fromTemplate(template: readonly (MenuItemConstructorOptions | ElectronMenuItem)[]): Menu {
    const menu = new Menu();
    for (const entry of template)
      menu.entries.push(entry instanceof MenuItem ? entry : new MenuItem(entry as MenuItemConstructorOptions));
    return menu;
  }

  static buildFromTemplate(template: (MenuItemConstructorOptions | ElectronMenuItem)[]): ElectronMenu {
    return asElectron<ElectronMenu>(Menu.fromTemplate(template));
  }

  static setApplicationMenu(menu: ElectronMenu | null): void {
    applicationMenu = menu === null ? null : menuOf(menu);
    changed('menu');
  }

  static getApplicationMenu(): ElectronMenu | null {
    return applicationMenu === null ? null : asElectron<ElectronMenu>(applicationMenu);
  }

  get items(): ElectronMenuItem[] {
    return this.entries.map((entry) => asElectron<ElectronMenuItem>(entry));
  }

  append(item: ElectronMenuItem): void {
    this.insert(this.entries.length, item);
  }

  insert(position: number, item: ElectronMenuItem): void {
    const entry: unknown = item;
    if (!(entry instanceof MenuItem)) throw new StandInError('not a menu item made by MenuItem');
    this.entries.splice(position, 0, entry);
  }

  getMenuItemById(id: string): ElectronMenuItem | null {
    for (const entry of this.entries) {
      if (entry.id === id) return asElectron<ElectronMenuItem>(entry);
      const below = entry.submenu?.getMenuItemById(id) ?? null;
      if (below !== null) return below;
    }
    return null;
  }

  popup(): void {
    this.emit('menu-will-show', electronEvent({}));
  }

  closePopup(): void {
    this.emit('menu-will-close', electronEvent({}));
  }

  describe(): readonly MenuItemInfo[] {
    return this.entries.filter((entry) => entry.visible).map((entry) => entry.describe());
  }

  /** A person goes down the menu by its labels and chooses the last. */
  choose(path: readonly string[]): void {
    const [label, ...rest] = path;
    const entry = this.entries.find((candidate) => candidate.visible && candidate.label === label);
    if (entry === undefined) {
      throw new StandInError(`no menu item "${label}"; there are: ${this.entries.map((e) => e.label).join(', ')}`);
    }
    if (rest.length === 0) entry.choose();
    else if (entry.submenu === null) throw new StandInError(`the menu item "${label}" has no submenu`);
    else entry.submenu.choose(rest);
  }
}

let applicationMenu: Menu | null = null;

/** The stand-in's menu behind what an API was given. */
export function menuOf(menu: ElectronMenu): Menu {
  const found: unknown = menu;
  if (!(found instanceof Menu)) throw new StandInError('not a menu made by Menu');
  return found;
}

export function currentApplicationMenu(): Menu {
  if (applicationMenu === null) throw new StandInError('the app has no application menu');
  return applicationMenu;
}
