import { FEED_STALE_AFTER_MS, type InstrumentEvidence, isStaleSince, limitAtSpeed } from './freshness.ts';

const FIRST_CAPACITY = 16;

/**
 * What is known of a slot's price at one moment. `advancedAtMs` and `dataAgeMs` count REST as well as the socket; wall
 * times, ms since the epoch, 0 for never.
 */
export interface PriceEvidence extends InstrumentEvidence {
  /** The same by the socket alone. */
  readonly streamedAtMs: number;
  readonly socketAgeMs: number;
  /** When REST last had nothing newer than what is held. */
  readonly upToDateAtMs: number;
  /** When REST last answered for it. */
  readonly answeredAtMs: number;
  /** Whether the socket it is on, or REST, is bringing prices of it now. */
  readonly isDelivered: boolean;
  /** Whether its segment's hours are in the calendar. */
  readonly hasHours: boolean;
  /** Whether its exchange time lies in the day that is judged. */
  readonly isOfToday: boolean;
}

/**
 * The one owner of the word "stale": whether a slot's price claims more than is known. Two things make it so: the
 * instrument itself has gone silent although its connection works, or nothing brings its prices in market hours. What was
 * stale when trading ended stays so until a packet confirms it: a close that nobody saw is none.
 */
export class Staleness {
  private silent = new Uint8Array(FIRST_CAPACITY);
  private missing = new Uint8Array(FIRST_CAPACITY);
  /** Found out to be silent while Kite has prices of it. */
  private proven = new Uint8Array(FIRST_CAPACITY);
  private stale = new Uint8Array(FIRST_CAPACITY);
  private undelivered = new Uint8Array(FIRST_CAPACITY);
  /** Whether a repeated packet is as good as a new one: outside continuous trading there may be nothing newer. */
  private isSettledByAny = new Uint8Array(FIRST_CAPACITY);

  /** Makes room for `slots`. */
  reserve(slots: number): void {
    while (slots > this.stale.length) this.grow();
  }

  isStale(slot: number): boolean {
    return this.stale[slot] === 1;
  }

  /** The socket brings nothing of it, although there is something to bring, or nobody knows. */
  isMissing(slot: number): boolean {
    return this.missing[slot] === 1;
  }

  /** Whether Kite is known to have prices of it that the socket does not bring. */
  setProven(slot: number, isProven: boolean): void {
    this.proven[slot] = isProven ? 1 : 0;
    this.missing[slot] = isProven ? 1 : 0;
  }

  /** The socket brings nothing of it, whatever the reason. */
  isSilent(slot: number): boolean {
    return this.silent[slot] === 1;
  }

  /** The socket or REST was bringing prices of it when it was last judged. */
  isDelivered(slot: number): boolean {
    return this.undelivered[slot] !== 1;
  }

  /** Judges a slot; returns whether its staleness has changed. */
  judge(slot: number, evidence: PriceEvidence): boolean {
    const { role, streamedAtMs, socketAgeMs, upToDateAtMs, advancedAtMs, dataAgeMs } = evidence;
    const isProven = this.proven[slot] === 1;
    // A contract of which Kite has nothing newer is calm; an index never is.
    const upToDateMs = role === 'spot' ? 0 : upToDateAtMs;
    const isOld = isStaleSince(evidence, Math.max(advancedAtMs, upToDateMs), dataAgeMs);
    const isSilent = isStaleSince(evidence, streamedAtMs, socketAgeMs);
    const isCalm = isSilent && !isStaleSince(evidence, Math.max(streamedAtMs, upToDateMs), dataAgeMs);
    this.silent[slot] = isSilent ? 1 : 0;
    this.missing[slot] = isProven || (isSilent && !isCalm) ? 1 : 0;
    this.undelivered[slot] = evidence.isDelivered ? 0 : 1;
    this.isSettledByAny[slot] = evidence.stage === 'continuous' ? 0 : 1;
    return this.set(slot, isOld || (isProven && isUnanswered(evidence)) || this.isUnknown(slot, evidence));
  }

  /**
   * Something of the slot has come. `isNews`: it was not known before; `isStreamed`: by the socket. Returns whether its
   * staleness has changed.
   */
  arrived(slot: number, isNews: boolean, isStreamed: boolean): boolean {
    if (isNews && isStreamed) this.heard(slot);
    if (this.undelivered[slot] === 1 || !(isNews || this.isSettledByAny[slot] === 1)) return false;
    return this.set(slot, false);
  }

  /** It is not followed any more, and cannot become stale. Returns whether its staleness has changed. */
  retire(slot: number): boolean {
    this.heard(slot);
    this.proven[slot] = 0;
    return this.set(slot, false);
  }

  private heard(slot: number): void {
    this.silent[slot] = 0;
    this.missing[slot] = 0;
  }

  private isUnknown(slot: number, { stage, isDelivered, hasHours, isOfToday }: PriceEvidence): boolean {
    if (!hasHours) return !isDelivered && isOfToday;
    switch (stage) {
      case 'no-session':
      case 'before':
        return false;
      case 'over':
        return this.isStale(slot);
      case 'paused':
      case 'closing-auction':
        return !isDelivered || this.isStale(slot);
      case 'pre-open':
      case 'continuous':
      case 'unknown':
        return !isDelivered;
    }
  }

  private set(slot: number, isStale: boolean): boolean {
    const flag = isStale ? 1 : 0;
    if (this.stale[slot] === flag) return false;
    this.stale[slot] = flag;
    return true;
  }

  private grow(): void {
    const wider = (column: Uint8Array): Uint8Array<ArrayBuffer> => {
      const longer = new Uint8Array(column.length * 2);
      longer.set(column);
      return longer;
    };
    this.silent = wider(this.silent);
    this.missing = wider(this.missing);
    this.proven = wider(this.proven);
    this.stale = wider(this.stale);
    this.undelivered = wider(this.undelivered);
    this.isSettledByAny = wider(this.isSettledByAny);
  }
}

/** Nothing brings its price: neither the socket nor, at the moment, REST. */
function isUnanswered({ nowMs, stage, answeredAtMs, speed }: PriceEvidence): boolean {
  return stage === 'continuous' && nowMs - answeredAtMs > limitAtSpeed(FEED_STALE_AFTER_MS, speed);
}
