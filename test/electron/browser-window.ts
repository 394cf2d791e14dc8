import { EventEmitter } from 'node:events';
import type {
  BrowserWindowConstructorOptions,
  BrowserWindow as ElectronBrowserWindow,
  Menu as ElectronMenu,
  WebContents as ElectronWebContents,
  Rectangle,
  WebPreferences,
} from 'electron';
import { changed } from './changes.ts';
import { asElectron, electronEvent, guardClass, StandInError } from './guard.ts';
import { menuOf } from './menu.ts';
import { defineRole } from './menu-roles.ts';
import { screen } from './screen.ts';
import { Session, session } from './session.ts';
import { WebContents } from './web-contents.ts';
import { addWindow, allWindows, focusedWindow, removeWindow } from './windows.ts';

type Provided = Pick<
  ElectronBrowserWindow,
  | 'blur'
  | 'center'
  | 'close'
  | 'destroy'
  | 'flashFrame'
  | 'focus'
  | 'getBounds'
  | 'getContentBounds'
  | 'getNormalBounds'
  | 'getParentWindow'
  | 'getPosition'
  | 'getSize'
  | 'getTitle'
  | 'hide'
  | 'id'
  | 'isDestroyed'
  | 'isFocused'
  | 'isFullScreen'
  | 'isMaximized'
  | 'isMinimized'
  | 'isVisible'
  | 'loadURL'
  | 'maximize'
  | 'minimize'
  | 'reload'
  | 'removeMenu'
  | 'restore'
  | 'setAutoHideMenuBar'
  | 'setBackgroundColor'
  | 'setBounds'
  | 'setFullScreen'
  | 'setIcon'
  | 'setMenu'
  | 'setMenuBarVisibility'
  | 'setMinimumSize'
  | 'setPosition'
  | 'setSize'
  | 'setSkipTaskbar'
  | 'setTitle'
  | 'show'
  | 'showInactive'
  | 'title'
  | 'unmaximize'
  | 'webContents'
>;
type Extent = 'normal' | 'maximized' | 'full-screen';

let nextId = 1;

/** A window: its place and state are kept here, its page is a Chromium page. */
export class BrowserWindow extends EventEmitter implements Provided {
  static {
    guardClass('BrowserWindow', BrowserWindow);
  }

  readonly id = nextId++;
  readonly contents: WebContents;
  private readonly parent: ElectronBrowserWindow | null;
  private bounds: Rectangle;
  private shownTitle: string;
  private visible: boolean;
  private minimized = false;
  private extent: Extent = 'normal';
  private destroyed = false;

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super();
    const { width = 800, height = 600, webPreferences = {} } = options;
    requireSandbox(webPreferences);
    this.bounds = placed({ width, height, x: options.x, y: options.y });
    this.shownTitle = options.title ?? 'Electron';
    this.visible = options.show ?? true;
    this.parent = options.parent ? asElectron<ElectronBrowserWindow>(options.parent) : null;
    this.contents = new WebContents({
      session: sessionOf(webPreferences),
      preferences: webPreferences,
      hidden: !this.visible,
      size: { width, height },
      closeWindow: () => this.close(),
    });
    this.followPage();
    addWindow(this);
    if (this.visible) this.focus();
  }

  static getAllWindows(): ElectronBrowserWindow[] {
    return allWindows().map((window) => asElectron<ElectronBrowserWindow>(window));
  }

  static getFocusedWindow(): ElectronBrowserWindow | null {
    const window = focusedWindow();
    return window === null ? null : asElectron<ElectronBrowserWindow>(window);
  }

  static fromId(id: number): ElectronBrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.id === id) ?? null;
  }

  static fromWebContents(contents: ElectronWebContents): ElectronBrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.webContents === contents) ?? null;
  }

  get webContents(): ElectronWebContents {
    return asElectron<ElectronWebContents>(this.contents);
  }

  get title(): string {
    return this.shownTitle;
  }

  set title(title: string) {
    this.setTitle(title);
  }

  getTitle(): string {
    return this.shownTitle;
  }

  setTitle(title: string): void {
    this.shownTitle = title;
    changed('windows');
  }

  getParentWindow(): ElectronBrowserWindow | null {
    return this.parent;
  }

  loadURL(url: string): Promise<void> {
    return this.contents.loadURL(url);
  }

  reload(): void {
    this.contents.reload();
  }

  show(): void {
    this.showInactive();
    this.focus();
  }

  showInactive(): void {
    if (!this.visible) this.setVisible(true);
  }

  hide(): void {
    if (!this.visible) return;
    this.blur();
    this.setVisible(false);
  }

  isVisible(): boolean {
    return this.visible && !this.destroyed;
  }

  focus(): void {
    if (!this.visible || this.isFocused()) return;
    focusedWindow()?.blur();
    this.contents.focus();
    this.emit('focus', electronEvent({}));
    changed('windows');
  }

  blur(): void {
    if (!this.isFocused()) return;
    this.contents.blur();
    this.emit('blur', electronEvent({}));
    changed('windows');
  }

  isFocused(): boolean {
    return this.contents.isFocused();
  }

  minimize(): void {
    if (this.minimized) return;
    this.minimized = true;
    this.blur();
    this.contents.setHidden(true);
    this.emit('minimize', electronEvent({}));
    changed('windows');
  }

  restore(): void {
    if (!this.minimized) return;
    this.minimized = false;
    this.contents.setHidden(!this.visible);
    this.emit('restore', electronEvent({}));
    this.show();
  }

  isMinimized(): boolean {
    return this.minimized;
  }

  maximize(): void {
    this.setExtent('maximized', 'maximize');
    this.show();
  }

  unmaximize(): void {
    this.setExtent('normal', 'unmaximize');
  }

  isMaximized(): boolean {
    return this.extent === 'maximized';
  }

  setFullScreen(flag: boolean): void {
    this.setExtent(flag ? 'full-screen' : 'normal', flag ? 'enter-full-screen' : 'leave-full-screen');
  }

  isFullScreen(): boolean {
    return this.extent === 'full-screen';
  }

  getNormalBounds(): Rectangle {
    return { ...this.bounds };
  }

  getBounds(): Rectangle {
    if (this.extent === 'normal') return this.getNormalBounds();
    const display = screen.getDisplayMatching(this.bounds);
    return { ...(this.extent === 'maximized' ? display.workArea : display.bounds) };
  }

  getContentBounds(): Rectangle {
    return this.getBounds();
  }

  setBounds(bounds: Partial<Rectangle>): void {
    const before = this.bounds;
    this.bounds = { ...before, ...bounds };
    this.fitPage();
    if (before.x !== this.bounds.x || before.y !== this.bounds.y) this.emit('move', electronEvent({}));
    if (before.width !== this.bounds.width || before.height !== this.bounds.height)
      this.emit('resize', electronEvent({}));
    changed('windows');
  }

  getPosition(): number[] {
    return [this.getBounds().x, this.getBounds().y];
  }

  setPosition(x: number, y: number): void {
    this.setBounds({ x, y });
  }

  getSize(): number[] {
    return [this.getBounds().width, this.getBounds().height];
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }

  center(): void {
    this.setBounds(placed({ width: this.bounds.width, height: this.bounds.height }));
  }

  close(): void {
    if (this.destroyed) return;
    const event = electronEvent({});
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.contents.destroy();
    this.emit('closed');
    removeWindow(this);
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  setMenu(menu: ElectronMenu | null): void {
    if (menu !== null) menuOf(menu);
  }

  removeMenu(): void {}

  setMenuBarVisibility(_visible: boolean): void {}

  setAutoHideMenuBar(_hide: boolean): void {}

  setMinimumSize(_width: number, _height: number): void {}

  setBackgroundColor(_color: string): void {}

  setIcon(_icon: unknown): void {}

  setSkipTaskbar(_skip: boolean): void {}

  flashFrame(_flag: boolean): void {}

  /** The page answers no more, or again: Electron tells the window and its page. */
  setResponsive(responsive: boolean): void {
    this.emit(responsive ? 'responsive' : 'unresponsive');
    this.contents.emit(responsive ? 'responsive' : 'unresponsive');
  }

  private followPage(): void {
    this.contents.on('page-title-updated', (_event, title: string, explicit: boolean) => {
      const event = electronEvent({});
      this.emit('page-title-updated', event, title, explicit);
      if (!event.defaultPrevented) this.setTitle(title);
    });
    this.contents.once('did-finish-load', () => this.emit('ready-to-show'));
  }

  private setVisible(visible: boolean): void {
    this.visible = visible;
    this.contents.setHidden(!visible || this.minimized);
    this.emit(visible ? 'show' : 'hide', electronEvent({}));
    changed('windows');
  }

  private setExtent(extent: Extent, event: string): void {
    if (this.extent === extent) return;
    this.extent = extent;
    this.fitPage();
    this.emit(event, electronEvent({}));
    this.emit('resize', electronEvent({}));
    changed('windows');
  }

  private fitPage(): void {
    const { width, height } = this.getBounds();
    this.contents.setSize({ width, height });
  }
}

/** The stand-in has sandboxed, isolated pages only: a window that asked for less would be tested as something it is not. */
function requireSandbox(preferences: WebPreferences): void {
  const weak = (
    ['nodeIntegration', 'nodeIntegrationInSubFrames', 'webviewTag', 'allowRunningInsecureContent'] as const
  ).filter((name) => preferences[name] === true);
  const off = (['sandbox', 'contextIsolation', 'webSecurity'] as const).filter((name) => preferences[name] === false);
  const wrong = [...weak, ...off];
  if (wrong.length > 0)
    throw new StandInError(`windows with ${wrong.join(', ')} weakened are not part of the stand-in`);
}

function sessionOf({ session: given, partition }: WebPreferences): Session {
  if (given === undefined) return session.fromPartition(partition ?? '');
  const found: unknown = given;
  if (!(found instanceof Session)) throw new StandInError('not a session made by session.fromPartition');
  return found;
}

/** Without a place of its own a window is in the middle of the primary display. */
function placed(wanted: { width: number; height: number; x?: number | undefined; y?: number | undefined }): Rectangle {
  const { workArea } = screen.getPrimaryDisplay();
  const { width, height } = wanted;
  return {
    width,
    height,
    x: wanted.x ?? workArea.x + Math.round((workArea.width - width) / 2),
    y: wanted.y ?? workArea.y + Math.round((workArea.height - height) / 2),
  };
}

for (const [role, run] of [
  ['close', (window: BrowserWindow) => window.close()],
  ['minimize', (window: BrowserWindow) => window.minimize()],
  ['reload', (window: BrowserWindow) => window.reload()],
  ['forceReload', (window: BrowserWindow) => window.reload()],
  ['toggleDevTools', (window: BrowserWindow) => window.contents.toggleDevTools()],
  ['togglefullscreen', (window: BrowserWindow) => window.setFullScreen(!window.isFullScreen())],
] as const) {
  defineRole(role, () => {
    const window = focusedWindow();
    if (window !== null) run(window);
  });
}
