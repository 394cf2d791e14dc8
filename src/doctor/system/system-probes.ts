import { lookup } from 'node:dns/promises';
import type { Clock } from '../../clock.ts';
import type { DoctorProbes } from '../probes.ts';
import { watchEventLoop } from './event-loop.ts';
import { askWithoutLogin, openConnection, readCertificate } from './network.ts';
import { environmentProxies, systemProxies } from './proxies.ts';

export interface SystemProbeOptions {
  /** Measures the disk with the app's folder, from a thread of its own. */
  readonly disk: DoctorProbes['disk'];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Real time. */
  readonly clock: Clock;
}

/** The doctor's probes on this machine and its network. */
export function systemProbes({ disk, environment, clock }: SystemProbeOptions): DoctorProbes {
  return {
    platform: `${process.platform} ${process.arch}, Node ${process.versions.node}`,
    resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
    connect: (target, signal) => openConnection(target, clock, signal),
    secure: (target, signal) => readCertificate(target, signal),
    ask: (url, signal) => askWithoutLogin(url, clock, signal),
    proxies: async (signal) => [...environmentProxies(environment), ...(await systemProxies(process.platform, signal))],
    disk,
    eventLoopDelay: (signal) => watchEventLoop(clock, signal),
  };
}
