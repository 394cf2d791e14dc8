import type { FeedCause } from '../contract/states.ts';

/** Kite counts connections per api key; another program holds them, and asking at once only adds to the count. */
export const TOO_MANY_CONNECTIONS_MS = 60_000;
const SHORTEST_MS = 1_000;
/** In session every second counts; outside it nobody waits. */
const LONGEST_IN_SESSION_MS = 10_000;
const LONGEST_OUT_OF_SESSION_MS = 60_000;

/** What the wait before the next attempt depends on. */
export interface RetrySituation {
  /** Attempts that have failed since data last flowed. */
  readonly attempt: number;
  readonly cause: FeedCause;
  /** In session hours, or close before them. */
  readonly inSession: boolean;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/**
 * How long to wait before the next attempt, in ms: not at all at first, then full jitter under a ceiling that doubles.
 * There is no last attempt.
 */
export function retryDelayMs({ attempt, cause, inSession, random }: RetrySituation): number {
  if (cause === 'too-many-connections') return TOO_MANY_CONNECTIONS_MS;
  if (attempt === 0) return 0;
  const longest = inSession ? LONGEST_IN_SESSION_MS : LONGEST_OUT_OF_SESSION_MS;
  const ceiling = Math.min(longest, SHORTEST_MS * 2 ** attempt);
  return SHORTEST_MS + random() * (ceiling - SHORTEST_MS);
}

/** At most this many reconnections without a wait in a row… */
const BURST = 60;
/** …and one more for every so many ms after that. */
const REFILL_MS = 5_000;

/**
 * Allows immediate reconnections up to a burst: a line that drops now and then comes back at once every time, and a
 * server that accepts, sends one frame and hangs up is not hammered.
 */
export class ImmediateRetries {
  private left = BURST;
  private refilledMs: number;

  constructor(nowMs: number) {
    this.refilledMs = nowMs;
  }

  /** Takes one, if there is one left; `nowMs` is monotonic. */
  take(nowMs: number): boolean {
    const earned = Math.floor((nowMs - this.refilledMs) / REFILL_MS);
    this.left = Math.min(BURST, this.left + earned);
    this.refilledMs += earned * REFILL_MS;
    if (this.left === 0) return false;
    this.left--;
    return true;
  }
}
