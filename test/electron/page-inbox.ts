import type { WebContents as ElectronWebContents, WebFrameMain as ElectronWebFrameMain } from 'electron';
import { asElectron, electronEvent } from './guard.ts';
import { IpcMain, ipcMain } from './ipc-main.ts';
import type { FromPage, ToPage } from './page/page-messages.ts';
import { createWire } from './structured-clone-wire.ts';
import type { WebContents } from './web-contents.ts';
import type { WebFrameMain } from './web-frame-main.ts';

export type IpcMessage = Extract<FromPage, { kind: 'invoke' | 'send' }>;

const wire = createWire();

/** What a page sends to the main process: to the page's own `ipc` first, then to `ipcMain`. */
export class PageInbox {
  readonly own = new IpcMain();
  private readonly contents: WebContents;

  constructor(contents: WebContents) {
    this.contents = contents;
  }

  /** Takes a message and, for an invocation, gives the answer that goes back to the frame. */
  async dispatch(frame: WebFrameMain, message: IpcMessage, reply: (answer: ToPage) => void): Promise<void> {
    const sender = asElectron<ElectronWebFrameMain>(frame);
    if (message.kind === 'invoke') reply(await this.answer(sender, message));
    else await this.receive(sender, message);
  }

  async receive(frame: ElectronWebFrameMain | null, message: IpcMessage): Promise<unknown> {
    const { channel } = message;
    const sender = {
      contents: asElectron<ElectronWebContents>(this.contents),
      frame,
      processId: this.contents.getProcessId(),
      frameId: frame?.routingId ?? 0,
    };
    const args = wire.decode(message.args) as unknown[];
    if (message.kind === 'invoke') {
      return (this.own.handles(channel) ? this.own : ipcMain).invoked(sender, channel, args);
    }
    this.contents.emit('ipc-message', electronEvent({}), channel, ...args);
    this.own.received(sender, channel, args);
    ipcMain.received(sender, channel, args);
    return undefined;
  }

  private async answer(frame: ElectronWebFrameMain, message: Extract<FromPage, { kind: 'invoke' }>): Promise<ToPage> {
    const { id } = message;
    try {
      return { kind: 'result', id, ok: true, value: wire.encode(await this.receive(frame, message)) };
    } catch (error) {
      return { kind: 'result', id, ok: false, message: error instanceof Error ? error.message : String(error) };
    }
  }
}
