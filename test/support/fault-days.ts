import { type IstDate, instantOf } from '../../src/market/ist.ts';
import type { Fault } from '../exchange/faults.ts';
import { type Random, randomFrom } from './random.ts';

/** What happens to the feed at one moment of a day. Instants in ms since the epoch. */
export interface PlannedFault {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  /** `outage`: live data is missing, and the desk has to say so. `blink`: mended before anyone could. `harmless`: nothing. */
  readonly effect: 'outage' | 'blink' | 'harmless';
  readonly apply: readonly Fault[];
  /** What the PC itself goes through. */
  readonly pc: { readonly sleepMs: number } | { readonly busyMs: number } | null;
  /** The trader has to sign in to end it. */
  readonly needsLogin: boolean;
}

const FIRST = '08:56:30';
const LAST = '15:38:00';
/** The longest way back to live prices: a minute where Kite counts too many connections, and some. */
export const RECOVERY_MS = 70_000;
const CALM_MS = 60_000;

interface Recipe {
  readonly name: string;
  readonly weight: number;
  readonly effect: PlannedFault['effect'];
  readonly seconds: readonly [least: number, most: number];
  readonly faults?: (forMs: number, random: Random) => readonly Fault[];
  readonly pc?: (forMs: number) => PlannedFault['pc'];
  readonly needsLogin?: boolean;
}

const sorts = ['truncated', 'absurd-count', 'unknown-length', 'random-bytes', 'text-garbage'] as const;
const refused = (status: number, forMs: number): readonly Fault[] => [
  { kind: 'refuse', where: 'socket', status, forMs },
  { kind: 'drop' },
];

const recipes: readonly Recipe[] = [
  { name: 'drop', weight: 4, effect: 'blink', seconds: [0, 0], faults: () => [{ kind: 'drop' }] },
  { name: 'close 1012', weight: 1, effect: 'blink', seconds: [0, 0], faults: () => [{ kind: 'drop', code: 1012 }] },
  { name: 'silent', weight: 3, effect: 'outage', seconds: [9, 90], faults: (forMs) => [{ kind: 'stall', forMs }] },
  { name: 'mute', weight: 3, effect: 'outage', seconds: [6, 90], faults: (forMs) => [{ kind: 'mute', forMs }] },
  { name: '503', weight: 2, effect: 'outage', seconds: [6, 90], faults: (forMs) => refused(503, forMs) },
  { name: '429', weight: 1, effect: 'outage', seconds: [6, 90], faults: (forMs) => refused(429, forMs) },
  {
    name: 'network down',
    weight: 3,
    effect: 'outage',
    seconds: [6, 120],
    faults: (forMs) => [{ kind: 'refuseConnections', how: 'reset', forMs }, { kind: 'drop' }],
  },
  {
    name: 'logged in elsewhere',
    weight: 1,
    effect: 'outage',
    seconds: [10, 90],
    faults: () => [{ kind: 'masterLogout' }],
    needsLogin: true,
  },
  { name: 'sleep', weight: 2, effect: 'outage', seconds: [20, 900], pc: (forMs) => ({ sleepMs: forMs }) },
  { name: 'busy PC', weight: 2, effect: 'harmless', seconds: [2, 15], pc: (forMs) => ({ busyMs: forMs }) },
  {
    name: 'short stall',
    weight: 2,
    effect: 'harmless',
    seconds: [1, 3],
    faults: (forMs) => [{ kind: 'stall', forMs }],
  },
  { name: 'short mute', weight: 2, effect: 'harmless', seconds: [1, 3], faults: (forMs) => [{ kind: 'mute', forMs }] },
  {
    name: 'late frames',
    weight: 2,
    effect: 'harmless',
    seconds: [10, 60],
    faults: (forMs, random) => [{ kind: 'delay', ms: 200 + Math.floor(random() * 2_000), forMs }],
  },
  {
    name: 'twice',
    weight: 1,
    effect: 'harmless',
    seconds: [10, 60],
    faults: (forMs) => [{ kind: 'duplicate', forMs }],
  },
  {
    name: 'out of order',
    weight: 1,
    effect: 'harmless',
    seconds: [10, 60],
    faults: (forMs) => [{ kind: 'outOfOrder', forMs }],
  },
  {
    name: 'malformed',
    weight: 2,
    effect: 'harmless',
    seconds: [10, 60],
    faults: (forMs, random) => [
      { kind: 'malformed', sort: sorts[Math.floor(random() * sorts.length)] ?? 'truncated', forMs },
    ],
  },
  {
    name: 'REST down',
    weight: 1,
    effect: 'harmless',
    seconds: [5, 20],
    faults: (forMs) => [{ kind: 'refuse', where: 'rest', status: 502, html: true, forMs }],
  },
];

/** A day's faults in order, with calm between them; the same for the same seed and date. */
export function faultsOf(date: IstDate, seed: number): readonly PlannedFault[] {
  const random = randomFrom(seed + Number(date.replaceAll('-', '')));
  const lastMs = instantOf(date, LAST);
  const faults: PlannedFault[] = [];
  for (let atMs = instantOf(date, FIRST) + random() * 300_000; atMs < lastMs; ) {
    const fault = faultAt(Math.round(atMs), random);
    if (fault.endMs > lastMs) break;
    faults.push(fault);
    atMs = fault.endMs + RECOVERY_MS + CALM_MS + random() * 1_500_000;
  }
  return faults;
}

function faultAt(startMs: number, random: Random): PlannedFault {
  const recipe = pick(random);
  const [least, most] = recipe.seconds;
  const forMs = Math.round((least + random() * (most - least)) * 1000);
  return {
    name: recipe.name,
    startMs,
    endMs: startMs + forMs,
    effect: recipe.effect,
    apply: recipe.faults?.(forMs, random) ?? [],
    pc: recipe.pc?.(forMs) ?? null,
    needsLogin: recipe.needsLogin ?? false,
  };
}

function pick(random: Random): Recipe {
  const total = recipes.reduce((sum, { weight }) => sum + weight, 0);
  let left = random() * total;
  const found = recipes.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  return found ?? (recipes[0] as Recipe);
}
