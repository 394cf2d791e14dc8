import type { Fault } from '../exchange/faults.ts';
import type { Random } from './random.ts';
import type { DiskFault } from './test-disk.ts';

/**
 * What a fault comes to. `outage`: live data is missing, and the desk has to say so. `late`: data comes too late, and the
 * desk has to say that. `blink`: mended before anyone could. `quiet`: one instrument stops, and is stale alone. `skew`:
 * the PC's clock is wrong, and only that is said. `disk`: nothing can be kept, and only that is said. `harmless`: nothing.
 */
export type Effect = 'outage' | 'late' | 'blink' | 'quiet' | 'skew' | 'disk' | 'harmless';

/** What the PC itself goes through. */
export type PcFault =
  | { readonly kind: 'sleep'; readonly forMs: number }
  | { readonly kind: 'busy'; readonly forMs: number }
  | { readonly kind: 'clock'; readonly aheadMs: number };

/** One kind of trouble, as days are made from it. */
export interface FaultRecipe {
  readonly name: string;
  /** How often it is drawn, beside the others. */
  readonly weight: number;
  readonly effect: Effect;
  readonly seconds: Span;
  /** What the exchange does; nothing where it is not the exchange's doing. */
  readonly faults?: MakeFaults;
  readonly line?: boolean;
  readonly pc?: (forMs: number, random: Random) => PcFault;
  /** Stops one instrument, whichever is drawn. */
  readonly quiet?: boolean;
  /** The place of the one instrument that `faults` touch, among those followed. */
  readonly slot?: number;
  readonly needsLogin?: boolean;
  /** A new login ends it, although the old one is good and nobody asks for one. */
  readonly endedByLogin?: boolean;
  readonly disk?: (random: Random) => DiskFault;
  /** An instrument that is watched while it lasts. */
  readonly watched?: string;
  /** Only between these times, where the fault means what it says. */
  readonly within?: readonly [from: string, to: string];
}

type Span = readonly [least: number, most: number];
type MakeFaults = (forMs: number, random: Random) => readonly Fault[];

const blink = (name: string, weight: number, fault: Fault): FaultRecipe => ({
  name,
  weight,
  effect: 'blink',
  seconds: [0, 0],
  faults: () => [fault],
});
const outage = (name: string, weight: number, seconds: Span, faults: MakeFaults): FaultRecipe => ({
  name,
  weight,
  effect: 'outage',
  seconds,
  faults,
});
const harmless = (name: string, seconds: Span, faults: MakeFaults): FaultRecipe => ({
  name,
  weight: 1,
  effect: 'harmless',
  seconds,
  faults,
});

const oneOf = <Value>(values: readonly Value[], otherwise: Value, random: Random): Value =>
  values[Math.floor(random() * values.length)] ?? otherwise;
const sorts = ['truncated', 'absurd-count', 'unknown-length', 'random-bytes', 'text-garbage'] as const;
const cut: Fault = { kind: 'drop' };
const refused = (where: 'socket' | 'rest' | 'both', status: number, forMs: number, html = false): readonly Fault[] => [
  { kind: 'refuse', where, status, html, forMs },
  ...(where === 'rest' ? [] : [cut]),
];
/** NIFTY 50, the first of those followed. */
const NIFTY = 256_265;
const misstamped: MakeFaults = (forMs, random) => [
  { kind: 'wrongStamp', token: NIFTY, byMs: oneOf([10_000, 55_000, 3_600_000], 10_000, random), forMs },
];
const trading: readonly [string, string] = ['09:16:00', '15:12:00'];

export const faultRecipes: readonly FaultRecipe[] = [
  blink('drop', 3, cut),
  blink('close 1012', 1, { kind: 'drop', code: 1012 }),
  outage('silent', 2, [9, 90], (forMs) => [{ kind: 'stall', forMs }]),
  outage('mute', 2, [6, 90], (forMs) => [{ kind: 'mute', forMs }]),
  outage('503', 1, [6, 90], (forMs) => refused('socket', 503, forMs)),
  outage('429', 1, [6, 90], (forMs) => refused('socket', 429, forMs)),
  outage('everything down with a page', 1, [6, 120], (forMs) => refused('both', 502, forMs, true)),
  outage('captive portal', 1, [6, 120], (forMs, random) =>
    refused('both', oneOf([511, 302, 200], 511, random), forMs, true),
  ),
  outage('proxy that wants a password', 1, [6, 120], (forMs) => refused('both', 407, forMs, true)),
  outage('connections reset', 2, [6, 200], (forMs) => [{ kind: 'refuseConnections', how: 'reset', forMs }, cut]),
  outage('connections unanswered', 1, [6, 120], (forMs) => [{ kind: 'refuseConnections', how: 'hang', forMs }, cut]),
  { ...outage('line', 4, [6, 200], () => [cut]), line: true },
  outage('firewall', 1, [6, 120], (forMs) => refused('both', 403, forMs, true)),
  outage('gateway with a page', 1, [6, 90], (forMs) => refused('socket', 502, forMs, true)),
  {
    ...outage('socket refused under an active plan', 2, [10, 200], () => [{ kind: 'socketRefused' }, cut]),
    endedByLogin: true,
  },
  { ...outage('logged in elsewhere', 1, [10, 90], () => [{ kind: 'masterLogout' }]), needsLogin: true },
  outage('plan without data', 1, [6, 90], (forMs) => [{ kind: 'wrongPlan', forMs }, cut]),
  { name: 'sleep', weight: 2, effect: 'outage', seconds: [20, 900], pc: (forMs) => ({ kind: 'sleep', forMs }) },
  { name: 'busy PC', weight: 1, effect: 'harmless', seconds: [2, 15], pc: (forMs) => ({ kind: 'busy', forMs }) },
  {
    name: 'clock set by minutes',
    weight: 2,
    effect: 'skew',
    seconds: [90, 240],
    pc: (_, random) => ({
      kind: 'clock',
      aheadMs: Math.round((random() < 0.5 ? -1 : 1) * (60 + random() * 300)) * 1000,
    }),
    within: ['09:26:00', '15:02:00'],
  },
  { name: 'one quiet instrument', weight: 2, effect: 'quiet', seconds: [20, 120], quiet: true, within: trading },
  {
    name: 'prices late',
    weight: 2,
    effect: 'late',
    seconds: [15, 90],
    faults: (forMs, random) => [{ kind: 'delay', ms: 6_000 + Math.floor(random() * 8_000), forMs }],
    within: trading,
  },
  harmless('short stall', [1, 3], (forMs) => [{ kind: 'stall', forMs }]),
  harmless('short mute', [1, 3], (forMs) => [{ kind: 'mute', forMs }]),
  harmless('frames somewhat late', [10, 60], (forMs, random) => [
    { kind: 'delay', ms: 200 + Math.floor(random() * 2_000), forMs },
  ]),
  harmless('twice', [10, 60], (forMs) => [{ kind: 'duplicate', forMs }]),
  harmless('out of order', [10, 60], (forMs) => [{ kind: 'outOfOrder', forMs }]),
  harmless('malformed', [10, 60], (forMs, random) => [
    { kind: 'malformed', sort: oneOf(sorts, 'truncated', random), forMs },
  ]),
  harmless('REST answers with a page', [5, 200], (forMs, random) =>
    refused('rest', oneOf([502, 200, 403], 502, random), forMs, true),
  ),
  harmless('history late', [60, 240], (forMs, random) => [
    { kind: 'lateRows', byMs: 20_000 + Math.floor(random() * 100_000), forMs },
  ]),
  harmless('history without the last minutes', [60, 240], (forMs) => [{ kind: 'lateRows', forMs }]),
  harmless('a stamp in the future', [1, 2], misstamped),
  // What cannot be true is forgotten with its packet: nothing is left of the instrument.
  {
    name: 'stamps in the future',
    weight: 1,
    effect: 'quiet',
    seconds: [20, 120],
    faults: misstamped,
    slot: 0,
    within: trading,
  },
  {
    ...harmless('a share is watched while lists hang', [20, 120], (forMs, random) => [
      { kind: 'lists', how: oneOf(['hang', 'trickle', 'partial'], 'hang', random), forMs },
    ]),
    watched: 'NSE:RELIANCE',
    within: trading,
  },
  {
    name: 'disk',
    weight: 2,
    effect: 'disk',
    seconds: [150, 300],
    disk: (random) => oneOf<DiskFault>(['locked', 'full', 'read-only', 'hangs'], 'locked', random),
  },
];
