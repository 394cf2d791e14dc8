import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/**
 * A port of this PC that was free a moment ago: a simulation's login comes back there, and never to the one registered for
 * the trader's own, on which the app itself may be waiting.
 */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Where the logins of a simulation come back to. */
export async function simulatedRedirectUrl(): Promise<string> {
  return `http://127.0.0.1:${await freePort()}/kite/callback`;
}
