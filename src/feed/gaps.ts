import type { GapState } from '../contract/state.ts';
import type { FeedCause } from '../contract/states.ts';

/** Kite sends four frames a second: nothing that matters is lost in less. */
const SHORTEST_GAP_MS = 1_000;
/** Enough for a bad day; the oldest go first. An outage of one connection names up to 3,000 instruments. */
const MOST_GAPS = 200;
const MOST_KEYS = 30_000;

/** How live data stands for one subject: all instruments, those of one connection, or a single one. Wall times, ms since the epoch. */
export interface FlowObservation {
  readonly nowMs: number;
  /** Whether live data is due now; an outage outside that time costs nothing. */
  readonly isDue: boolean;
  readonly isFlowing: boolean;
  /** When live data last came, null: not yet. */
  readonly lastDataMs: number | null;
  readonly cause: FeedCause;
}

interface OpenGap {
  readonly fromMs: number;
  readonly cause: FeedCause;
  readonly keys: readonly string[];
}

/** The subject that is the feed as a whole. */
export const WHOLE_FEED = '';

/**
 * Keeps the day's outages: opened when data that is due stops, closed by the first that comes, or when none is due. An
 * outage bears the last cause that was known: on its way back the feed has none to name.
 */
export class GapLog {
  private closed: readonly GapState[] = [];
  private readonly open = new Map<string, OpenGap>();
  private readonly dueSinceMs = new Map<string, number>();
  private cached: readonly GapState[] | null = null;

  /** Oldest first, those still open last; the same array until something changes. */
  get gaps(): readonly GapState[] {
    this.cached ??= [...this.closed, ...[...this.open.values()].map((gap) => stateOf(gap, null))];
    return this.cached;
  }

  /** Looks at one subject; `keys` names its instruments, none for all. To be called at least once a second. */
  observe(subject: string, keys: readonly string[], observation: FlowObservation): void {
    const { nowMs, isDue, isFlowing, lastDataMs, cause } = observation;
    const gap = this.open.get(subject);
    const dueSinceMs = this.dueSince(subject, isDue, nowMs);
    if (gap !== undefined && (isFlowing || !isDue)) this.close(subject, gap, nowMs);
    else if (gap !== undefined && gap.cause !== cause && cause !== 'unknown') this.reopen(subject, { ...gap, cause });
    else if (gap === undefined && isDue && !isFlowing) {
      const fromMs = Math.min(nowMs, Math.max(lastDataMs ?? dueSinceMs, dueSinceMs));
      this.reopen(subject, { fromMs, cause, keys });
    }
  }

  /** An outage of all that was only seen when it was over, as a sleep is. */
  add(fromMs: number, toMs: number, cause: FeedCause): void {
    const gap: OpenGap = { fromMs, cause, keys: [] };
    // What is open reaches back as far, and closes with its own cause.
    if (!this.open.has(WHOLE_FEED)) this.close(WHOLE_FEED, gap, toMs);
  }

  /** Only these subjects are watched from now on: the outages of others end here. */
  keepOnly(subjects: readonly string[], nowMs: number): void {
    const kept = new Set(subjects);
    for (const [subject, gap] of this.open) if (!kept.has(subject)) this.close(subject, gap, nowMs);
    for (const subject of [...this.dueSinceMs.keys()]) if (!kept.has(subject)) this.dueSinceMs.delete(subject);
  }

  /** Forgets outages that ended before `dayStartMs`. */
  forgetBefore(dayStartMs: number): void {
    const kept = this.closed.filter((gap) => gap.to === null || gap.to >= dayStartMs);
    if (kept.length === this.closed.length) return;
    this.closed = kept;
    this.cached = null;
  }

  private dueSince(subject: string, isDue: boolean, nowMs: number): number {
    if (!isDue) this.dueSinceMs.delete(subject);
    else if (!this.dueSinceMs.has(subject)) this.dueSinceMs.set(subject, nowMs);
    return this.dueSinceMs.get(subject) ?? nowMs;
  }

  private reopen(subject: string, gap: OpenGap): void {
    this.open.set(subject, gap);
    this.cached = null;
  }

  private close(subject: string, gap: OpenGap, nowMs: number): void {
    this.open.delete(subject);
    this.cached = null;
    if (nowMs - gap.fromMs < SHORTEST_GAP_MS) return;
    this.closed = newest([...this.closed, stateOf(gap, nowMs)]);
  }
}

function newest(gaps: readonly GapState[]): readonly GapState[] {
  let keys = 0;
  const lastTooOld = gaps.findLastIndex((gap, index) => {
    keys += gap.keys.length;
    return gaps.length - index > MOST_GAPS || (keys > MOST_KEYS && index < gaps.length - 1);
  });
  return gaps.slice(lastTooOld + 1);
}

function stateOf(gap: OpenGap, toMs: number | null): GapState {
  return { from: gap.fromMs, to: toMs, cause: gap.cause, keys: gap.keys };
}
