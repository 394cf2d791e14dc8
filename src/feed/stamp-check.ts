import { limitAtSpeed } from './freshness.ts';

/** Further ahead of every other witness than this, a stamp cannot be true; whole seconds and delays are allowed for. */
const MOST_AHEAD_MS = 5_000;
/** From one packet to the next a stamp goes on as our clock does, give or take whole seconds and a slow line. */
const STREAMS_WITHIN_MS = 3_000;
/** So many instruments that stream by the same new time are believed against what was thought of it before. */
const AGREEING = 3;
const FIRST_CAPACITY = 16;

/** The clocks that stamps are held against besides each other. Both ms. */
export interface StampClocks {
  monotonic(): number;
  /** Kite's time by the `Date` of its REST answers, ms since the epoch; null while it is not known. */
  kiteNow(): number | null;
  /** Clock ms per real ms: a moment's delay is longer on a fast clock. */
  readonly speed: number;
}

/** A stamp that an instrument has shown while it streamed, and when we got it. */
interface Witness {
  readonly slot: number;
  readonly stampMs: number;
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/**
 * Whether an exchange's time stamp can be true. Judged by the other instruments' stamps and by Kite's `Date`, never by the
 * PC's clock, which may be off by hours. One instrument alone can therefore neither move the present ahead nor be held
 * back by a wrong stamp of its own: what cannot be true is not kept. A stamp may always be old; it may not be early.
 */
export class StampCheck {
  private readonly clocks: StampClocks | null;
  private readonly slotCount: () => number;
  /** The latest two instruments that stream, so that each can be judged without its own word. */
  private leader: Witness | null = null;
  private second: Witness | null = null;
  /** Streams that were refused, by slot: where enough of them agree, it was the witnesses that were wrong. */
  private readonly refused = new Map<number, Witness>();
  private lastStampMs = new Float64Array(FIRST_CAPACITY);
  private lastWallMs = new Float64Array(FIRST_CAPACITY);
  private lastMonotonicMs = new Float64Array(FIRST_CAPACITY);
  private wallMs = 0;
  private monotonicMs = 0;
  private kiteMs: number | null = null;

  /** `slotCount`: how many instruments there are to agree. */
  constructor(clocks: StampClocks | null, slotCount: () => number) {
    this.clocks = clocks;
    this.slotCount = slotCount;
  }

  private get mostAheadMs(): number {
    return limitAtSpeed(MOST_AHEAD_MS, this.clocks?.speed ?? 1);
  }

  private get streamsWithinMs(): number {
    return limitAtSpeed(STREAMS_WITHIN_MS, this.clocks?.speed ?? 1);
  }

  reserve(slots: number): void {
    while (slots > this.lastStampMs.length) this.grow();
  }

  /** A slot has got another instrument. */
  forget(slot: number): void {
    this.lastStampMs[slot] = 0;
    this.refused.delete(slot);
    // Nobody is both: each is judged by the other's word.
    if (this.leader?.slot === slot) {
      this.leader = this.second;
      this.second = null;
    } else if (this.second?.slot === slot) this.second = null;
  }

  /** What is judged from here on was received at `wallMs`, ms since the epoch by the PC's clock. */
  startFrame(wallMs: number): void {
    this.wallMs = wallMs;
    this.monotonicMs = this.clocks?.monotonic() ?? wallMs;
    this.kiteMs = this.clocks?.kiteNow() ?? null;
  }

  /** Whether the stamp is further ahead than can be; takes note of it as a witness of the others' if it is not. */
  isImpossible(slot: number, stampMs: number): boolean {
    const streams = this.streams(slot, stampMs);
    this.lastStampMs[slot] = stampMs;
    this.lastWallMs[slot] = this.wallMs;
    this.lastMonotonicMs[slot] = this.monotonicMs;
    const { wallMs, monotonicMs } = this;
    if (this.isAhead(slot, stampMs) && !(streams && this.isAgreed({ slot, stampMs, wallMs, monotonicMs }))) return true;
    if (this.refused.size > 0) this.refused.delete(slot);
    if (streams) this.attest({ slot, stampMs, wallMs, monotonicMs });
    return false;
  }

  /** Whether a stamp that is held, or one besides the packet's own, is further ahead than can be. */
  isAhead(slot: number, stampMs: number): boolean {
    const others = this.leader?.slot === slot ? this.second : this.leader;
    if (others === null && this.kiteMs === null) return false;
    const othersMs = others === null ? Number.NEGATIVE_INFINITY : this.presentBy(others);
    return stampMs > Math.max(othersMs, this.kiteMs ?? Number.NEGATIVE_INFINITY) + this.mostAheadMs;
  }

  /** The longer of our two clocks counts: one stands still in a sleep, the other is set back. */
  private presentBy({ stampMs, wallMs, monotonicMs }: Witness): number {
    return stampMs + Math.max(0, this.wallMs - wallMs, this.monotonicMs - monotonicMs);
  }

  private streams(slot: number, stampMs: number): boolean {
    const before = this.lastStampMs[slot] ?? 0;
    if (before === 0) return false;
    const passedMs = stampMs - before;
    // A stamp that is repeated says nothing of the present.
    if (passedMs <= 0) return false;
    const wallMs = this.wallMs - (this.lastWallMs[slot] ?? 0);
    const monotonicMs = this.monotonicMs - (this.lastMonotonicMs[slot] ?? 0);
    return (
      Math.abs(passedMs - wallMs) <= this.streamsWithinMs || Math.abs(passedMs - monotonicMs) <= this.streamsWithinMs
    );
  }

  /** Who streams late, or repeats an old stamp, is no witness of the present: the earlier one's word goes on. */
  private attest(witness: Witness): void {
    const { leader } = this;
    if (leader !== null && this.isBehind(witness, leader)) return;
    if (leader !== null && leader.slot !== witness.slot) this.second = leader;
    this.leader = witness;
  }

  private isBehind(witness: Witness, earlier: Witness): boolean {
    const passedMs = witness.monotonicMs - earlier.monotonicMs;
    return witness.stampMs < earlier.stampMs + passedMs - this.streamsWithinMs;
  }

  /** Whether as many instruments as it takes stream by this time, although it was refused. Then it is the present. */
  private isAgreed(claim: Witness): boolean {
    this.refused.set(claim.slot, claim);
    let agreeing = 0;
    for (const other of this.refused.values()) {
      if (Math.abs(this.presentBy(other) - claim.stampMs) <= this.mostAheadMs) agreeing++;
    }
    if (agreeing < Math.min(AGREEING, Math.max(2, this.slotCount()))) return false;
    this.leader = null;
    this.second = null;
    this.refused.clear();
    return true;
  }

  private grow(): void {
    const wider = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const longer = new Float64Array(column.length * 2);
      longer.set(column);
      return longer;
    };
    this.lastStampMs = wider(this.lastStampMs);
    this.lastWallMs = wider(this.lastWallMs);
    this.lastMonotonicMs = wider(this.lastMonotonicMs);
  }
}
