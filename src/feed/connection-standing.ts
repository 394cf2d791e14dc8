import type { Clock } from '../clock.ts';
import type { FeedCause } from '../contract/states.ts';
import { limitAtSpeed } from './freshness.ts';

/** Long enough to look up, connect, log in and be sent the first prices. */
const FAIR_CHANCE_MS = 1_500;

/** Whether one of the lines to Kite brings prices, for how long, and why not where it does not. */
export class ConnectionStanding {
  private readonly clock: Clock;
  private live = false;
  private hasBeenLive = false;
  private stall = false;
  private lossCause: FeedCause | null = null;
  private lossEvidence: string | null = null;
  /** Monotonic ms, like the next. */
  private liveSinceMs = 0;
  /** Since when the connection has had a fair chance and has not used it. */
  private downSinceMs: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.downSinceMs = clock.monotonic();
  }

  get isLive(): boolean {
    return this.live;
  }

  /** Live now, or before on this line since it was wanted. */
  get wasLive(): boolean {
    return this.hasBeenLive;
  }

  /** Its last socket was given up because nothing came; the replacement has yet to prove itself. */
  get isStalled(): boolean {
    return this.stall;
  }

  /** Why it is not live, as far as that is known. */
  get cause(): FeedCause | null {
    return this.lossCause;
  }

  /** A sentence more exact than the cause's; null without one. */
  get evidence(): string | null {
    return this.lossEvidence;
  }

  get liveForMs(): number {
    return this.live ? this.clock.monotonic() - this.liveSinceMs : 0;
  }

  get downForMs(): number {
    return this.live ? 0 : this.clock.monotonic() - this.downSinceMs;
  }

  /** It has had a fair chance of being live and is not: something else has to bring prices. */
  get isOverdue(): boolean {
    return !this.live && this.downForMs >= limitAtSpeed(FAIR_CHANCE_MS, this.clock.speed);
  }

  goLive(): void {
    this.live = true;
    this.hasBeenLive = true;
    this.liveSinceMs = this.clock.monotonic();
    this.stall = false;
    this.lossCause = null;
    this.lossEvidence = null;
  }

  down(cause: FeedCause | null, evidence: string | null = null): void {
    if (this.live) this.downSinceMs = this.clock.monotonic();
    this.live = false;
    this.stall = false;
    this.lossCause = cause;
    this.lossEvidence = evidence;
  }

  /** Down, because nothing came over a socket that was open. */
  stalled(cause: FeedCause, evidence: string | null = null): void {
    this.down(cause, evidence);
    this.stall = true;
  }

  /** Its time begins anew. */
  giveChance(): void {
    this.downSinceMs = this.clock.monotonic();
  }

  /** It is not wanted any more: what it was says nothing of the next time. */
  forget(): void {
    this.down(null);
    this.hasBeenLive = false;
  }
}
