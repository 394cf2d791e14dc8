import { once } from 'node:events';
import { createServer } from 'node:net';
import { threadId } from 'node:worker_threads';

/**
 * Below what systems give to outgoing connections and to listeners without a port of their own (Linux from 32768, macOS
 * and Windows from 49152): whoever is told a port may take its time to listen there.
 */
const [FIRST, COUNT] = [20_000, 12_000];
/** Processes of one test run have neighbouring ids: each gets a stretch of its own. */
let next = (process.pid * 97 + threadId * 31) % COUNT;

/** A port of 127.0.0.1 that nobody listens on and no other test of this run is given. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < COUNT; tried++) {
    const port = FIRST + next;
    next = (next + 1) % COUNT;
    if (await canListen(port)) return port;
  }
  throw new Error(`no port from ${FIRST} to ${FIRST + COUNT} is free`);
}

async function canListen(port: number): Promise<boolean> {
  const probe = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (isFree) await once(probe.close(), 'close');
  return isFree;
}
