import { addDays, type IstDate, instantOf, istTimeOf } from '../../src/market/ist.ts';
import type { Fault } from '../exchange/faults.ts';
import { type Effect, type FaultRecipe, faultRecipes, type PcFault } from './fault-recipes.ts';
import { type LineFaultName, lineFaults } from './faulty-line.ts';
import type { Halt } from './halted-day.ts';
import { type Random, randomFrom } from './random.ts';
import type { DiskFault } from './test-disk.ts';

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
  /** The trader has to sign in to end it, and is told so. */
  readonly needsLogin: boolean;
  /** A new login ends it. */
  readonly endedByLogin: boolean;
  readonly disk: DiskFault | null;
  /** The key of an instrument that is watched while it lasts. */
  readonly watched: string | null;
}

/**
 * How a day begins: with a login that works, one that died overnight, a network that is down when it is checked, Kite's
 * instrument lists that never come, or a PC whose clock is wrong.
 */
export interface Morning {
  readonly kind: 'ordinary' | 'dead token' | 'no network' | 'no lists' | 'wrong clock';
  /** When it is put right. */
  readonly untilMs: number;
  /** When nothing is left of it at the latest. */
  readonly backMs: number;
  /** How far the PC's clock is ahead until then, ms. */
  readonly pcAheadMs: number;
}

export interface DrawnDay {
  readonly morning: Morning;
  readonly faults: readonly PlannedFault[];
  /** A halt that the exchange has and the desk's calendar does not; null on most days. */
  readonly halt: Halt | null;
}

/** The longest way back to live prices: a minute where Kite counts too many connections, and some. */
export const RECOVERY_MS = 70_000;
/** Lists that fail are asked for again every two minutes. */
const LISTS_BACK_MS = 150_000;
const CALM_MS = 60_000;
const MINUTE_MS = 60_000;
const FIRST = '08:56:30';
const LAST = '15:38:00';
const INSTRUMENTS = 6;
const HALT_MINUTES = { least: 20, most: 60, preOpen: 15 } as const;

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
  const backMs = untilMs + RECOVERY_MS;
  if (chance < 0.3) {
    const startMs = instantOf(date, '08:49:00');
    return { kind: 'ordinary', untilMs: startMs, backMs: startMs + RECOVERY_MS, pcAheadMs: 0 };
  }
  if (chance < 0.55) return { kind: 'dead token', untilMs, backMs, pcAheadMs: 0 };
  if (chance < 0.7) return { kind: 'no network', untilMs, backMs, pcAheadMs: 0 };
  if (chance < 0.85) return { kind: 'no lists', untilMs, backMs: untilMs + LISTS_BACK_MS, pcAheadMs: 0 };
  const aheadMs = (random() < 0.5 ? -1 : 1) * Math.round(90 + random() * 150) * 1000;
  return { kind: 'wrong clock', untilMs, backMs, pcAheadMs: aheadMs };
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
  let atMs = Math.max(instantOf(date, FIRST), morning.backMs + CALM_MS) + random() * 300_000;
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

/** One fault that starts at an instant (ms), of those that mean what they say at that time. */
export function drawFault(date: IstDate, startMs: number, random: Random): PlannedFault {
  const recipe = pick(
    faultRecipes.filter(({ within, seconds }) => within === undefined || fits(date, startMs, within, seconds)),
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
    quietSlot: recipe.quiet === true ? Math.floor(random() * INSTRUMENTS) : (recipe.slot ?? null),
    needsLogin: recipe.needsLogin ?? false,
    endedByLogin: recipe.endedByLogin ?? false,
    disk: recipe.disk?.(random) ?? null,
    watched: recipe.watched ?? null,
  };
}

function fits(
  date: IstDate,
  startMs: number,
  [from, to]: readonly [string, string],
  [, longest]: FaultRecipe['seconds'],
): boolean {
  return startMs >= instantOf(date, from) && startMs + longest * 1000 <= instantOf(date, to);
}

function pick(from: readonly FaultRecipe[], random: Random): FaultRecipe {
  const total = from.reduce((sum, { weight }) => sum + weight, 0);
  let left = random() * total;
  const found = from.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  return found ?? (from[0] as FaultRecipe);
}

/** The days of a month. */
export function daysOf(first: IstDate, count: number): readonly IstDate[] {
  return Array.from({ length: count }, (_, day) => addDays(first, day));
}
