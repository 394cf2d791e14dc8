import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import type { Desk, DeskHost, UiAttachment } from '../desk/desk-api.ts';

/** What the interface sends over its socket; arguments of commands are checked by the desk. */
const clientMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('invoke'), id: z.number().int(), name: z.string(), args: z.unknown() }),
  z.object({ type: z.literal('ack'), seq: z.number().int().nonnegative() }),
  z.object({ type: z.literal('interest') }).loose(),
  z.object({ type: z.literal('snapshot') }),
]);

/** More than this unsent means a page that no longer reads: it is cut off and will come back with a snapshot. */
const UNSENT_LIMIT_BYTES = 16 * 1024 * 1024;

/** Serves one interface over a WebSocket: the same bridge that Electron's IPC offers. */
export function serveDeskSocket(host: DeskHost, socket: WebSocket): void {
  const send = (data: string | ArrayBuffer): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > UNSENT_LIMIT_BYTES) socket.terminate();
    else socket.send(data);
  };
  const attach = (desk: Desk): UiAttachment =>
    desk.attach({ state: (message) => send(JSON.stringify(message)), ticks: send });

  let attachment = attach(host.desk);
  const swap = host.onSwap((desk) => {
    attachment[Symbol.dispose]();
    attachment = attach(desk);
  });
  socket.on('message', (data, isBinary) => {
    const message = isBinary ? null : parse(data);
    if (message === null) return;
    if (message.type === 'ack') attachment.acknowledge(message.seq);
    else if (message.type === 'interest') attachment.setInterest(message);
    else if (message.type === 'snapshot') attachment.resendSnapshot();
    else {
      const { id, name, args } = message;
      void host.desk.invoke(name, args).then((result) => send(JSON.stringify({ type: 'result', id, result })));
    }
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    swap[Symbol.dispose]();
    attachment[Symbol.dispose]();
  });
}

function parse(data: RawData): z.infer<typeof clientMessage> | null {
  try {
    const message = clientMessage.safeParse(JSON.parse(data.toString()));
    return message.success ? message.data : null;
  } catch {
    return null;
  }
}
