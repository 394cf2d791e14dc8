import { addDays, type IstDate, instantOf, istTimeOf } from '../../src/market/ist.ts';
import type { Fault } from '../exchange/faults.ts';
import { type LineFaultName, lineFaults } from './faulty-line.ts';
import type { Halt } from './halted-day.ts';
import { type Random, randomFrom } from './random.ts';

/**
 * What a fault comes to. `outage`: live data is missing, and the desk has to say so. `late`: data comes too late, and the
 * desk has to say that. `blink`: mended before anyone could. `quiet`: one instrument stops, and is stale alone. `skew`:
 * the PC's clock is wrong, and only that is said. `harmless`: nothing.
 */
export type Effect = 'outage' | 'late' | 'blink' | 'quiet' | 'skew' | 'harmless';

/** What the PC itself goes through. */
type PcFault =
  | { readonly kind: 'sleep'; readonly forMs: number }
  | { readonly kind: 'busy'; readonly forMs: number }
  | { readonly kind: 'clock'; readonly aheadMs: number };

/** What happens to the feed at one moment of a day. Instants in ms since the epoch. */
export interface PlannedFault {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly effect: Effect;
  readonly apply: readonly Fault[];
  readonly line: LineFaultName | null;
  readonly pc: PcFault | null;
  /** The instrument that goes quiet, by its place among those followed. */
  readonly quietSlot: number | null;
  /** The trader has to sign in to end it. */
  readonly needsLogin: boolean;
}

/** How a day begins: with a login that works, one that died overnight, or a network that is down when it is checked. */
export interface Morning {
  readonly kind: 'ordinary' | 'dead token' | 'no network';
  /** When it is put right. */
  readonly untilMs: number;
}

export interface DrawnDay {
  readonly morning: Morning;
  readonly faults: readonly PlannedFault[];
  /** A halt that the exchange has and the desk's calendar does not; null on most days. */
  readonly halt: Halt | null;
}

/** The longest way back to live prices: a minute where Kite counts too many connections, and some. */
export const RECOVERY_MS = 70_000;
const CALM_MS = 60_000;
const MINUTE_MS = 60_000;
const FIRST = '08:56:30';
const LAST = '15:38:00';
const INSTRUMENTS = 6;
const HALT_MINUTES = { least: 20, most: 60, preOpen: 15 } as const;

interface Recipe {
  readonly name: string;
  readonly weight: number;
  readonly effect: Effect;
  readonly seconds: readonly [least: number, most: number];
  readonly faults?: (forMs: number, random: Random) => readonly Fault[];
  readonly line?: boolean;
  readonly pc?: (forMs: number, random: Random) => PcFault;
  readonly quiet?: boolean;
  readonly needsLogin?: boolean;
  /** Only between these times, where the fault means what it says. */
  readonly within?: readonly [from: string, to: string];
}

const sorts = ['truncated', 'absurd-count', 'unknown-length', 'random-bytes', 'text-garbage'] as const;
const cut: Fault = { kind: 'drop' };
const refused = (where: 'socket' | 'rest' | 'both', status: number, forMs: number, html = false): readonly Fault[] => [
  { kind: 'refuse', where, status, html, forMs },
  ...(where === 'rest' ? [] : [cut]),
];
const trading: readonly [string, string] = ['09:16:00', '15:12:00'];

const recipes: readonly Recipe[] = [
  { name: 'drop', weight: 3, effect: 'blink', seconds: [0, 0], faults: () => [cut] },
  { name: 'close 1012', weight: 1, effect: 'blink', seconds: [0, 0], faults: () => [{ kind: 'drop', code: 1012 }] },
  { name: 'silent', weight: 2, effect: 'outage', seconds: [9, 90], faults: (forMs) => [{ kind: 'stall', forMs }] },
  { name: 'mute', weight: 2, effect: 'outage', seconds: [6, 90], faults: (forMs) => [{ kind: 'mute', forMs }] },
  { name: '503', weight: 1, effect: 'outage', seconds: [6, 90], faults: (forMs) => refused('socket', 503, forMs) },
  { name: '429', weight: 1, effect: 'outage', seconds: [6, 90], faults: (forMs) => refused('socket', 429, forMs) },
  {
    name: 'everything down with a page',
    weight: 1,
    effect: 'outage',
    seconds: [6, 120],
    faults: (forMs) => refused('both', 502, forMs, true),
  },
  {
    name: 'captive portal',
    weight: 1,
    effect: 'outage',
    seconds: [6, 120],
    faults: (forMs, random) => refused('both', [511, 302, 200][Math.floor(random() * 3)] ?? 511, forMs, true),
  },
  {
    name: 'proxy that wants a password',
    weight: 1,
    effect: 'outage',
    seconds: [6, 120],
    faults: (forMs) => refused('both', 407, forMs, true),
  },
  {
    name: 'connections reset',
    weight: 2,
    effect: 'outage',
    seconds: [6, 200],
    faults: (forMs) => [{ kind: 'refuseConnections', how: 'reset', forMs }, cut],
  },
  {
    name: 'connections unanswered',
    weight: 1,
    effect: 'outage',
    seconds: [6, 120],
    faults: (forMs) => [{ kind: 'refuseConnections', how: 'hang', forMs }, cut],
  },
  { name: 'line', weight: 4, effect: 'outage', seconds: [6, 200], line: true, faults: () => [cut] },
  {
    name: 'logged in elsewhere',
    weight: 1,
    effect: 'outage',
    seconds: [10, 90],
    faults: () => [{ kind: 'masterLogout' }],
    needsLogin: true,
  },
  {
    name: 'plan without data',
    weight: 1,
    effect: 'outage',
    seconds: [6, 90],
    faults: (forMs) => [{ kind: 'wrongPlan', forMs }, cut],
  },
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
  {
    name: 'one quiet instrument',
    weight: 2,
    effect: 'quiet',
    seconds: [20, 120],
    quiet: true,
    within: trading,
  },
  {
    name: 'prices late',
    weight: 2,
    effect: 'late',
    seconds: [15, 90],
    faults: (forMs, random) => [{ kind: 'delay', ms: 6_000 + Math.floor(random() * 8_000), forMs }],
    within: trading,
  },
  {
    name: 'short stall',
    weight: 1,
    effect: 'harmless',
    seconds: [1, 3],
    faults: (forMs) => [{ kind: 'stall', forMs }],
  },
  { name: 'short mute', weight: 1, effect: 'harmless', seconds: [1, 3], faults: (forMs) => [{ kind: 'mute', forMs }] },
  {
    name: 'frames somewhat late',
    weight: 1,
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
    weight: 1,
    effect: 'harmless',
    seconds: [10, 60],
    faults: (forMs, random) => [
      { kind: 'malformed', sort: sorts[Math.floor(random() * sorts.length)] ?? 'truncated', forMs },
    ],
  },
  {
    name: 'REST answers with a page',
    weight: 1,
    effect: 'harmless',
    seconds: [5, 200],
    faults: (forMs, random) => refused('rest', random() < 0.5 ? 502 : 200, forMs, true),
  },
];

/** A day as it is drawn: the same for the same seed and date. */
export function drawDay(date: IstDate, seed: number): DrawnDay {
  // Neighbouring seeds must not be the same days in another order.
  const random = randomFrom(Math.imul(seed, 0x9e3779b1) ^ Number(date.replaceAll('-', '')));
  const morning = drawMorning(date, random);
  const halt = drawHalt(date, random);
  return { morning, halt, faults: drawFaults(date, morning, halt, random) };
}

function drawMorning(date: IstDate, random: Random): Morning {
  const chance = random();
  const untilMs = instantOf(date, '08:50:30') + Math.floor(random() * 25 * MINUTE_MS);
  if (chance < 0.5) return { kind: 'ordinary', untilMs: instantOf(date, '08:49:00') };
  return { kind: chance < 0.8 ? 'dead token' : 'no network', untilMs };
}

function drawHalt(date: IstDate, random: Random): Halt | null {
  if (random() > 0.2) return null;
  const startMs = instantOf(date, '09:45:00') + Math.floor(random() * 240) * MINUTE_MS;
  const { least, most, preOpen } = HALT_MINUTES;
  const preOpenMs = startMs + Math.round(least + random() * (most - least)) * MINUTE_MS;
  const time = (atMs: number): string => istTimeOf(atMs).slice(0, 5);
  return { from: time(startMs), preOpenAt: time(preOpenMs), until: time(preOpenMs + preOpen * MINUTE_MS) };
}

/** Faults in order, with calm between them, and none in a halt. */
function drawFaults(date: IstDate, morning: Morning, halt: Halt | null, random: Random): readonly PlannedFault[] {
  const lastMs = instantOf(date, LAST);
  const haltMs = halt === null ? null : { from: instantOf(date, halt.from), until: instantOf(date, halt.until) };
  const faults: PlannedFault[] = [];
  let atMs = Math.max(instantOf(date, FIRST), morning.untilMs + RECOVERY_MS + CALM_MS) + random() * 300_000;
  while (atMs < lastMs) {
    const fault = drawFault(date, Math.round(atMs), random);
    const overMs = fault.endMs + RECOVERY_MS + CALM_MS;
    if (fault.endMs > lastMs) break;
    const resumeMs = haltMs === null ? 0 : haltMs.until + RECOVERY_MS + CALM_MS;
    if (haltMs !== null && atMs < resumeMs && overMs > haltMs.from) {
      atMs = resumeMs;
      continue;
    }
    faults.push(fault);
    atMs = overMs + random() * 1_200_000;
  }
  return faults;
}

function drawFault(date: IstDate, startMs: number, random: Random): PlannedFault {
  const recipe = pick(
    recipes.filter(({ within, seconds }) => within === undefined || fits(date, startMs, within, seconds)),
    random,
  );
  const [least, most] = recipe.seconds;
  const forMs = Math.round((least + random() * (most - least)) * 1000);
  const names = Object.keys(lineFaults) as LineFaultName[];
  const line = recipe.line === true ? (names[Math.floor(random() * names.length)] ?? null) : null;
  return {
    name: line === null ? recipe.name : `line: ${line}`,
    startMs,
    endMs: startMs + forMs,
    effect: recipe.effect,
    apply: recipe.faults?.(forMs, random) ?? [],
    line,
    pc: recipe.pc?.(forMs, random) ?? null,
    quietSlot: recipe.quiet === true ? Math.floor(random() * INSTRUMENTS) : null,
    needsLogin: recipe.needsLogin ?? false,
  };
}

function fits(
  date: IstDate,
  startMs: number,
  [from, to]: readonly [string, string],
  [, longest]: Recipe['seconds'],
): boolean {
  return startMs >= instantOf(date, from) && startMs + longest * 1000 <= instantOf(date, to);
}

function pick(from: readonly Recipe[], random: Random): Recipe {
  const total = from.reduce((sum, { weight }) => sum + weight, 0);
  let left = random() * total;
  const found = from.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  return found ?? (from[0] as Recipe);
}

/** The days of a month. */
export function daysOf(first: IstDate, count: number): readonly IstDate[] {
  return Array.from({ length: count }, (_, day) => addDays(first, day));
}
