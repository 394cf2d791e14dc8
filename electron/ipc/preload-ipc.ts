import { ipcRenderer } from 'electron/renderer';
import type { Result } from '../../src/contract/result.ts';
import type { InvokeArgs, InvokeChannel, InvokeValues, PushChannel, PushValues } from './channels.ts';

/** The page's end of the contract; `preloadIpc` is the only place that touches `ipcRenderer`. */
export interface PageIpc {
  /** Rejects only when the main process has no such channel or is gone. */
  invoke<C extends InvokeChannel>(channel: C, ...args: InvokeArgs<C>): Promise<Result<InvokeValues[C]>>;
  /** The listener gets the value alone: the event would hand out the sender. */
  onPush<C extends PushChannel>(channel: C, listener: (value: PushValues[C]) => void): void;
}

export const preloadIpc: PageIpc = {
  invoke: (channel, ...args) => ipcRenderer.invoke(channel, ...args),
  onPush: (channel, listener) => {
    ipcRenderer.on(channel, (_event, value) => listener(value));
  },
};
