import type { GapState } from '../contract/state.ts';
import type { FeedCause } from '../contract/states.ts';

/** Kite sends four frames a second: nothing that matters is lost in less. */
const SHORTEST_GAP_MS = 1_000;
/** After data is back: by then a live exchange has sent another second's prices. */
const SETTLES_MS = 2_500;
/** Exchange times are whole seconds. */
const EXCHANGE_TIME_STEP_MS = 1_000;
/** Both clocks say the same, as far as the exchange's can. */
const SAME_LENGTH_MS = 4_000;
/** Enough for a bad day; the oldest go first. An outage of one connection names up to 3,000 instruments. */
const MOST_GAPS = 200;
const MOST_KEYS = 30_000;

/** How live data stands for one subject: all instruments, those of one connection, or a single one. Wall times, ms since the epoch. */
export interface FlowObservation {
  readonly nowMs: number;
  /** Whether live data is due now; an outage outside that time costs nothing. */
  readonly isDue: boolean;
  readonly isFlowing: boolean;
  /** Being connected for the first time, and still in good time: nothing has been lost yet, nor has anything failed. */
  readonly isStarting?: boolean;
  /** When live data last came, null: not yet. */
  readonly lastDataMs: number | null;
  /** The exchange's own time as far as ticks have told it; 0 for not at all. */
  readonly exchangeMs: number;
  readonly cause: FeedCause;
}

interface OpenGap {
  readonly fromMs: number;
  /** The exchange's time when it was opened. */
  readonly exchangeMs: number;
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
  /** Subjects whose outage began before a jump of the clock or with it: our clock cannot say how long it was. */
  private readonly doubtful = new Set<string>();
  /** When data came back to a subject whose outage is in doubt. */
  private readonly returnedMs = new Map<string, number>();
  private hasJumped = false;
  private cached: readonly GapState[] | null = null;

  /** Oldest first, those still open last; the same array until something changes. */
  get gaps(): readonly GapState[] {
    this.cached ??= [...this.closed, ...[...this.open.values()].map((gap) => stateOf(gap, null))];
    return this.cached;
  }

  /** Looks at one subject; `keys` names its instruments, none for all. To be called at least once a second. */
  observe(subject: string, keys: readonly string[], observation: FlowObservation): void {
    const { nowMs, isDue, isFlowing, isStarting = false, lastDataMs, exchangeMs, cause } = observation;
    const gap = this.open.get(subject);
    const dueSinceMs = this.dueSince(subject, isDue, nowMs);
    if (!isFlowing) this.returnedMs.delete(subject);
    if (gap !== undefined && isFlowing && this.doubtful.has(subject)) this.settle(subject, gap, observation);
    else if (gap !== undefined && (isFlowing || !isDue)) this.close(subject, gap, nowMs);
    else if (gap !== undefined && gap.cause !== cause && cause !== 'unknown') this.reopen(subject, { ...gap, cause });
    else if (gap === undefined && isDue && !isFlowing && !isStarting) {
      const fromMs = Math.min(nowMs, Math.max(lastDataMs ?? dueSinceMs, dueSinceMs));
      this.reopen(subject, { fromMs, exchangeMs, cause, keys });
      if (this.hasJumped) this.doubtful.add(subject);
    }
  }

  /**
   * The wall clock has jumped, in a sleep or because it was set: how long outages were is for the exchange's time to say,
   * also those that the next look at every subject finds.
   */
  clockJumped(): void {
    for (const subject of this.open.keys()) this.doubtful.add(subject);
    this.hasJumped = true;
  }

  /** Every subject has been looked at since the clock jumped. */
  jumpSeen(): void {
    this.hasJumped = false;
  }

  /** An outage of all that was only seen when it was over, as a sleep is. */
  add(fromMs: number, toMs: number, cause: FeedCause): void {
    const gap: OpenGap = { fromMs, exchangeMs: 0, cause, keys: [] };
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

  /**
   * A clock that was set makes an outage of nothing, or a long one short; the exchange's time has gone on evenly. What
   * comes first may still bear an old time: it is waited for a little.
   */
  private settle(subject: string, gap: OpenGap, { nowMs, exchangeMs }: FlowObservation): void {
    const returnedMs = this.returnedMs.get(subject) ?? nowMs;
    this.returnedMs.set(subject, returnedMs);
    const sinceMs = nowMs - returnedMs;
    if (sinceMs >= 0 && sinceMs < SETTLES_MS) return;
    const lostMs = Math.max(0, exchangeMs - gap.exchangeMs - sinceMs - EXCHANGE_TIME_STEP_MS);
    const isBorneOut = gap.exchangeMs === 0 || Math.abs(returnedMs - gap.fromMs - lostMs) <= SAME_LENGTH_MS;
    this.close(subject, isBorneOut ? gap : { ...gap, fromMs: returnedMs - lostMs }, returnedMs);
  }

  private reopen(subject: string, gap: OpenGap): void {
    this.open.set(subject, gap);
    this.cached = null;
  }

  private close(subject: string, gap: OpenGap, nowMs: number): void {
    this.open.delete(subject);
    this.doubtful.delete(subject);
    this.returnedMs.delete(subject);
    this.cached = null;
    if (nowMs - gap.fromMs < SHORTEST_GAP_MS) return;
    this.closed = newestGaps([...this.closed, stateOf(gap, nowMs)], MOST_GAPS, MOST_KEYS);
  }
}

/** The newest outages, so many with so many instruments in all; the last one whatever it names. */
export function newestGaps(gaps: readonly GapState[], mostGaps: number, mostKeys: number): readonly GapState[] {
  // By number from the newest: a day of one connection's outages names the same 3,000 instruments again and again.
  let keys = 0;
  let from = gaps.length;
  while (from > 0 && gaps.length - from < mostGaps) {
    keys += gaps[from - 1]?.keys.length ?? 0;
    if (keys > mostKeys && from < gaps.length) break;
    from--;
  }
  return from === 0 ? gaps : gaps.slice(from);
}

function stateOf(gap: OpenGap, toMs: number | null): GapState {
  return { from: gap.fromMs, to: toMs, cause: gap.cause, keys: gap.keys };
}
