import { BlockList, isIP } from 'node:net';
import { broken, type Check, codeOf, type Finding, fine, fixes, skipped } from '../check.ts';
import type { DoctorProbes, Target } from '../probes.ts';
import { needsNoLookup } from '../targets.ts';

/** What looking up one host came to. */
export type LookUp =
  | { readonly host: string; readonly addresses: readonly string[] }
  | { readonly host: string; readonly errorCode: string };

const LIMIT_MS = 5_000;

/** Addresses no public service has: an answer with one comes from a filter, a captive network or a hosts file. */
const notPublic = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  notPublic.addSubnet(network, prefix, 'ipv4');
}
notPublic.addSubnet('fc00::', 7, 'ipv6');
notPublic.addSubnet('fe80::', 10, 'ipv6');
notPublic.addAddress('::1', 'ipv6');
notPublic.addAddress('::', 'ipv6');

export function dnsCheck(probes: Pick<DoctorProbes, 'resolve'>, targets: readonly Target[]): Check {
  const hosts = targets.map(({ host }) => host).filter((host) => !needsNoLookup(host));
  return {
    id: 'dns',
    title: 'Name look-up (DNS)',
    limitMs: LIMIT_MS,
    lateFinding: broken(
      "Looking up the names of Kite's servers takes longer than five seconds: the network's DNS does not answer.",
      'no answer in time',
      fixes.retry,
    ),
    examine: async () => readLookUps(await Promise.all(hosts.map((host) => lookUp(probes, host)))),
  };
}

async function lookUp(probes: Pick<DoctorProbes, 'resolve'>, host: string): Promise<LookUp> {
  try {
    return { host, addresses: await probes.resolve(host) };
  } catch (error) {
    return { host, errorCode: codeOf(error) };
  }
}

/** The verdict on all look-ups. */
export function readLookUps(lookUps: readonly LookUp[]): Finding {
  if (lookUps.length === 0) return skipped('The exchange is given by address; there is no name to look up.');
  const evidence = lookUps.map(evidenceOf).join('; ');
  const failed = lookUps.find((lookedUp) => !('addresses' in lookedUp) || lookedUp.addresses.length === 0);
  if (failed !== undefined) {
    const isTemporary = 'errorCode' in failed && failed.errorCode === 'EAI_AGAIN';
    return broken(
      isTemporary
        ? 'This PC cannot reach a name server: it is offline, or its DNS is down.'
        : `The name ${failed.host} cannot be found: this network's DNS is wrong, or blocks it.`,
      evidence,
      fixes.retry,
    );
  }
  const diverted = lookUps.find((lookedUp) => 'addresses' in lookedUp && lookedUp.addresses.every(isNotPublic));
  if (diverted !== undefined) {
    return broken(
      `The name ${diverted.host} leads into this network instead of to Kite: a filter, a hosts file or a sign-in page of the network diverts it.`,
      evidence,
    );
  }
  return fine("The names of Kite's servers are found.", evidence);
}

function isNotPublic(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && notPublic.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

function evidenceOf(lookedUp: LookUp): string {
  if ('errorCode' in lookedUp) return `${lookedUp.host}: ${lookedUp.errorCode}`;
  return `${lookedUp.host}: ${lookedUp.addresses.slice(0, 2).join(', ') || 'no address'}`;
}
