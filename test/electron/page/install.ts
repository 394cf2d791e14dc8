import type { Wire } from '../structured-clone-wire.ts';
import type { ContextBridge } from './context-bridge.ts';
import type { IpcEndpoint } from './ipc-renderer.ts';
import type { FromPage, PageNames, PreloadProcess, ToPage } from './page-messages.ts';

/** A preload as the function CommonJS makes of a file. */
export type PreloadFunction = (
  require: (id: string) => unknown,
  module: { exports: unknown },
  exports: unknown,
  process: PreloadProcess,
  global: object,
) => void;

/** What the installing function needs of the other self-contained functions, and of the window. */
export interface InstallParts {
  readonly names: PageNames;
  readonly process: PreloadProcess;
  readonly preload: PreloadFunction | null;
  createWire(): Wire;
  createContextBridge(mainWorld: object): ContextBridge;
  createIpcEndpoint(wire: Wire, post: (message: FromPage) => void): IpcEndpoint;
}

/**
 * Runs in every new document before its own scripts. In the main frame it sets up delivery and runs the preload; frames
 * below get neither, as in Electron. They keep the raw binding, so that a test can send from one and see it refused.
 * Self-contained, because its source text is sent into the page.
 */
export function installInPage(parts: InstallParts): void {
  const page = window as unknown as Record<string, unknown>;
  const binding = page[parts.names.binding] as (text: string) => void;
  const post = (message: FromPage): void => binding(JSON.stringify(message));

  // Denied in every case: the stand-in opens no windows on a page's behalf.
  const open = (url: unknown = '', frameName: unknown = '', features: unknown = ''): null => {
    const absolute = new URL(String(url), document.baseURI).href;
    post({ kind: 'window-open', url: absolute, frameName: String(frameName), features: String(features) });
    return null;
  };
  page.open = open;
  // A link that wants a window of its own asks the same: Chromium itself would request the address before it tells.
  window.addEventListener('click', (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (link === undefined || link.target !== '_blank' || event.defaultPrevented) return;
    event.preventDefault();
    open(link.href);
  });
  if (window.parent !== window) return;
  delete page[parts.names.binding];
  const endpoint = parts.createIpcEndpoint(parts.createWire(), post);
  watchTitle();
  Object.defineProperty(window, parts.names.deliver, { value: deliver });
  if (parts.preload !== null) runPreload(parts.preload);

  function deliver(text: string): void {
    const message = JSON.parse(text) as ToPage;
    if (message.kind !== 'visibility') endpoint.deliver(message);
    else setHidden(message.hidden);
  }

  function setHidden(hidden: boolean): void {
    if (document.hidden === hidden) return;
    Object.defineProperty(document, 'hidden', { get: () => hidden, configurable: true });
    const state = { get: () => (hidden ? 'hidden' : 'visible'), configurable: true };
    Object.defineProperty(document, 'visibilityState', state);
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }

  function watchTitle(): void {
    document.addEventListener('DOMContentLoaded', () => {
      let last = '';
      const tell = (): void => {
        if (document.title === last) return;
        last = document.title;
        post({ kind: 'title', title: last });
      };
      tell();
      new MutationObserver(tell).observe(document.head, { childList: true, characterData: true, subtree: true });
    });
  }

  function runPreload(preload: PreloadFunction): void {
    const electron = {
      contextBridge: parts.createContextBridge(window),
      ipcRenderer: endpoint.ipcRenderer,
    };
    const available: Record<string, unknown> = {
      electron,
      'electron/renderer': electron,
      timers: { setTimeout, clearTimeout, setInterval, clearInterval },
      url: { URL, URLSearchParams },
    };
    const require = (id: string): unknown => {
      const found = available[id.replace(/^node:/, '')];
      if (found === undefined) throw new Error(`module not found: ${id}`);
      return found;
    };
    const module = { exports: {} };
    try {
      preload(require, module, module.exports, parts.process, window);
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      post({ kind: 'preload-error', message, stack: stack ?? '' });
    }
  }
}
