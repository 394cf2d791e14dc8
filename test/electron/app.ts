import { EventEmitter } from 'node:events';
import type { App as ElectronApp, Menu as ElectronMenu, LoginItemSettings, Settings } from 'electron';
import { appIdentity, standardPath } from './app-paths.ts';
import { changed } from './changes.ts';
import { closeChromium, startChromium } from './chromium.ts';
import { asElectron, electronEvent, guardClass, guarded, StandInError } from './guard.ts';
import { Menu } from './menu.ts';
import { defineRole } from './menu-roles.ts';
import { onSessionCreated } from './session.ts';
import { type InstanceLock, takeInstanceLock } from './single-instance-lock.ts';
import { onWebContentsCreated } from './web-contents-registry.ts';
import { allWindows, onAllWindowsClosed, onWindowOpened } from './windows.ts';

type Provided = Pick<
  ElectronApp,
  | 'applicationMenu'
  | 'dock'
  | 'enableSandbox'
  | 'exit'
  | 'focus'
  | 'getAppPath'
  | 'getLocale'
  | 'getLoginItemSettings'
  | 'getName'
  | 'getPath'
  | 'getSystemLocale'
  | 'getVersion'
  | 'hasSingleInstanceLock'
  | 'hide'
  | 'isPackaged'
  | 'isReady'
  | 'name'
  | 'quit'
  | 'relaunch'
  | 'releaseSingleInstanceLock'
  | 'requestSingleInstanceLock'
  | 'setAboutPanelOptions'
  | 'setAppUserModelId'
  | 'setDesktopName'
  | 'setLoginItemSettings'
  | 'setName'
  | 'setPath'
  | 'show'
  | 'whenReady'
>;

class App extends EventEmitter implements Provided {
  static {
    guardClass('app', App);
  }

  readonly isPackaged = false;
  readonly dock = undefined;
  readonly commandLine = guarded('app.commandLine', {
    appendSwitch: (name: string, value = ''): void => void this.switches.set(name, value),
    hasSwitch: (name: string): boolean => this.switches.has(name),
    getSwitchValue: (name: string): string => this.switches.get(name) ?? '',
  });
  private readonly identity = appIdentity(process.argv[1] ?? '.');
  private readonly switches = commandLineSwitches();
  private readonly paths = new Map<string, string>();
  private readonly ready = Promise.withResolvers<void>();
  private appName = this.identity.name;
  private readyNow = false;
  private ending = false;
  private sandboxed = false;
  private relaunches = 0;
  private userModelId: string | null = null;
  private loginItem: Settings = { openAtLogin: false };
  private lock: InstanceLock | null = null;

  constructor() {
    super();
    onWebContentsCreated((contents) => {
      this.emit('web-contents-created', electronEvent({}), contents);
      contents.on('render-process-gone', (event, details) =>
        this.emit('render-process-gone', event, contents, details),
      );
    });
    onWindowOpened((window) => this.emit('browser-window-created', electronEvent({}), window));
    onSessionCreated((session) => this.emit('session-created', session));
    onAllWindowsClosed(() => {
      if (!this.ending && !this.emit('window-all-closed')) this.quit();
    });
  }

  get name(): string {
    return this.appName;
  }

  set name(name: string) {
    this.appName = name;
  }

  getName(): string {
    return this.appName;
  }

  setName(name: string): void {
    this.appName = name;
  }

  getVersion(): string {
    return this.identity.version;
  }

  getAppPath(): string {
    return this.identity.path;
  }

  getPath(name: string): string {
    const path = this.paths.get(name) ?? standardPath(name, this.appName);
    if (path === undefined) throw new Error(`Failed to get '${name}' path`);
    return path;
  }

  setPath(name: string, path: string): void {
    if (standardPath(name, this.appName) === undefined) throw new Error(`Failed to set path`);
    this.paths.set(name, path);
  }

  getLocale(): string {
    return 'en-US';
  }

  getSystemLocale(): string {
    return 'en-IN';
  }

  /** Starts Chromium and tells that the app is ready. `open`: a test may attach to Chromium. */
  async start(open: boolean): Promise<void> {
    if (this.ending) return;
    await startChromium(open);
    this.readyNow = true;
    this.emit('will-finish-launching');
    this.emit('ready', electronEvent({}), {});
    this.ready.resolve();
    changed('app');
  }

  isReady(): boolean {
    return this.readyNow;
  }

  whenReady(): Promise<void> {
    return this.ready.promise;
  }

  enableSandbox(): void {
    if (this.readyNow) throw new Error('app.enableSandbox() can only be called before app is ready');
    // Electron takes the switch away, and its pages do not come up.
    if (this.switches.has('no-sandbox')) throw new StandInError('Chromium has started without its sandbox');
    this.sandboxed = true;
  }

  requestSingleInstanceLock(additionalData?: unknown): boolean {
    if (this.lock !== null) return true;
    const start = { argv: [...process.argv], workingDirectory: process.cwd(), additionalData: additionalData ?? null };
    this.lock = takeInstanceLock(this.getPath('userData'), start, (second) => {
      this.emit('second-instance', electronEvent({}), second.argv, second.workingDirectory, second.additionalData);
      changed('app');
    });
    return this.lock !== null;
  }

  hasSingleInstanceLock(): boolean {
    return this.lock !== null;
  }

  releaseSingleInstanceLock(): void {
    this.lock?.[Symbol.dispose]();
    this.lock = null;
  }

  focus(): void {
    allWindows().at(-1)?.focus();
  }

  hide(): void {
    for (const window of allWindows()) window.hide();
  }

  show(): void {
    for (const window of allWindows()) window.showInactive();
  }

  get applicationMenu(): ElectronMenu | null {
    return Menu.getApplicationMenu();
  }

  set applicationMenu(menu: ElectronMenu | null) {
    Menu.setApplicationMenu(menu);
  }

  setAppUserModelId(id: string): void {
    this.userModelId = id;
  }

  setDesktopName(_name: string): void {}

  setAboutPanelOptions(_options: object): void {}

  setLoginItemSettings(settings: Settings): void {
    this.loginItem = settings;
    changed('login-item');
  }

  getLoginItemSettings(): LoginItemSettings {
    const { openAtLogin = false } = this.loginItem;
    return {
      openAtLogin,
      wasOpenedAtLogin: false,
      status: openAtLogin ? 'enabled' : 'not-registered',
      executableWillLaunchAtLogin: openAtLogin,
      launchItems: [],
    };
  }

  relaunch(): void {
    this.relaunches += 1;
  }

  /** Asks everyone, closes the windows, tells the end, ends; anyone may prevent it on the way. */
  quit(): void {
    if (this.ending) return;
    if (this.prevented('before-quit')) return;
    for (const window of allWindows()) window.close();
    if (allWindows().length > 0 || this.prevented('will-quit')) return;
    void this.end(0);
  }

  exit(code = 0): void {
    if (!this.ending) void this.end(code);
  }

  /** Nothing can be asked any more. */
  get isEnding(): boolean {
    return this.ending;
  }

  /** What a test may want to know of the app. */
  describe(): AppInfo {
    const { name, readyNow, sandboxed, relaunches, userModelId, loginItem } = this;
    return { name, version: this.getVersion(), ready: readyNow, sandboxed, relaunches, userModelId, loginItem };
  }

  private prevented(name: 'before-quit' | 'will-quit'): boolean {
    const event = electronEvent({});
    this.emit(name, event);
    return event.defaultPrevented;
  }

  private async end(code: number): Promise<void> {
    this.ending = true;
    for (const window of allWindows()) window.destroy();
    this.emit('quit', electronEvent({}), code);
    await closeChromium();
    process.exit(code);
  }
}

/** The switches of the command line, by name. */
function commandLineSwitches(): Map<string, string> {
  const given = process.argv.slice(2).flatMap((argument) => {
    const [, name, value = ''] = /^--([^=]+)=?(.*)$/s.exec(argument) ?? [];
    return name === undefined ? [] : [[name, value] as const];
  });
  return new Map(given);
}

/** The app as a test sees it. `loginItem`: what the app last asked for. */
export interface AppInfo {
  readonly name: string;
  readonly version: string;
  readonly ready: boolean;
  /** `enableSandbox` was called in time. */
  readonly sandboxed: boolean;
  readonly relaunches: number;
  readonly userModelId: string | null;
  readonly loginItem: Settings;
}

export const app = new App();

/** `app` with its whole type, for what takes Electron's. */
export const electronApp = asElectron<ElectronApp>(app);

defineRole('quit', () => app.quit());
