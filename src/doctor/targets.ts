import { isIP } from 'node:net';
import type { KiteEndpoints } from '../kite/endpoints.ts';
import type { Target } from './probes.ts';

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'ws:': 80, 'wss:': 443 };

/** Where prices come from: the REST service and the ticker, each host and port once. */
export function targetsOf({ apiRoot, tickerRoot }: KiteEndpoints): readonly Target[] {
  const targets = [apiRoot, tickerRoot].map(targetOf);
  return targets.filter(
    (target, index) => targets.findIndex(({ host, port }) => host === target.host && port === target.port) === index,
  );
}

function targetOf(root: string): Target {
  const { protocol, hostname, port } = new URL(root);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (DEFAULT_PORTS[protocol] ?? 443) : Number(port),
    isSecure: protocol === 'https:' || protocol === 'wss:',
  };
}

/** An address of its own, or this PC: there is nothing to look up. */
export function needsNoLookup(host: string): boolean {
  return isIP(host) !== 0 || host === 'localhost';
}
