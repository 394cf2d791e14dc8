import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { toPageUrl } from './custom-schemes.ts';
import { FrameTree, type FrameTreeEvents } from './frame-tree.ts';
import { StandInError } from './guard.ts';
import type { FromPage, PageNames, ToPage } from './page/page-messages.ts';
import { type PausedRequest, RequestGate, type RequestRules } from './request-gate.ts';
import type { WebFrameMain } from './web-frame-main.ts';

/** What the owner of a renderer hears of it. */
export interface RendererEvents extends FrameTreeEvents {
  message(message: FromPage, sender: WebFrameMain): void;
  domReady(): void;
  loaded(): void;
  /** The status the server gave the main frame's document. */
  httpStatus(status: number): void;
  startedLoading(): void;
  stoppedLoading(): void;
  /** The page asked for a window by a way that only shows once it is open; it is closed again. */
  opened(url: string): void;
  /** The page wants to save something; false refuses. */
  download(url: string): boolean;
  crashed(): void;
  closed(): void;
}

export interface RendererOptions {
  readonly context: BrowserContext;
  readonly names: PageNames;
  readonly script: string;
  readonly size: { readonly width: number; readonly height: number };
  readonly events: RendererEvents;
  readonly rules: RequestRules;
  sendToFrame(frame: WebFrameMain, channel: string, args: readonly unknown[]): void;
}

let nextProcessId = 1;

/** One Chromium page in the place of one of Electron's renderer processes. */
export class Renderer {
  readonly processId = nextProcessId++;
  readonly page: Page;
  private readonly cdp: CDPSession;
  private readonly options: RendererOptions;
  private tree: FrameTree | null = null;
  private awaitedUrl: string | null = null;

  private constructor(page: Page, cdp: CDPSession, options: RendererOptions) {
    this.page = page;
    this.cdp = cdp;
    this.options = options;
  }

  static async open(options: RendererOptions): Promise<Renderer> {
    const page = await options.context.newPage();
    const [cdp] = await Promise.all([options.context.newCDPSession(page), page.setViewportSize(options.size)]);
    const renderer = new Renderer(page, cdp, options);
    await renderer.start();
    return renderer;
  }

  get mainFrame(): WebFrameMain {
    if (this.tree === null) throw new StandInError('the page is not open yet');
    return this.tree.main;
  }

  /** Chromium's name of the page, by which another DevTools client finds it. */
  async targetId(): Promise<string> {
    const { targetInfo } = await this.cdp.send('Target.getTargetInfo');
    return targetInfo.targetId;
  }

  /** Navigates by the main process's wish. Resolves with Chromium's error, or null once a document is committed. */
  async navigate(url: string): Promise<string | null> {
    this.awaitedUrl = withoutHash(toPageUrl(url));
    const { errorText } = await this.cdp.send('Page.navigate', { url: toPageUrl(url) });
    this.awaitedUrl = null;
    return errorText ?? null;
  }

  async evaluate(contextId: number, code: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.cdp.send('Runtime.evaluate', {
      expression: code,
      contextId,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    });
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  }

  /** Hands a message to a frame's script. Dropped when the frame has no document, as in Electron. */
  deliver(frame: WebFrameMain, message: ToPage): void {
    if (frame.contextId === null) return;
    const delivered = this.cdp.send('Runtime.callFunctionOn', {
      functionDeclaration: `function (text) { globalThis[${JSON.stringify(this.options.names.deliver)}]?.(text); }`,
      executionContextId: frame.contextId,
      arguments: [{ value: JSON.stringify(message) }],
    });
    // The document went away meanwhile, and what was meant for it with it.
    delivered.catch(() => {});
  }

  async setSize(size: { readonly width: number; readonly height: number }): Promise<void> {
    await this.page.setViewportSize(size);
  }

  async setColorScheme(scheme: 'light' | 'dark'): Promise<void> {
    await this.page.emulateMedia({ colorScheme: scheme });
  }

  /** Kills the page's process. Chromium answers by the crash itself, never to the call. */
  crash(): void {
    this.cdp.send('Page.crash').catch(() => {});
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  private async start(): Promise<void> {
    const { cdp, page } = this;
    const { events, names, script } = this.options;
    const host = {
      processId: this.processId,
      evaluate: (contextId: number, code: string) => this.evaluate(contextId, code),
      sendToFrame: this.options.sendToFrame,
    };
    this.tree = await FrameTree.follow(cdp, host, events);
    cdp.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      const sender = name === names.binding ? this.tree?.byContext(executionContextId) : null;
      if (sender) events.message(JSON.parse(payload) as FromPage, sender);
    });
    cdp.on('Page.domContentEventFired', () => events.domReady());
    cdp.on('Page.loadEventFired', () => events.loaded());
    cdp.on('Page.frameStartedLoading', ({ frameId }) => {
      if (frameId === this.mainFrame.chromiumId) events.startedLoading();
    });
    cdp.on('Page.frameStoppedLoading', ({ frameId }) => {
      if (frameId === this.mainFrame.chromiumId) events.stoppedLoading();
    });
    page.on('popup', (popup) => {
      events.opened(popup.url());
      void popup.close();
    });
    page.on('response', (response) => {
      const request = response.request();
      if (request.isNavigationRequest() && request.frame() === page.mainFrame()) events.httpStatus(response.status());
    });
    page.on('download', (download) => {
      if (!events.download(download.url())) void download.cancel();
    });
    page.on('crash', () => events.crashed());
    page.on('close', () => events.closed());
    const gate = new RequestGate(cdp, this.options.rules, (request) => this.describe(request));
    await Promise.all([
      cdp.send('Runtime.addBinding', { name: names.binding }),
      cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: script }),
      gate.open(),
    ]);
  }

  /** Whose request it is, and whether the main process itself asked for it. */
  private describe(request: { readonly url: string; readonly frameId: string }): Pick<PausedRequest, 'frame' | 'own'> {
    const frame = this.tree?.byId(request.frameId) ?? null;
    const own = frame === this.tree?.main && this.awaitedUrl === withoutHash(request.url);
    return { frame, own };
  }
}

function withoutHash(url: string): string {
  return url.split('#')[0] ?? url;
}
