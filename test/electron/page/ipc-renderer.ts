import type { Wire } from '../structured-clone-wire.ts';
import type { FromPage, ToPage } from './page-messages.ts';

type Listener = (event: object, ...args: unknown[]) => void;

/** The part of Electron's `ipcRenderer` a preload uses. */
export interface IpcRenderer {
  invoke(channel: string, ...args: unknown[]): Promise<unknown>;
  send(channel: string, ...args: unknown[]): void;
  on(channel: string, listener: Listener): IpcRenderer;
  once(channel: string, listener: Listener): IpcRenderer;
  addListener(channel: string, listener: Listener): IpcRenderer;
  off(channel: string, listener: Listener): IpcRenderer;
  removeListener(channel: string, listener: Listener): IpcRenderer;
  removeAllListeners(channel: string): IpcRenderer;
}

export interface IpcEndpoint {
  readonly ipcRenderer: IpcRenderer;
  deliver(message: Extract<ToPage, { kind: 'result' | 'message' }>): void;
}

/** Makes an `ipcRenderer` on a way to the main process. Self-contained, because its source text is sent into the page. */
export function createIpcEndpoint(wire: Wire, post: (message: FromPage) => void): IpcEndpoint {
  const listeners = new Map<string, { readonly listener: Listener; readonly once: boolean }[]>();
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let nextId = 1;

  function add(channel: string, listener: Listener, once: boolean): IpcRenderer {
    listeners.set(channel, [...(listeners.get(channel) ?? []), { listener, once }]);
    return ipcRenderer;
  }

  function remove(channel: string, listener: Listener): IpcRenderer {
    const kept = listeners.get(channel) ?? [];
    const at = kept.findLastIndex((entry) => entry.listener === listener);
    if (at >= 0) listeners.set(channel, kept.toSpliced(at, 1));
    return ipcRenderer;
  }

  const ipcRenderer: IpcRenderer = {
    invoke: async (channel, ...args) => {
      const encoded = wire.encode(args);
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      post({ kind: 'invoke', id, channel, args: encoded });
      return promise;
    },
    send: (channel, ...args) => post({ kind: 'send', channel, args: wire.encode(args) }),
    on: (channel, listener) => add(channel, listener, false),
    once: (channel, listener) => add(channel, listener, true),
    addListener: (channel, listener) => add(channel, listener, false),
    off: remove,
    removeListener: remove,
    removeAllListeners: (channel) => {
      listeners.delete(channel);
      return ipcRenderer;
    },
  };

  return {
    ipcRenderer,
    deliver: (message) => {
      if (message.kind === 'message') {
        const args = wire.decode(message.args) as unknown[];
        for (const entry of listeners.get(message.channel) ?? []) {
          if (entry.once) remove(message.channel, entry.listener);
          entry.listener({ sender: ipcRenderer, ports: [] }, ...args);
        }
        return;
      }
      const call = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.ok) call?.resolve(wire.decode(message.value));
      else call?.reject(new Error(message.message));
    },
  };
}
