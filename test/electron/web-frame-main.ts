import { EventEmitter } from 'node:events';
import type { WebFrameMain as ElectronWebFrameMain } from 'electron';
import { toElectronOrigin, toElectronUrl } from './custom-schemes.ts';
import { asElectron, guardClass, StandInError } from './guard.ts';

type Provided = Pick<
  ElectronWebFrameMain,
  | 'detached'
  | 'executeJavaScript'
  | 'frames'
  | 'framesInSubtree'
  | 'frameTreeNodeId'
  | 'isDestroyed'
  | 'name'
  | 'origin'
  | 'parent'
  | 'processId'
  | 'routingId'
  | 'send'
  | 'top'
  | 'url'
>;

/** What a frame needs of the page it is in. */
export interface FrameHost {
  readonly processId: number;
  evaluate(contextId: number, code: string): Promise<unknown>;
  sendToFrame(frame: WebFrameMain, channel: string, args: readonly unknown[]): void;
}

let nextRoutingId = 1;

/** `webFrameMain`: a frame of a page, as the main process knows it. One object per frame for as long as it lives. */
export class WebFrameMain extends EventEmitter implements Provided {
  static {
    guardClass('WebFrameMain', WebFrameMain);
  }

  readonly routingId = nextRoutingId++;
  readonly frameTreeNodeId = this.routingId;
  name = '';
  /** Chromium's own name of the frame, and of the JavaScript context its document runs in. */
  readonly chromiumId: string;
  contextId: number | null = null;
  readonly children: WebFrameMain[] = [];
  private readonly host: FrameHost;
  private readonly above: WebFrameMain | null;
  private pageUrl = '';
  private pageOrigin: string | null = null;
  private gone = false;

  constructor(chromiumId: string, parent: WebFrameMain | null, host: FrameHost) {
    super();
    this.chromiumId = chromiumId;
    this.above = parent;
    this.host = host;
    parent?.children.push(this);
  }

  get processId(): number {
    return this.host.processId;
  }

  get url(): string {
    return toElectronUrl(this.pageUrl);
  }

  /** The origin the document really has: a sandboxed or `data:` frame has none, whatever its address says. */
  get origin(): string {
    if (this.pageOrigin !== null) return toElectronOrigin(this.pageOrigin);
    return URL.canParse(this.pageUrl) ? toElectronOrigin(new URL(this.pageUrl).origin) : 'null';
  }

  get parent(): ElectronWebFrameMain | null {
    return this.above === null ? null : asElectron<ElectronWebFrameMain>(this.above);
  }

  get top(): ElectronWebFrameMain | null {
    return this.above === null ? asElectron<ElectronWebFrameMain>(this) : this.above.top;
  }

  get frames(): ElectronWebFrameMain[] {
    return this.children.map((child) => asElectron<ElectronWebFrameMain>(child));
  }

  get framesInSubtree(): ElectronWebFrameMain[] {
    return [asElectron<ElectronWebFrameMain>(this), ...this.children.flatMap((child) => child.framesInSubtree)];
  }

  get detached(): boolean {
    return this.gone;
  }

  isDestroyed(): boolean {
    return this.gone;
  }

  async executeJavaScript(code: string): Promise<unknown> {
    if (this.contextId === null) throw new StandInError('the frame has no document to run code in');
    return this.host.evaluate(this.contextId, code);
  }

  send(channel: string, ...args: unknown[]): void {
    this.host.sendToFrame(this, channel, args);
  }

  /** A document was committed in the frame. */
  committed(url: string, name: string): void {
    this.pageUrl = url;
    this.pageOrigin = null;
    this.name = name;
  }

  /** The document changed its address without loading. */
  movedTo(url: string): void {
    this.pageUrl = url;
  }

  /** The document's JavaScript context exists. */
  contextCreated(contextId: number, origin: string): void {
    this.contextId = contextId;
    this.pageOrigin = origin;
  }

  /** The frame was removed from its page. */
  removed(): void {
    for (const child of [...this.children]) child.removed();
    this.gone = true;
    this.contextId = null;
    const siblings = this.above?.children ?? [];
    const at = siblings.findIndex((sibling) => sibling.chromiumId === this.chromiumId);
    if (at >= 0) siblings.splice(at, 1);
  }
}
