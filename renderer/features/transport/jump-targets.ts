import { phaseWords } from '../../../src/contract/phase-words.ts';
import type { MarketState, SessionWindow } from '../../../src/contract/state.ts';

/** A moment worth going to. */
export interface JumpTarget {
  readonly name: string;
  /** Ms since the epoch. */
  readonly at: number;
}

const MINUTE_MS = 60_000;

/** A little before a session opens, so that its first prices are seen to come. */
const LEAD_MS = MINUTE_MS;

const sessionPhases = {
  'pre-open': 'pre-open',
  continuous: 'live',
  'closing-auction': 'closing-auction',
} as const satisfies Record<SessionWindow['kind'], MarketState['phase']>;

/** What is still to come of the day, earliest first, and the next change of phase, also on another day. */
export function jumpTargets(market: Pick<MarketState, 'sessions' | 'next'>, nowMs: number): readonly JumpTarget[] {
  const named = new Map<number, string>();
  const add = (at: number, name: string): void => {
    if (at > nowMs && !named.has(at)) named.set(at, name);
  };
  if (market.next !== null) add(market.next.at, phaseWords[market.next.phase].next);
  for (const { kind, from } of market.sessions) add(from, phaseWords[sessionPhases[kind]].next);
  const lastEnd = Math.max(...market.sessions.map(({ to }) => to));
  if (Number.isFinite(lastEnd)) add(lastEnd, phaseWords.closed.next);
  const opens = market.sessions.find(({ kind }) => kind === 'continuous')?.from;
  if (opens !== undefined) add(opens - LEAD_MS, 'A minute before it opens');
  return [...named].map(([at, name]) => ({ at, name })).sort((a, b) => a.at - b.at);
}

/** The instant of `HH:MM[:SS]` on a day, given an instant of that day's midnight; null: not a time. */
export function instantAt(midnightMs: number, time: string): number | null {
  const match = /^([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.]([0-5]\d))?$/.exec(time.trim());
  if (match === null) return null;
  const [, hours, minutes, seconds = '0'] = match;
  return midnightMs + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
