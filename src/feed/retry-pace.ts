import type { Clock } from '../clock.ts';
import type { FeedCause } from '../contract/states.ts';
import { ImmediateRetries, retryDelayMs } from './backoff.ts';

/**
 * Frames that come seconds late are taken for none by a connection that is given up before the first: after a stall the
 * next is given longer, up to three times as long.
 */
const MOST_PATIENCE = 3;

/** A moment on both of a clock's scales: monotonic for waiting, wall time (ms since the epoch) for people. */
export interface Moment {
  readonly atMs: number;
  readonly wallMs: number;
}

/** The moment `delayMs` from now. */
export function momentIn(clock: Clock, delayMs: number): Moment {
  return { atMs: clock.monotonic() + delayMs, wallMs: clock.now() + delayMs };
}

/** Decides when the next connection may be opened. */
export class RetryPace {
  private readonly clock: Clock;
  private readonly random: () => number;
  private readonly isInSession: () => boolean;
  private readonly immediate: ImmediateRetries;
  private failureCount = 0;
  /** The one retry without a wait has been used since data last flowed. */
  private hasRetried = false;
  private stallCount = 0;
  private waiting: Moment | null = null;

  constructor(clock: Clock, random: () => number, isInSession: () => boolean) {
    this.clock = clock;
    this.random = random;
    this.isInSession = isInSession;
    this.immediate = new ImmediateRetries(clock.monotonic());
  }

  /** Attempts that have failed since data last flowed. */
  get failures(): number {
    return this.failureCount;
  }

  /** Whether connections that opened have gone quiet of late: the next one has to prove itself. */
  get hasStalled(): boolean {
    return this.stallCount > 0;
  }

  /** How many times its usual time the next connection is given for its first signs. */
  get patience(): number {
    return Math.min(MOST_PATIENCE, 1 + this.stallCount);
  }

  /** The next attempt; null: nothing holds it back. */
  get next(): Moment | null {
    return this.waiting;
  }

  get isDue(): boolean {
    return this.waiting === null || this.clock.monotonic() >= this.waiting.atMs;
  }

  /**
   * A connection ended or was not made. The first retry is made at once, and one that was live is replaced so every time,
   * while such luck lasts.
   */
  lost(wasLive: boolean, cause: FeedCause): void {
    const isFree = (wasLive || !this.hasRetried) && this.immediate.take(this.clock.monotonic());
    this.hasRetried = true;
    this.failureCount = isFree && wasLive ? 0 : this.failureCount + 1;
    this.wait(isFree ? 0 : this.failureCount, cause);
  }

  /** Kite turned the login down: an attempt has failed, and what comes next is not a matter of time. */
  refused(): void {
    this.failureCount++;
  }

  /**
   * An open connection went quiet. The first is replaced at once; if that does not help, haste will not either. One that
   * never was live is an attempt that has failed.
   */
  stalled(wasLive: boolean, cause: FeedCause): void {
    if (!wasLive) this.failureCount++;
    this.wait(this.stallCount++, cause);
  }

  /** Data flows. */
  flowing(): void {
    this.failureCount = 0;
    this.hasRetried = false;
  }

  /** Data has flowed for a good while: earlier stalls no longer count. */
  steady(): void {
    this.stallCount = 0;
  }

  /** The wait, if there is one, is over. */
  tryNow(): void {
    this.waiting = null;
  }

  /** Another login, another start: the past says nothing. */
  reset(): void {
    this.failureCount = 0;
    this.hasRetried = false;
    this.stallCount = 0;
    this.waiting = null;
  }

  private wait(attempt: number, cause: FeedCause): void {
    const delayMs = retryDelayMs({ attempt, cause, inSession: this.isInSession(), random: this.random });
    this.waiting = delayMs === 0 ? null : momentIn(this.clock, delayMs);
  }
}
