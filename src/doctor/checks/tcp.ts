import { broken, type Check, codeOf, type Finding, failedBefore, fine, fixes, skipped } from '../check.ts';
import type { ConnectFacts, DoctorProbes, Target } from '../probes.ts';

/** What connecting to one target came to. */
export type Connection =
  | { readonly target: Target; readonly facts: ConnectFacts }
  | { readonly target: Target; readonly errorCode: string };

const LIMIT_MS = 6_000;

export function tcpCheck(probes: Pick<DoctorProbes, 'connect'>, targets: readonly Target[]): Check {
  return {
    id: 'tcp',
    title: 'Connection (TCP)',
    limitMs: LIMIT_MS,
    lateFinding: broken(
      "Kite's servers do not take a connection within six seconds: a firewall or the network swallows it.",
      'no connection in time',
      fixes.retry,
    ),
    examine: async ({ signal, earlier }) => {
      if (failedBefore(earlier, 'dns') !== null) return skipped('Without an address there is nothing to connect to.');
      return readConnections(await Promise.all(targets.map((target) => connect(probes, target, signal))));
    },
  };
}

async function connect(
  probes: Pick<DoctorProbes, 'connect'>,
  target: Target,
  signal: AbortSignal,
): Promise<Connection> {
  try {
    return { target, facts: await probes.connect(target, signal) };
  } catch (error) {
    return { target, errorCode: codeOf(error) };
  }
}

/** The verdict on all connections. */
export function readConnections(connections: readonly Connection[]): Finding {
  const evidence = connections.map(evidenceOf).join('; ');
  const failed = connections.find((connection) => 'errorCode' in connection);
  if (failed === undefined) return fine("Kite's servers take connections.", evidence);
  return broken(refusalWords(failed.errorCode, failed.target), evidence, fixes.retry);
}

function refusalWords(code: string, { host, port }: Target): string {
  switch (code) {
    case 'ECONNREFUSED':
      return `${host} refuses connections on port ${port}: it is down, or a firewall turns them away.`;
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'ENETDOWN':
      return 'This PC has no way to the internet: check the network cable or Wi-Fi.';
    case 'ECONNRESET':
      return `Connections to ${host} are cut as they are made: a firewall on the way does that.`;
    default:
      return `No connection to ${host} can be made.`;
  }
}

function evidenceOf(connection: Connection): string {
  const name = `${connection.target.host}:${connection.target.port}`;
  if ('errorCode' in connection) return `${name}: ${connection.errorCode}`;
  return `${name}: ${connection.facts.address} in ${Math.round(connection.facts.elapsedMs)} ms`;
}
