import type { Clock } from '../../src/clock.ts';
import type { DoctorProbes } from '../../src/doctor/probes.ts';
import { askWithoutLogin, openConnection } from '../../src/doctor/system/network.ts';

const GB = 1024 ** 3;

/** A machine in good health: loopback is real, everything else is as it should be unless `faults` say otherwise. */
export function healthyProbes(clock: Clock, faults: Partial<DoctorProbes> = {}): DoctorProbes {
  return {
    platform: 'test',
    resolve: async () => ['203.0.113.7'],
    connect: (target, signal) => openConnection(target, clock, signal),
    secure: async () => ({
      isTrusted: true,
      errorCode: null,
      issuer: 'Public Authority',
      hasPublicRoot: true,
      validFromMs: Date.parse('2026-01-01T00:00:00Z'),
      validToMs: Date.parse('2027-06-01T00:00:00Z'),
    }),
    ask: (url, signal) => askWithoutLogin(url, clock, signal),
    proxies: async () => [],
    disk: async () => ({ freeBytes: 100 * GB, writeError: null }),
    eventLoopDelay: async () => ({ p99Ms: 1, maxMs: 4 }),
    ...faults,
  };
}
