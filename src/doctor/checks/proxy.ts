import { broken, type Check, type Finding, failedBefore, fine } from '../check.ts';
import type { DoctorProbes, ProxySetting } from '../probes.ts';

const LIMIT_MS = 4_000;

export function proxyCheck(probes: Pick<DoctorProbes, 'proxies'>): Check {
  return {
    id: 'proxy',
    title: 'Proxy',
    limitMs: LIMIT_MS,
    examine: async ({ signal, earlier }) =>
      readProxies(await probes.proxies(signal), failedBefore(earlier, 'dns', 'tcp', 'tls') === null),
  };
}

/**
 * The app connects to Kite directly, whatever proxy is set: a token must not pass through one. So a proxy matters only
 * where the direct way is closed.
 */
export function readProxies(settings: readonly ProxySetting[], isDirectWayOpen: boolean): Finding {
  if (settings.length === 0) return fine('No proxy is set up on this PC.');
  const evidence = settings.map(({ from, name, value }) => `${name} (${from}): ${value}`).join('; ');
  if (isDirectWayOpen) {
    return fine('A proxy is set up on this PC; the app does not use it and gets through without it.', evidence);
  }
  return broken(
    "This network seems to let traffic out only through its proxy, and the app connects to Kite directly: use another network, or have Kite's servers allowed.",
    evidence,
  );
}
