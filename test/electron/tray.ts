import { EventEmitter } from 'node:events';
import { basename } from 'node:path';
import type {
  Menu as ElectronMenu,
  NativeImage as ElectronNativeImage,
  Tray as ElectronTray,
  Rectangle,
} from 'electron';
import { changed } from './changes.ts';
import { electronEvent, guardClass, StandInError } from './guard.ts';
import { type Menu, type MenuItemInfo, menuOf } from './menu.ts';
import { imageOf, type NativeImage } from './native-image.ts';

type Provided = Pick<
  ElectronTray,
  | 'destroy'
  | 'getBounds'
  | 'getIgnoreDoubleClickEvents'
  | 'getTitle'
  | 'isDestroyed'
  | 'popUpContextMenu'
  | 'setContextMenu'
  | 'setIgnoreDoubleClickEvents'
  | 'setImage'
  | 'setPressedImage'
  | 'setTitle'
  | 'setToolTip'
>;

/** A tray icon as a person sees it. */
export interface TrayInfo {
  /** The name of the image's file; null when it was not made from one. */
  readonly image: string | null;
  readonly toolTip: string;
  readonly title: string;
  readonly menu: readonly MenuItemInfo[];
}

const trays = new Set<Tray>();

export class Tray extends EventEmitter implements Provided {
  static {
    guardClass('Tray', Tray);
  }

  private image: NativeImage;
  private toolTip = '';
  private title = '';
  private menu: Menu | null = null;
  private ignoresDoubleClick = false;

  constructor(image: ElectronNativeImage | string) {
    super();
    this.image = imageOf(image);
    if (this.image.isEmpty()) throw new StandInError('a tray needs an image that is not empty');
    trays.add(this);
    changed('tray');
  }

  setImage(image: ElectronNativeImage | string): void {
    this.image = imageOf(image);
    changed('tray');
  }

  setPressedImage(image: ElectronNativeImage | string): void {
    imageOf(image);
  }

  setToolTip(toolTip: string): void {
    this.toolTip = toolTip;
    changed('tray');
  }

  setTitle(title: string): void {
    this.title = title;
    changed('tray');
  }

  getTitle(): string {
    return this.title;
  }

  setContextMenu(menu: ElectronMenu | null): void {
    this.menu = menu === null ? null : menuOf(menu);
    changed('tray');
  }

  popUpContextMenu(menu?: ElectronMenu): void {
    (menu === undefined ? this.menu : menuOf(menu))?.popup();
  }

  setIgnoreDoubleClickEvents(ignore: boolean): void {
    this.ignoresDoubleClick = ignore;
  }

  getIgnoreDoubleClickEvents(): boolean {
    return this.ignoresDoubleClick;
  }

  getBounds(): Rectangle {
    return { x: 0, y: 0, width: 24, height: 24 };
  }

  destroy(): void {
    trays.delete(this);
    changed('tray');
  }

  isDestroyed(): boolean {
    return !trays.has(this);
  }

  describe(): TrayInfo {
    const { path } = this.image;
    const image = path === null ? null : basename(path);
    return { image, toolTip: this.toolTip, title: this.title, menu: this.menu?.describe() ?? [] };
  }

  /** A person clicks the icon. */
  press(): void {
    this.emit('click', electronEvent({}), this.getBounds(), { x: 0, y: 0 });
  }

  /** A person chooses from the icon's menu. */
  choose(path: readonly string[]): void {
    if (this.menu === null) throw new StandInError('the tray has no menu');
    this.menu.choose(path);
  }
}

export function liveTrays(): readonly Tray[] {
  return [...trays];
}
