import type { WebContents } from 'electron/main';
import { ok, type Result } from '../src/contract/result.ts';
import type { Desk, DeskHost, UiAttachment } from '../src/desk/desk-api.ts';
import type { MainIpc } from './ipc/main-ipc.ts';

export interface DeskIpcOptions {
  readonly ipc: MainIpc;
  /** The window may ask before the desk has opened: the answer waits for it. */
  readonly opening: Promise<DeskHost>;
  /** `leaving`: aborted when the document that asks is gone. */
  readonly openExternal: (url: string, leaving: AbortSignal) => Promise<Result<null>>;
}

/** Answers the interface's page over IPC, for as many windows as there are. */
export function setupDeskIpc({ ipc, opening, openExternal }: DeskIpcOptions): void {
  const lanes = new Map<number, UiLane>();
  const laneOf = (page: WebContents): UiLane => {
    const lane = lanes.get(page.id) ?? new UiLane(page, ipc, opening);
    if (!lanes.has(page.id)) page.once('destroyed', () => lanes.delete(page.id));
    lanes.set(page.id, lane);
    return lane;
  };
  const done = ok(null);

  ipc.handle('desk:attach', async (page) => {
    await laneOf(page).attach();
    return done;
  });
  ipc.handle('desk:snapshot', (page) => {
    laneOf(page).attachment?.resendSnapshot();
    return done;
  });
  ipc.handle('desk:acknowledge-ticks', (page, seq) => {
    laneOf(page).attachment?.acknowledge(seq);
    return done;
  });
  ipc.handle('desk:interest', (page, interest) => {
    laneOf(page).attachment?.setInterest(interest);
    return done;
  });
  ipc.handle('desk:invoke', async (_page, name, args) => (await opening).desk.invoke(name, args));
  ipc.handle('shell:open-external', (page, url) => openExternal(url, laneOf(page).leaving));
}

/** One page's attachment to the desk: made anew by each document, moved when the desk is swapped. */
class UiLane {
  attachment: UiAttachment | null = null;
  private readonly page: WebContents;
  private readonly ipc: MainIpc;
  private readonly opening: Promise<DeskHost>;
  private following: Disposable | null = null;
  private document = new AbortController();

  constructor(page: WebContents, ipc: MainIpc, opening: Promise<DeskHost>) {
    this.page = page;
    this.ipc = ipc;
    this.opening = opening;
    // Another document has come. Not when one is asked for: most of those are refused, and this one stays.
    page.on('did-navigate', () => this.leave());
    page.on('render-process-gone', () => this.leave());
    page.once('destroyed', () => this.leave());
  }

  /** Aborted when the document that the page shows now is gone. */
  get leaving(): AbortSignal {
    return this.document.signal;
  }

  async attach(): Promise<void> {
    const host = await this.opening;
    this.detach();
    if (this.page.isDestroyed()) return;
    this.attachment = this.attachTo(host.desk);
    this.following = host.onSwap((desk) => {
      this.attachment?.[Symbol.dispose]();
      this.attachment = this.attachTo(desk);
    });
  }

  private attachTo(desk: Desk): UiAttachment {
    return desk.attach({
      state: (message) => this.ipc.push(this.page, 'desk:state', message),
      ticks: (batch) => this.ipc.push(this.page, 'desk:ticks', batch),
    });
  }

  private leave(): void {
    this.detach();
    this.document.abort();
    this.document = new AbortController();
  }

  private detach(): void {
    this.following?.[Symbol.dispose]();
    this.attachment?.[Symbol.dispose]();
    this.following = null;
    this.attachment = null;
  }
}
