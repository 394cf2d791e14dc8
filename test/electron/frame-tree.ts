import type { CDPSession } from 'playwright-core';
import { type FrameHost, WebFrameMain } from './web-frame-main.ts';

/** What happens to frames, told in the order it happens. `httpStatus` is of the document, -1 when it has none. */
export interface FrameTreeEvents {
  committed(frame: WebFrameMain, url: string): void;
  movedWithinDocument(frame: WebFrameMain, url: string): void;
  contextCreated(frame: WebFrameMain): void;
}

/** The frames of a page, kept in step with Chromium. The main frame stays the same object across navigations. */
export class FrameTree {
  readonly main: WebFrameMain;
  private readonly host: FrameHost;
  private readonly frames = new Map<string, WebFrameMain>();
  private readonly contexts = new Map<number, WebFrameMain>();

  private constructor(mainId: string, host: FrameHost) {
    this.host = host;
    this.main = new WebFrameMain(mainId, null, host);
    this.frames.set(mainId, this.main);
  }

  /** Follows the page of a DevTools session whose `Page` domain is not enabled yet. */
  static async follow(cdp: CDPSession, host: FrameHost, events: FrameTreeEvents): Promise<FrameTree> {
    const { frameTree } = await cdp.send('Page.getFrameTree');
    const tree = new FrameTree(frameTree.frame.id, host);
    tree.listen(cdp, events);
    await Promise.all([cdp.send('Page.enable'), cdp.send('Runtime.enable')]);
    return tree;
  }

  byContext(contextId: number): WebFrameMain | null {
    return this.contexts.get(contextId) ?? null;
  }

  byId(chromiumId: string): WebFrameMain | null {
    return this.frames.get(chromiumId) ?? null;
  }

  private listen(cdp: CDPSession, events: FrameTreeEvents): void {
    cdp.on('Page.frameAttached', ({ frameId, parentFrameId }) => {
      if (!this.frames.has(frameId))
        this.frames.set(frameId, new WebFrameMain(frameId, this.byId(parentFrameId), this.host));
    });
    cdp.on('Page.frameDetached', ({ frameId, reason }) => {
      if (reason === 'swap') return;
      this.frames.get(frameId)?.removed();
      this.frames.delete(frameId);
    });
    cdp.on('Page.frameNavigated', ({ frame: { id, url, urlFragment, name } }) => {
      const frame = this.frames.get(id);
      frame?.committed(url + (urlFragment ?? ''), name ?? '');
      if (frame !== undefined) events.committed(frame, frame.url);
    });
    cdp.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      const frame = this.frames.get(frameId);
      frame?.movedTo(url);
      if (frame !== undefined) events.movedWithinDocument(frame, frame.url);
    });
    cdp.on('Runtime.executionContextCreated', ({ context }) => {
      const { frameId, isDefault } = (context.auxData ?? {}) as { frameId?: string; isDefault?: boolean };
      const frame = frameId === undefined || isDefault !== true ? undefined : this.frames.get(frameId);
      if (frame === undefined) return;
      frame.contextCreated(context.id, context.origin);
      this.contexts.set(context.id, frame);
      events.contextCreated(frame);
    });
    cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => this.forget(executionContextId));
    cdp.on('Runtime.executionContextsCleared', () => {
      for (const id of [...this.contexts.keys()]) this.forget(id);
    });
  }

  private forget(contextId: number): void {
    const frame = this.contexts.get(contextId);
    this.contexts.delete(contextId);
    if (frame?.contextId === contextId) frame.contextId = null;
  }
}
