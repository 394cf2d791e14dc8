import { EventEmitter } from 'node:events';
import type { Session as ElectronSession, WebContents as ElectronWebContents, FromPartitionOptions } from 'electron';
import type { BrowserContext } from 'playwright-core';
import { newContext } from './chromium.ts';
import { toElectronOrigin, toPageUrl } from './custom-schemes.ts';
import { asElectron, electronEvent, guardClass, StandInError } from './guard.ts';
import { netFetch } from './net-fetch.ts';
import { Protocol } from './protocol.ts';
import { WebRequest } from './web-request.ts';

type Provided = Pick<
  ElectronSession,
  | 'clearAuthCache'
  | 'clearCache'
  | 'clearData'
  | 'clearStorageData'
  | 'closeAllConnections'
  | 'fetch'
  | 'flushStorageData'
  | 'getStoragePath'
  | 'isPersistent'
  | 'protocol'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setPermissionRequestHandler'
  | 'setSpellCheckerEnabled'
>;
type CheckHandler = NonNullable<Parameters<ElectronSession['setPermissionCheckHandler']>[0]>;
type RequestHandler = NonNullable<Parameters<ElectronSession['setPermissionRequestHandler']>[0]>;
type DeviceHandler = NonNullable<Parameters<ElectronSession['setDevicePermissionHandler']>[0]>;
type DisplayMediaHandler = NonNullable<Parameters<ElectronSession['setDisplayMediaRequestHandler']>[0]>;
/** The permissions Electron knows, as its handlers name them. */
export type Permission = Parameters<CheckHandler>[1];

/** What a page has wanted to save, and whether the app let it. */
export interface DownloadInfo {
  readonly url: string;
  readonly allowed: boolean;
}

/** What a page can find out about its permissions by itself, with Playwright's names of them. */
const visiblePermissions: readonly (readonly [Permission, readonly string[]])[] = [
  ['geolocation', ['geolocation']],
  ['notifications', ['notifications']],
  ['midi', ['midi']],
  ['media', ['camera', 'microphone']],
  ['clipboard-read', ['clipboard-read']],
  ['clipboard-sanitized-write', ['clipboard-write']],
];

const sessions = new Map<string, Session>();
const downloads: DownloadInfo[] = [];
const created: ((session: Session) => void)[] = [];

/** One browser context: cookies, storage, cache, permissions and protocol handlers of its own. Nothing outlives the run. */
export class Session extends EventEmitter implements Provided {
  static {
    guardClass('Session', Session);
  }

  readonly partition: string;
  readonly protocol = asElectron<ElectronSession['protocol']>(new Protocol());
  readonly webRequest = new WebRequest();
  /** Origins that had a document, and those of them whose permissions are as the check handler said. */
  private readonly origins = new Set<string>();
  private readonly entered = new Set<string>();
  private context: Promise<BrowserContext> | null = null;
  private checkHandler: CheckHandler | null = null;
  private requestHandler: RequestHandler | null = null;
  private deviceHandler: DeviceHandler | null = null;
  private displayMediaHandler: DisplayMediaHandler | null = null;

  constructor(partition: string) {
    super();
    this.partition = partition;
  }

  get customProtocols(): Protocol {
    return this.protocol as unknown as Protocol;
  }

  /** The app's own pages come from its custom scheme; only a session of its own may reach the network, on loopback. */
  get isDefault(): boolean {
    return this.partition === '';
  }

  browserContext(): Promise<BrowserContext> {
    this.context ??= newContext();
    return this.context;
  }

  isPersistent(): boolean {
    return this.isDefault || this.partition.startsWith('persist:');
  }

  getStoragePath(): string | null {
    return null;
  }

  setPermissionCheckHandler(handler: CheckHandler | null): void {
    this.checkHandler = handler;
    this.entered.clear();
  }

  setPermissionRequestHandler(handler: RequestHandler | null): void {
    this.requestHandler = handler;
  }

  setDevicePermissionHandler(handler: DeviceHandler | null): void {
    this.deviceHandler = handler;
  }

  setDisplayMediaRequestHandler(handler: DisplayMediaHandler | null): void {
    this.displayMediaHandler = handler;
  }

  setSpellCheckerEnabled(_enable: boolean): void {}

  /**
   * Before a document of `url` is loaded: what its pages may do is asked of the check handler. A session without one
   * grants everything, as Electron does, so that a forgotten handler shows.
   */
  async enter(url: string, webContents: ElectronWebContents): Promise<void> {
    const { protocol, origin } = new URL(toPageUrl(url));
    if ((protocol !== 'http:' && protocol !== 'https:') || this.entered.has(origin)) return;
    this.origins.add(origin);
    this.entered.add(origin);
    const electronOrigin = toElectronOrigin(origin);
    const granted = visiblePermissions.filter(
      ([permission]) =>
        this.checkHandler?.(webContents, permission, electronOrigin, {
          isMainFrame: true,
          requestingUrl: url,
        }) ?? true,
    );
    const context = await this.browserContext();
    await context.grantPermissions(
      granted.flatMap(([, names]) => names),
      { origin },
    );
  }

  /** A page asks for a permission: the answer of the request handler, or yes without one, as in Electron. */
  async requestPermission(webContents: ElectronWebContents, permission: Permission): Promise<boolean> {
    const { requestHandler } = this;
    if (requestHandler === null) return true;
    const details = { isMainFrame: true, requestingUrl: webContents.getURL() };
    return new Promise((resolve) => requestHandler(webContents, permission, resolve, details));
  }

  /** Which of the handlers that refuse are set. */
  get deniesDevices(): boolean {
    const device: Parameters<DeviceHandler>[0]['device'] = asElectron({ vendorId: 0, productId: 0 });
    return this.deviceHandler?.({ deviceType: 'usb', origin: 'https://example.invalid', device }) === false;
  }

  async cookieNames(): Promise<readonly string[]> {
    if (this.context === null) return [];
    return (await (await this.context).cookies()).map(({ name }) => name);
  }

  get hasDisplayMediaHandler(): boolean {
    return this.displayMediaHandler !== null;
  }

  async clearStorageData(options?: unknown): Promise<void> {
    if (options !== undefined) throw new StandInError('clearStorageData clears everything on the stand-in');
    await this.clearEverything();
  }

  async clearData(options?: unknown): Promise<void> {
    if (options !== undefined) throw new StandInError('clearData clears everything on the stand-in');
    await this.clearEverything();
  }

  async clearCache(): Promise<void> {
    await this.inBlankPage((cdp) => cdp.send('Network.clearBrowserCache'));
  }

  async clearAuthCache(): Promise<void> {}

  async closeAllConnections(): Promise<void> {}

  flushStorageData(): void {}

  async fetch(...args: Parameters<ElectronSession['fetch']>): Promise<Response> {
    return netFetch(...args);
  }

  /** A page wants to save something. True when the app lets it. */
  allowsDownload(url: string, webContents: ElectronWebContents): boolean {
    const event = electronEvent({});
    this.emit('will-download', event, { getURL: () => url }, webContents);
    downloads.push({ url, allowed: !event.defaultPrevented });
    return !event.defaultPrevented;
  }

  private async clearEverything(): Promise<void> {
    if (this.context === null) return;
    await (await this.context).clearCookies();
    await this.inBlankPage(async (cdp) => {
      for (const origin of this.origins) {
        await cdp.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
      }
    });
  }

  private async inBlankPage(
    run: (cdp: Awaited<ReturnType<BrowserContext['newCDPSession']>>) => Promise<unknown>,
  ): Promise<void> {
    if (this.context === null) return;
    const context = await this.context;
    const page = await context.newPage();
    await run(await context.newCDPSession(page));
    await page.close();
  }
}

function fromPartition(partition: string, _options?: FromPartitionOptions): Session {
  const known = sessions.get(partition);
  if (known !== undefined) return known;
  const session = new Session(partition);
  sessions.set(partition, session);
  for (const listener of created) listener(session);
  return session;
}

/** `session` of the main process. */
export const session = {
  fromPartition,
  get defaultSession(): Session {
    return fromPartition('');
  },
};

/** Calls back for every session made from now on: `app` tells it as `session-created`. */
export function onSessionCreated(listener: (session: Session) => void): void {
  created.push(listener);
}

/** Of all sessions, oldest first. */
export function attemptedDownloads(): readonly DownloadInfo[] {
  return downloads;
}

export function allSessions(): readonly Session[] {
  return [...sessions.values()];
}
