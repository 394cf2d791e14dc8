import { join } from 'node:path';
import { app, BrowserWindow, nativeTheme, screen } from 'electron/main';
import type { Log } from '../../src/log.ts';
import { iconFolder, preloadFile, UI_ORIGIN } from '../identity.ts';
import type { MainIpc } from '../ipc/main-ipc.ts';
import { fencedPreferences } from '../web-preferences.ts';
import type { WindowMemoryStore } from './window-memory.ts';
import { type Display, MIN_SIZE, placeWindow, rememberPlacement } from './window-placement.ts';

/** What the page paints first, so that opening does not flash: the interface's background in either theme. */
const BACKGROUND = { dark: '#0b0e10', light: '#ece8de' } as const;

export interface MainWindowOptions {
  readonly ipc: MainIpc;
  readonly memory: WindowMemoryStore;
  /** The page's own title knows nothing of simulated exchanges. */
  readonly title: () => string;
  readonly log: Log;
}

/**
 * The interface's window. Closing it closes it for good: the desk runs on in the tray, and the next opening is a fresh
 * page that starts from a snapshot.
 */
export class MainWindow {
  private readonly options: MainWindowOptions;
  private window: BrowserWindow | null = null;

  constructor(options: MainWindowOptions) {
    this.options = options;
  }

  /** The id of its page; null while there is no window. */
  get contentsId(): number | null {
    return this.window?.webContents.id ?? null;
  }

  /** Whether there is something to see of it: it is neither closed nor minimised, and its page is alive. */
  get isShown(): boolean {
    const { window } = this;
    if (window === null) return false;
    return window.isVisible() && !window.isMinimized() && !window.webContents.isCrashed();
  }

  /** Brings the window to the front, making it when there is none, and anew when its page is dead. */
  open(): void {
    this.dropDead();
    if (this.window === null) {
      this.window = this.create();
      return;
    }
    if (this.window.isMinimized()) this.window.restore();
    this.window.show();
    this.window.focus();
  }

  /** Replaces the window and its page: the old page's process has died or hangs. */
  reopen(): void {
    this.drop();
    this.open();
  }

  /** Takes the window away if its page is dead: nobody needs to look at that. */
  dropDead(): void {
    if (this.window?.webContents.isCrashed() === true) this.drop();
  }

  refreshTitle(): void {
    this.window?.setTitle(this.options.title());
  }

  /** Notes where it is. */
  remember(): void {
    const { window } = this;
    if (window === null || window.isDestroyed()) return;
    const bounds = window.getNormalBounds();
    const display = screen.getDisplayMatching(bounds);
    const placement = { bounds, maximized: window.isMaximized() };
    this.options.memory.write(rememberPlacement(this.options.memory.read(), display.id, placement));
  }

  private drop(): void {
    this.remember();
    this.window?.destroy();
    this.window = null;
  }

  private create(): BrowserWindow {
    const { bounds, maximized } = placeWindow(this.options.memory.read(), displays());
    const window = new BrowserWindow({
      ...bounds,
      minWidth: Math.min(MIN_SIZE.width, bounds.width),
      minHeight: Math.min(MIN_SIZE.height, bounds.height),
      title: this.options.title(),
      icon: join(iconFolder, 'icon.png'),
      show: false,
      backgroundColor: BACKGROUND[nativeTheme.shouldUseDarkColors ? 'dark' : 'light'],
      webPreferences: fencedPreferences({ preload: preloadFile, devTools: !app.isPackaged }),
    });
    this.options.ipc.trust(window.webContents);
    if (maximized) window.maximize();
    window.once('ready-to-show', () => window.show());
    window.on('page-title-updated', (event) => event.preventDefault());
    window.on('close', () => this.remember());
    window.on('closed', () => {
      if (this.window === window) this.window = null;
    });
    window.loadURL(`${UI_ORIGIN}/index.html`).catch(() => {
      if (!window.isDestroyed()) this.options.log('error', 'app', 'The interface could not be loaded into the window.');
    });
    return window;
  }
}

/** The connected displays, the primary one first. */
function displays(): readonly [Display, ...Display[]] {
  const primary = screen.getPrimaryDisplay();
  return [primary, ...screen.getAllDisplays().filter(({ id }) => id !== primary.id)];
}
