import { WebSocket } from 'ws';

/** A client of one of the desk's sockets that keeps everything it got, in order. */
export interface SocketClient extends AsyncDisposable {
  /** Text messages, parsed. */
  readonly messages: readonly Record<string, unknown>[];
  readonly batches: readonly ArrayBuffer[];
  send(message: object | string): void;
  /** Waits until this holds: loopback delivers within a few turns of the event loop. */
  until(holds: () => boolean, what: string): Promise<void>;
}

/** The server answered an upgrade with a status instead of a socket. */
export class UpgradeRefusedError extends Error {
  readonly code = 'upgrade-refused';
  readonly status: number;

  constructor(status: number) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

const MOST_TURNS = 200_000;

/** Opens a socket; rejects with `UpgradeRefusedError` when it is refused. */
export async function openSocket(url: string, headers: Readonly<Record<string, string>> = {}): Promise<SocketClient> {
  const socket = new WebSocket(url, { headers });
  socket.binaryType = 'arraybuffer';
  const messages: Record<string, unknown>[] = [];
  const batches: ArrayBuffer[] = [];
  socket.on('message', (data, isBinary) => {
    if (isBinary) batches.push(data as ArrayBuffer);
    else messages.push(JSON.parse(data.toString()));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      reject(new UpgradeRefusedError(response.statusCode ?? 0));
    });
  });
  return {
    messages,
    batches,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    until: async (holds, what) => {
      for (let turn = 0; !holds(); turn++) {
        if (turn > MOST_TURNS) throw new Error(`waited in vain for ${what}`);
        await new Promise<void>((resolve) => {
          setImmediate(resolve);
        });
      }
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        if (socket.readyState === WebSocket.CLOSED) {
          resolve();
          return;
        }
        socket.once('close', () => resolve());
        socket.close();
      }),
  };
}
