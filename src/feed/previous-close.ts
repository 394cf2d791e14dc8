import type { PriceKind } from '../contract/price.ts';
import type { TickColumns } from '../kite/tick-columns.ts';
import { type SegmentDay, type SessionStage, stageAt } from './segment-day.ts';

const FIRST_CAPACITY = 16;

/** Kite has cleared the day before by the time orders are taken. */
const inSession: ReadonlySet<SessionStage> = new Set(['pre-open', 'continuous', 'closing-auction', 'paused', 'over']);

/**
 * The last session's close of every slot, on the wire's scale: the one place that decides it. Until Kite goes over to the
 * new day, a packet holds the last session's figures, whose `close` is of the session before: then its last price is the
 * close that is looked for. What such a packet called `close` is remembered, because the first packets of the day may
 * still carry it.
 */
export class PreviousCloses {
  private readonly columns: TickColumns;
  /** 1: the slot holds the last session's figures. */
  private isEarlier = new Uint8Array(FIRST_CAPACITY);
  /** What the last session's figures called `close`, and the price they ended with; 0: never seen. */
  private closeBefore = new Int32Array(FIRST_CAPACITY);
  private endedAt = new Int32Array(FIRST_CAPACITY);

  constructor(columns: TickColumns) {
    this.columns = columns;
  }

  /** Makes room for `slots`. */
  reserve(slots: number): void {
    while (slots > this.isEarlier.length) this.grow();
  }

  /**
   * Takes note of what a slot holds. `day`: its segment's, of now; `kind`: of its price; `nowMs`: for figures without a
   * time of their own, as after a stamp that could not be true: the session they came in is all that dates them.
   */
  note(slot: number, day: SegmentDay, kind: PriceKind, nowMs: number): void {
    const { high, close, lastPrice, exchangeTimeMs, lastTradeTimeMs } = this.columns;
    const isTradedToday = (lastTradeTimeMs[slot] ?? 0) >= day.startMs;
    const hasFigures = (high[slot] ?? 0) > 0 && !isTradedToday;
    const isEarlier =
      kind === 'previous-close' && hasFigures && !inSession.has(stageAt(day, exchangeTimeMs[slot] || nowMs));
    this.isEarlier[slot] = isEarlier ? 1 : 0;
    if (!isEarlier) return;
    this.closeBefore[slot] = close[slot] ?? 0;
    this.endedAt[slot] = lastPrice[slot] ?? 0;
  }

  /** The last session's close; 0: not known. */
  of(slot: number): number {
    const { close, lastPrice } = this.columns;
    if (this.isEarlier[slot] === 1) return lastPrice[slot] ?? 0;
    const sent = close[slot] ?? 0;
    const endedAt = this.endedAt[slot] ?? 0;
    return endedAt > 0 && (sent === this.closeBefore[slot] || sent <= 0) ? endedAt : sent;
  }

  private grow(): void {
    const length = this.isEarlier.length * 2;
    const wider = <C extends Uint8Array | Int32Array>(column: C, larger: C): C => {
      larger.set(column);
      return larger;
    };
    this.isEarlier = wider(this.isEarlier, new Uint8Array(length));
    this.closeBefore = wider(this.closeBefore, new Int32Array(length));
    this.endedAt = wider(this.endedAt, new Int32Array(length));
  }
}
