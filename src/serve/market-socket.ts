import type { WebSocket } from 'ws';
import type { Desk, DeskHost } from '../desk/desk-api.ts';

/** A reader this far behind loses the connection rather than the desk its memory. */
const UNSENT_LIMIT_BYTES = 4 * 1024 * 1024;

/** Serves `WS /ws/market`: the public stream, text JSON, one way. */
export function serveMarketSocket(host: DeskHost, socket: WebSocket): void {
  const watch = (desk: Desk): Disposable =>
    desk.watchMarket((message) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > UNSENT_LIMIT_BYTES) socket.close(1013, 'reading too slowly');
      else socket.send(JSON.stringify(message));
    });
  let watching = watch(host.desk);
  const swap = host.onSwap((desk) => {
    watching[Symbol.dispose]();
    watching = watch(desk);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    swap[Symbol.dispose]();
    watching[Symbol.dispose]();
  });
}
