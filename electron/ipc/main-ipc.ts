import { ipcMain, type WebContents } from 'electron/main';
import type { Log } from '../../src/log.ts';
import type { InvokeChannel, PushChannel, PushValues } from './channels.ts';
import { InvokeGate, type Respond } from './invoke-gate.ts';

/** The main process's end of the contract: the only place that touches `ipcMain`. */
export class MainIpc {
  private readonly gate: InvokeGate<WebContents>;

  /** `origin`: where the interface's page comes from, e.g. `app://main`. */
  constructor(origin: string, log: Log) {
    this.gate = new InvokeGate(origin, log);
  }

  /** Lets the page of a new window in, as long as it lives. */
  trust(contents: WebContents): void {
    const trust = this.gate.trust(contents.id);
    contents.once('destroyed', () => trust[Symbol.dispose]());
  }

  handle<C extends InvokeChannel>(channel: C, respond: Respond<C, WebContents>): void {
    ipcMain.handle(channel, (event, ...args: unknown[]) => this.gate.answer(channel, event, args, respond));
  }

  /** Sends to a page; one that is gone is passed over. */
  push<C extends PushChannel>(contents: WebContents, channel: C, value: PushValues[C]): void {
    if (!contents.isDestroyed()) contents.send(channel, value);
  }
}

/** electron-store answers any page that asks where the app keeps its files; none of ours asks. */
export function closeSettingsStoreChannel(): void {
  ipcMain.removeAllListeners('electron-store-get-data');
}
