import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type {
  Session as ElectronSession,
  WebContents as ElectronWebContents,
  WebFrameMain as ElectronWebFrameMain,
  HandlerDetails,
  WebPreferences,
  WindowOpenHandlerResponse,
} from 'electron';
import { changed } from './changes.ts';
import { asElectron, electronEvent, guardClass, StandInError } from './guard.ts';
import { colorScheme, onColorScheme } from './native-theme.ts';
import { navigationPrevented } from './navigation-events.ts';
import type { FromPage, PageNames } from './page/page-messages.ts';
import { pageScript } from './page/page-script.ts';
import { type IpcMessage, PageInbox } from './page-inbox.ts';
import { preloadProcess } from './preload-process.ts';
import { Renderer } from './renderer.ts';
import { requestRules } from './request-rules.ts';
import type { Session } from './session.ts';
import { createWire } from './structured-clone-wire.ts';
import { addWebContents, removeWebContents } from './web-contents-registry.ts';
import type { WebFrameMain } from './web-frame-main.ts';

type Provided = Pick<
  ElectronWebContents,
  | 'close'
  | 'closeDevTools'
  | 'executeJavaScript'
  | 'focus'
  | 'forcefullyCrashRenderer'
  | 'getProcessId'
  | 'getTitle'
  | 'getType'
  | 'getURL'
  | 'id'
  | 'isCrashed'
  | 'isDestroyed'
  | 'isDevToolsOpened'
  | 'isFocused'
  | 'isLoading'
  | 'loadURL'
  | 'mainFrame'
  | 'openDevTools'
  | 'reload'
  | 'reloadIgnoringCache'
  | 'send'
  | 'session'
  | 'setBackgroundThrottling'
  | 'setWindowOpenHandler'
  | 'setZoomFactor'
  | 'toggleDevTools'
>;
type WindowOpenHandler = (details: HandlerDetails) => WindowOpenHandlerResponse;

const names: PageNames = { binding: `standIn${randomUUID()}`, deliver: `deliver${randomUUID()}` };
const wire = createWire();
const ABORTED = { code: -3, text: 'ERR_ABORTED' };
let nextId = 1;

/** A page and the renderer it runs in; the renderer is replaced when it has crashed, the page stays the same object. */
export class WebContents extends EventEmitter implements Provided {
  static {
    guardClass('WebContents', WebContents);
  }

  readonly id = nextId++;
  private readonly inbox = new PageInbox(this);
  readonly ipc = asElectron<ElectronWebContents['ipc']>(this.inbox.own);
  readonly preferences: WebPreferences;
  /** The window's, seen from the page: Electron hides a page with its window. */
  private hidden: boolean;
  private size: { readonly width: number; readonly height: number };
  private readonly ownSession: Session;
  private renderer: Renderer | null = null;
  private opening: Promise<Renderer> | null = null;
  private frame: WebFrameMain | null = null;
  private url = '';
  private title = '';
  private httpStatus = -1;
  private loading = false;
  private crashed = false;
  private destroyed = false;
  private focused = false;
  private devTools = false;
  private windowOpenHandler: WindowOpenHandler | null = null;
  private readonly closeWindow: () => void;
  private readonly stopFollowingTheme: () => void;

  constructor(options: {
    readonly session: Session;
    readonly preferences: WebPreferences;
    readonly hidden: boolean;
    readonly size: { readonly width: number; readonly height: number };
    closeWindow(): void;
  }) {
    super();
    this.closeWindow = options.closeWindow;
    this.preferences = options.preferences;
    this.ownSession = options.session;
    this.hidden = options.hidden;
    this.size = options.size;
    this.stopFollowingTheme = onColorScheme((scheme) => void this.renderer?.setColorScheme(scheme));
    addWebContents(this);
  }

  get session(): ElectronSession {
    return asElectron<ElectronSession>(this.ownSession);
  }

  get standInSession(): Session {
    return this.ownSession;
  }

  get mainFrame(): ElectronWebFrameMain {
    if (this.frame === null)
      throw new StandInError('webContents.mainFrame is there once the first page is being loaded');
    return asElectron<ElectronWebFrameMain>(this.frame);
  }

  getURL(): string {
    return this.url;
  }

  getTitle(): string {
    return this.title;
  }

  getType(): 'window' {
    return 'window';
  }

  getProcessId(): number {
    return this.renderer?.processId ?? 0;
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  isCrashed(): boolean {
    return this.crashed;
  }

  isLoading(): boolean {
    return this.loading;
  }

  isFocused(): boolean {
    return this.focused;
  }

  focus(): void {
    this.focused = true;
  }

  blur(): void {
    this.focused = false;
  }

  owns(frame: ElectronWebFrameMain): boolean {
    return this.frame !== null && frame.top === asElectron<ElectronWebFrameMain>(this.frame);
  }

  async loadURL(url: string): Promise<void> {
    if (this.destroyed) throw new TypeError('Object has been destroyed');
    const renderer = await this.liveRenderer();
    const finished = this.loadEnd();
    const failure = await renderer.navigate(url);
    if (failure === null) return finished.promise;
    finished.stop();
    const [code, text] = failure === `net::${ABORTED.text}` ? [ABORTED.code, ABORTED.text] : [-2, failure.slice(5)];
    this.emit('did-fail-load', electronEvent({}), code, text, url, true, this.getProcessId(), 0);
    throw Object.assign(new Error(`${text} (${code}) loading '${url}'`), { code: text, errno: code, url });
  }

  reload(): void {
    // A reload nobody waits for; its failure is told by did-fail-load.
    if (this.url !== '') this.loadURL(this.url).catch(() => {});
  }

  reloadIgnoringCache(): void {
    this.reload();
  }

  send(channel: string, ...args: unknown[]): void {
    if (this.destroyed) throw new TypeError('Object has been destroyed');
    if (this.frame !== null) this.sendToFrame(this.frame, channel, args);
  }

  async executeJavaScript(code: string): Promise<unknown> {
    return (await this.liveRenderer()).mainFrame.executeJavaScript(code);
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.windowOpenHandler = handler;
  }

  setBackgroundThrottling(_allowed: boolean): void {}

  setZoomFactor(factor: number): void {
    if (factor !== 1) throw new StandInError('zoom is not part of the stand-in');
  }

  openDevTools(): void {
    this.devTools = true;
    this.emit('devtools-opened');
  }

  closeDevTools(): void {
    this.devTools = false;
    this.emit('devtools-closed');
  }

  toggleDevTools(): void {
    if (this.devTools) this.closeDevTools();
    else this.openDevTools();
  }

  isDevToolsOpened(): boolean {
    return this.devTools;
  }

  forcefullyCrashRenderer(): void {
    this.renderer?.crash();
  }

  close(): void {
    this.closeWindow();
  }

  /** The target a test's own DevTools client finds the page by; null when there is no page. */
  async targetId(): Promise<string | null> {
    const renderer = this.crashed ? null : await this.opening;
    return renderer?.targetId() ?? null;
  }

  setHidden(hidden: boolean): void {
    this.hidden = hidden;
    if (this.frame !== null) this.renderer?.deliver(this.frame, { kind: 'visibility', hidden });
  }

  setSize(size: { readonly width: number; readonly height: number }): void {
    this.size = size;
    void this.renderer?.setSize(size);
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.stopFollowingTheme();
    removeWebContents(this);
    void this.opening?.then((renderer) => renderer.close());
    this.emit('destroyed');
  }

  /** A message that says it is from `frame`: how the app is tested against forged senders. */
  receive(frame: ElectronWebFrameMain | null, message: IpcMessage): Promise<unknown> {
    return this.inbox.receive(frame, message);
  }

  private liveRenderer(): Promise<Renderer> {
    if (this.opening === null || this.crashed) this.opening = this.openRenderer(this.crashed ? this.renderer : null);
    return this.opening;
  }

  private async openRenderer(crashed: Renderer | null): Promise<Renderer> {
    this.crashed = false;
    const { preload = null, additionalArguments = [] } = this.preferences;
    const contents = asElectron<ElectronWebContents>(this);
    const renderer = await Renderer.open({
      context: await this.ownSession.browserContext(),
      names,
      script: pageScript({ names, preload, process: preloadProcess(additionalArguments) }),
      size: this.size,
      rules: requestRules(this.ownSession, contents, (request) => navigationPrevented(this, request)),
      sendToFrame: (frame, channel, args) => this.sendToFrame(frame, channel, args),
      events: {
        message: (message, sender) => void this.pageMessage(message, sender),
        committed: (frame, url) => this.committed(frame, url),
        movedWithinDocument: (frame, url) => this.moved(frame, url),
        contextCreated: (frame) => {
          if (frame === this.frame && this.hidden) this.setHidden(true);
        },
        httpStatus: (status) => {
          this.httpStatus = status;
        },
        startedLoading: () => {
          this.loading = true;
          this.emit('did-start-loading');
        },
        domReady: () => this.emit('dom-ready', electronEvent({})),
        loaded: () => {
          this.emit('did-frame-finish-load', electronEvent({}), true, this.getProcessId(), 0);
          this.emit('did-finish-load');
        },
        stoppedLoading: () => {
          this.loading = false;
          this.emit('did-stop-loading');
        },
        opened: (url) => this.askToOpen({ url, frameName: '', features: '' }),
        download: (url) => this.ownSession.allowsDownload(url, contents),
        crashed: () => this.rendererGone(renderer),
        closed: () => {
          if (renderer === this.renderer && !this.destroyed && !this.crashed) this.close();
        },
      },
    });
    void renderer.setColorScheme(colorScheme());
    void crashed?.close();
    this.renderer = renderer;
    this.frame = renderer.mainFrame;
    changed('windows');
    return renderer;
  }

  /** The next end of a load of the main frame. */
  private loadEnd(): { readonly promise: Promise<void>; stop(): void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    const done = (): void => resolve();
    this.once('did-finish-load', done);
    this.once('destroyed', done);
    return { promise, stop: () => this.off('did-finish-load', done) };
  }

  private sendToFrame(frame: WebFrameMain, channel: string, args: readonly unknown[]): void {
    this.renderer?.deliver(frame, { kind: 'message', channel, args: wire.encode(args) });
  }

  private async pageMessage(message: FromPage, frame: WebFrameMain): Promise<void> {
    if (message.kind === 'window-open') this.askToOpen(message);
    else if (message.kind === 'title') this.titled(message.title);
    else if (message.kind === 'preload-error') this.preloadFailed(message);
    else await this.inbox.dispatch(frame, message, (answer) => this.renderer?.deliver(frame, answer));
  }

  private preloadFailed({ message, stack }: { readonly message: string; readonly stack: string }): void {
    const error = Object.assign(new Error(message), { stack });
    this.emit('preload-error', electronEvent({}), this.preferences.preload, error);
    console.error('Unable to load preload script:', error);
  }

  private askToOpen(request: { readonly url: string; readonly frameName: string; readonly features: string }): void {
    const details: HandlerDetails = {
      ...request,
      disposition: 'foreground-tab',
      referrer: { url: '', policy: 'default' },
    };
    const action = this.windowOpenHandler?.(details).action ?? 'allow';
    if (action !== 'deny')
      throw new StandInError(`a page was allowed to open ${request.url}; the stand-in only denies`);
  }

  private committed(frame: WebFrameMain, url: string): void {
    if (frame !== this.frame) return;
    this.url = url;
    this.emit('did-navigate', electronEvent({}), url, this.httpStatus, '');
    changed('windows');
  }

  private moved(frame: WebFrameMain, url: string): void {
    const isMainFrame = frame === this.frame;
    if (isMainFrame) this.url = url;
    this.emit('did-navigate-in-page', electronEvent({}), url, isMainFrame, this.getProcessId(), frame.routingId);
  }

  private titled(title: string): void {
    this.title = title;
    this.emit('page-title-updated', electronEvent({}), title, true);
  }

  private rendererGone(renderer: Renderer): void {
    if (renderer !== this.renderer || this.destroyed) return;
    this.crashed = true;
    this.loading = false;
    this.frame?.removed();
    // The exit code is not known: Chromium does not tell it to DevTools.
    this.emit('render-process-gone', electronEvent({}), { reason: 'crashed', exitCode: -1 });
    changed('windows');
  }
}
