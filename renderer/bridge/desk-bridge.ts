import type { DeskBridge } from '../../src/contract/bridge.ts';
import type { PageTime } from '../state/desk-clock.ts';
import { takePageKey } from './page-key.ts';
import { type SocketLike, WebSocketBridge } from './web-socket-bridge.ts';

declare global {
  interface Window {
    /** Put there by the desktop shell's preload; absent in browser mode. */
    readonly desk?: DeskBridge;
  }
}

/** The page's way to its desk: the shell's when there is one, otherwise a WebSocket to the server of this page. */
export async function chooseBridge(page: Window, time: PageTime): Promise<DeskBridge> {
  if (page.desk !== undefined) return page.desk;
  const key = await takePageKey({ request: (path, init) => page.fetch(path, init), storage: page.sessionStorage });
  const scheme = page.location.protocol === 'https:' ? 'wss' : 'ws';
  const address = `${scheme}://${page.location.host}/ws/desk?key=${encodeURIComponent(key ?? '')}`;
  return new WebSocketBridge({
    connect: () => browserSocket(address),
    isRefused: async () => {
      const answer = await page.fetch('./api/token-status', { headers: { authorization: `Bearer ${key ?? ''}` } });
      return answer.status === 401;
    },
    time,
    openExternal: (url) => openInNewTab(page, url),
  });
}

function browserSocket(address: string): SocketLike {
  const socket = new WebSocket(address);
  const adapter: SocketLike = {
    binaryType: 'arraybuffer',
    onopen: null,
    onclose: null,
    onmessage: null,
    send: (data) => socket.send(data),
    close: () => socket.close(),
  };
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => adapter.onopen?.();
  socket.onclose = () => adapter.onclose?.();
  socket.onmessage = (event) => adapter.onmessage?.(event);
  return adapter;
}

/** Only web addresses: a login page on loopback is http, everything else https. */
function openInNewTab(page: Window, url: string): void {
  const { protocol } = new URL(url);
  if (protocol === 'https:' || protocol === 'http:') page.open(url, '_blank', 'noopener,noreferrer');
}
