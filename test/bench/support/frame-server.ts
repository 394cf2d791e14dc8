import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../../src/clock.ts';
import { FRAMES_A_SECOND, fullFrames } from './full-frames.ts';

/** Kite's limit of instruments for one connection. */
const TOKENS_PER_CONNECTION = 3_000;

/** Streams frames to whoever connects, at the pace of a live market. Disposing ends it. */
export interface FrameServer extends AsyncDisposable {
  readonly url: string;
  /** Begins to stream. */
  start(): void;
}

/** How many instruments each connection carries. */
export function connectionSizes(instruments: number): readonly number[] {
  const connections = Math.ceil(instruments / TOKENS_PER_CONNECTION);
  return Array.from({ length: connections }, (_, index) =>
    Math.min(TOKENS_PER_CONNECTION, instruments - index * TOKENS_PER_CONNECTION),
  );
}

/** Serves one full tick a second of each instrument, on as many connections as they need, in the order they come. */
export async function serveFrames(instruments: number, clock: Clock): Promise<FrameServer> {
  const sockets: WebSocket[] = [];
  const streams = connectionSizes(instruments).map((size, index) => fullFrames(size, index * TOKENS_PER_CONNECTION));
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  server.on('connection', (socket) => sockets.push(socket));
  await new Promise((resolve) => {
    server.once('listening', resolve);
  });
  let timer: Disposable | null = null;

  function start(): void {
    let slice = 0;
    let seconds: readonly (readonly Buffer[])[] = [];
    timer = clock.setInterval(() => {
      if (slice === 0) seconds = streams.map((stream) => stream.second(Math.floor(clock.now() / 1000) * 1000));
      for (const [index, frames] of seconds.entries()) {
        const frame = frames[slice];
        if (frame !== undefined) sockets[index]?.send(Buffer.from(frame));
      }
      slice = (slice + 1) % FRAMES_A_SECOND;
    }, 1000 / FRAMES_A_SECOND);
  }

  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    start,
    [Symbol.asyncDispose]: async () => {
      timer?.[Symbol.dispose]();
      for (const socket of sockets) socket.terminate();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
