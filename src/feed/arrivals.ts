import type { TickColumns } from '../kite/tick-columns.ts';
import { isTimeless } from './quote-row.ts';

const FIRST_CAPACITY = 16;
const UNKNOWN_VOLUME = -1;
/** A longer silence is a break of the market or of the feed, and says nothing of an instrument's own pace. */
const LONGEST_INTERVAL_MS = 300_000;
/** What the latest interval counts in the usual one. */
const INTERVAL_WEIGHT = 0.25;

/**
 * When something came of each slot, and what it proved: that there is news from the exchange, that the price moves, that
 * there has been a trade. Judged from one packet to the next by our own clock (wall time, ms since the epoch, 0 for
 * never), so that a PC clock that is wrong makes nobody stale.
 */
export class Arrivals {
  private readonly columns: TickColumns;
  /** When there last was news of any slot. */
  lastAdvanceMs = 0;
  private seenExchangeMs = new Float64Array(FIRST_CAPACITY);
  private streamedMs = new Float64Array(FIRST_CAPACITY);
  private intervalMs = new Float64Array(FIRST_CAPACITY);
  private upToDateMs = new Float64Array(FIRST_CAPACITY);
  private advancedMs = new Float64Array(FIRST_CAPACITY);
  private confirmedMs = new Float64Array(FIRST_CAPACITY);
  private answeredMs = new Float64Array(FIRST_CAPACITY);
  private movedMs = new Float64Array(FIRST_CAPACITY);
  private changedMs = new Float64Array(FIRST_CAPACITY);
  private tradedMs = new Float64Array(FIRST_CAPACITY);
  private seenPrice = new Int32Array(FIRST_CAPACITY);
  private seenVolume = new Float64Array(FIRST_CAPACITY).fill(UNKNOWN_VOLUME);
  private wasTimeless = new Uint8Array(FIRST_CAPACITY);

  constructor(columns: TickColumns) {
    this.columns = columns;
  }

  /** Makes room for `slots`. */
  reserve(slots: number): void {
    while (slots > this.seenPrice.length) this.grow();
  }

  /** Takes note of what was just written to a slot; returns whether it is news. */
  note(slot: number, receivedAtMs: number): boolean {
    const exchangeMs = this.columns.exchangeTimeMs[slot] ?? 0;
    const hasTime = !isTimeless(this.columns, slot);
    const changes = this.noteTrade(slot, hasTime, receivedAtMs);
    const isNews = hasTime ? this.isLater(slot, exchangeMs, changes) : changes;
    if (hasTime) this.seenExchangeMs[slot] = exchangeMs;
    this.wasTimeless[slot] = hasTime ? 0 : 1;
    this.confirmedMs[slot] = receivedAtMs;
    if (!isNews) return false;
    this.advancedMs[slot] = receivedAtMs;
    this.lastAdvanceMs = receivedAtMs;
    return true;
  }

  /** The socket has brought news of a slot. */
  streamed(slot: number, receivedAtMs: number): void {
    const sinceMs = receivedAtMs - (this.streamedMs[slot] ?? 0);
    this.streamedMs[slot] = receivedAtMs;
    if (sinceMs <= 0 || sinceMs > LONGEST_INTERVAL_MS) return;
    const usualMs = this.intervalMs[slot] ?? 0;
    this.intervalMs[slot] = usualMs === 0 ? sinceMs : usualMs + (sinceMs - usualMs) * INTERVAL_WEIGHT;
  }

  /** REST has nothing newer than what is held. */
  upToDate(slot: number, atMs: number): void {
    this.upToDateMs[slot] = atMs;
  }

  /** REST has answered: what is held, or what is written next, is what Kite has. */
  answered(slot: number, receivedAtMs: number): void {
    this.confirmedMs[slot] = receivedAtMs;
    this.answeredMs[slot] = receivedAtMs;
  }

  /** Our clock has been set back: an age that is negative would last as long as the jump. */
  notAfter(slot: number, nowMs: number): void {
    if ((this.advancedMs[slot] ?? 0) > nowMs) this.advancedMs[slot] = nowMs;
    if ((this.streamedMs[slot] ?? 0) > nowMs) this.streamedMs[slot] = nowMs;
    if ((this.upToDateMs[slot] ?? 0) > nowMs) this.upToDateMs[slot] = nowMs;
    if ((this.confirmedMs[slot] ?? 0) > nowMs) this.confirmedMs[slot] = nowMs;
    if ((this.answeredMs[slot] ?? 0) > nowMs) this.answeredMs[slot] = nowMs;
    if ((this.movedMs[slot] ?? 0) > nowMs) this.movedMs[slot] = nowMs;
    if ((this.changedMs[slot] ?? 0) > nowMs) this.changedMs[slot] = nowMs;
  }

  /** Volumes count from nothing again. */
  startDay(): void {
    this.seenVolume.fill(UNKNOWN_VOLUME);
  }

  /** When a packet last brought news of this slot: a later exchange time, or without any time another price or volume. */
  advancedAt(slot: number): number {
    return this.advancedMs[slot] ?? 0;
  }

  /** The same, by the socket alone. */
  streamedAt(slot: number): number {
    return this.streamedMs[slot] ?? 0;
  }

  /** What usually passes from one such packet to the next, ms; 0: not known yet. */
  usualIntervalMs(slot: number): number {
    return this.intervalMs[slot] ?? 0;
  }

  /** When REST last had nothing newer than what is held. */
  upToDateAt(slot: number): number {
    return this.upToDateMs[slot] ?? 0;
  }

  /** When anything last came, by the socket or by REST, even the same again. */
  confirmedAt(slot: number): number {
    return this.confirmedMs[slot] ?? 0;
  }

  /** When REST last answered for it. */
  answeredAt(slot: number): number {
    return this.answeredMs[slot] ?? 0;
  }

  /** When the price last changed, or first came. */
  movedAt(slot: number): number {
    return this.movedMs[slot] ?? 0;
  }

  /** When the price last came as another one than before: of the first there is no telling how long it has stood. */
  changedAt(slot: number): number {
    return this.changedMs[slot] ?? 0;
  }

  /** When a packet without a time showed by its volume that there has been a trade. */
  tradedAt(slot: number): number {
    return this.tradedMs[slot] ?? 0;
  }

  /** After packets without a time it is not enough that the time is another one than before them. */
  private isLater(slot: number, exchangeMs: number, changes: boolean): boolean {
    if (exchangeMs === this.seenExchangeMs[slot]) return false;
    return this.wasTimeless[slot] === 0 || changes || exchangeMs > this.confirmedAt(slot);
  }

  /** Returns whether the price or the volume is another one than before. */
  private noteTrade(slot: number, hasTime: boolean, receivedAtMs: number): boolean {
    const volume = this.columns.volume[slot] ?? 0;
    const seenVolume = this.seenVolume[slot] ?? UNKNOWN_VOLUME;
    if (!hasTime && seenVolume !== UNKNOWN_VOLUME && volume > seenVolume) this.tradedMs[slot] = receivedAtMs;
    this.seenVolume[slot] = volume;
    const price = this.columns.lastPrice[slot] ?? 0;
    const isFirst = this.movedMs[slot] === 0;
    const moves = price !== this.seenPrice[slot] || isFirst;
    if (moves) this.movedMs[slot] = receivedAtMs;
    if (moves && !isFirst) this.changedMs[slot] = receivedAtMs;
    this.seenPrice[slot] = price;
    return moves || volume !== seenVolume;
  }

  private grow(): void {
    const length = this.seenPrice.length * 2;
    const wider = <C extends Uint8Array | Int32Array | Float64Array>(column: C, larger: C): C => {
      larger.set(column);
      return larger;
    };
    this.seenExchangeMs = wider(this.seenExchangeMs, new Float64Array(length));
    this.streamedMs = wider(this.streamedMs, new Float64Array(length));
    this.intervalMs = wider(this.intervalMs, new Float64Array(length));
    this.upToDateMs = wider(this.upToDateMs, new Float64Array(length));
    this.advancedMs = wider(this.advancedMs, new Float64Array(length));
    this.confirmedMs = wider(this.confirmedMs, new Float64Array(length));
    this.answeredMs = wider(this.answeredMs, new Float64Array(length));
    this.movedMs = wider(this.movedMs, new Float64Array(length));
    this.changedMs = wider(this.changedMs, new Float64Array(length));
    this.tradedMs = wider(this.tradedMs, new Float64Array(length));
    this.seenPrice = wider(this.seenPrice, new Int32Array(length));
    this.seenVolume = wider(this.seenVolume, new Float64Array(length).fill(UNKNOWN_VOLUME));
    this.wasTimeless = wider(this.wasTimeless, new Uint8Array(length));
  }
}
