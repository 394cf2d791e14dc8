import { type PriceKind, priceKinds } from '../contract/price.ts';
import type { InstrumentState } from '../contract/state.ts';
import type { QuoteRow } from '../contract/tick-lane.ts';
import { type DropCounts, noDrops, totalDrops } from '../kite/drop-counts.ts';
import { decodeFrame } from '../kite/frame.ts';
import { divisorOf } from '../kite/instrument-token.ts';
import type { KiteQuote } from '../kite/session.ts';
import { TickColumns } from '../kite/tick-columns.ts';
import { TouchedSlots } from '../kite/touched-slots.ts';
import type { MarketCalendar } from '../market/calendar.ts';
import type { Segment } from '../market/segments.ts';
import { Arrivals } from './arrivals.ts';
import { ChangeTrackers, type TrackedChanges } from './change-trackers.ts';
import type { SubscribedSegment } from './freshness.ts';
import { LagHistogram } from './lag-histogram.ts';
import { LagWitnesses } from './lag-witnesses.ts';
import { PreviousCloses } from './previous-close.ts';
import { priceKind } from './price-kind.ts';
import { objectionTo, tellsNews, withTradeTime } from './quote-acceptance.ts';
import { isNeverTraded, isTimeless, readRow, writeQuote } from './quote-row.ts';
import { type SegmentDay, stageAt, stageStart } from './segment-day.ts';
import { SessionDays } from './session-days.ts';
import { Staleness } from './staleness.ts';
import { StampCheck, type StampClocks } from './stamp-check.ts';
import { type TickListener, TickListeners } from './tick-listeners.ts';

/** What the book has to know of an instrument. */
export type BookInstrument = Pick<InstrumentState, 'key' | 'token' | 'role' | 'segment'>;

/** What the last frame showed besides its prices; overwritten by the next. */
export interface FrameFigures {
  /** Ticks with news from the exchange. The last packets Kite repeats on subscribing have none. */
  advances: number;
  /** Ticks that were left out because they are older than what is held. */
  outdated: number;
  /** The least lag among instruments that stream in continuous trading, ms; NaN without any. */
  leastLagMs: number;
}

/** An instrument that cannot be added. */
export class QuoteBookError extends Error {
  readonly code = 'token-in-use';
}

const FIRST_CAPACITY = 16;
/** An instrument that ticks this often streams; the last packet repeated on subscribing comes after any length of time. */
const STREAMS_WITHIN_MS = 5_000;
const PREVIOUS_CLOSE = priceKinds.indexOf('previous-close');

/**
 * The last price of every instrument with its kind, age and origin. Slots are given in the order of `add` and never move,
 * so they are the indices of `DeskState.instruments`. Applying a frame makes no object per tick.
 */
export class QuoteBook {
  readonly columns = new TickColumns();
  /** What the ticks of the day's continuous trading took from the exchange's time to our receipt. */
  readonly lags = new LagHistogram();
  /** The same at the least, instrument by instrument. */
  readonly lagWitnesses = new LagWitnesses();
  readonly lastFrame: FrameFigures = { advances: 0, outdated: 0, leastLagMs: Number.NaN };
  private readonly days: SessionDays;
  /** When something came of each slot. */
  readonly arrivals = new Arrivals(this.columns);
  /** Which prices claim more than is known. */
  readonly staleness = new Staleness();
  private readonly closes = new PreviousCloses(this.columns);
  private readonly stamps: StampCheck;
  private readonly instruments: BookInstrument[] = [];
  /** The slot a key was last followed in. */
  private readonly slotsByKey = new Map<string, number>();
  /** An instrument is a name and a token: Kite gives both to others in time. */
  private readonly slotsByIdentity = new Map<string, number>();
  private readonly dropCounts: DropCounts = noDrops();
  private readonly framed = new TouchedSlots();
  private readonly quoted = new TouchedSlots();
  private readonly listeners = new TickListeners();
  private readonly priceChanges = new ChangeTrackers();
  private readonly statusChanges = new ChangeTrackers();

  /** Index into `priceKinds`. */
  private kinds = new Uint8Array(FIRST_CAPACITY);
  private fromRest = new Uint8Array(FIRST_CAPACITY);
  private retired = new Uint8Array(FIRST_CAPACITY);
  /** Where `days` has its hours. */
  private dayIndex = new Uint8Array(FIRST_CAPACITY);
  private firstTickMs = new Float64Array(FIRST_CAPACITY);

  /** `clocks`: what exchange times are held against besides each other. */
  constructor(calendar: MarketCalendar, clocks: StampClocks | null = null) {
    this.days = new SessionDays(calendar);
    this.stamps = new StampCheck(clocks, () => this.size);
  }

  get size(): number {
    return this.instruments.length;
  }

  /** Frames and packets that could not be taken, over the run. */
  get dropped(): number {
    return totalDrops(this.dropCounts);
  }

  /** The same by reason. */
  get drops(): Readonly<DropCounts> {
    return this.dropCounts;
  }

  /**
   * Gives an instrument its slot; one that is known by the same key and token gets its old slot back. A token that a
   * retired instrument had goes to a new slot, which begins empty: no price of one is ever shown under the other's name.
   * Throws a `QuoteBookError` when another instrument that is followed has the token.
   */
  add(instrument: BookInstrument): number {
    const { key, token } = instrument;
    const holder = this.columns.slotOf(token);
    const held = this.instruments[holder];
    if (held !== undefined && held.key !== key && this.retired[holder] === 0) {
      throw new QuoteBookError(`${key} has the token of ${held.key}, which is followed already`);
    }
    const identity = `${token} ${key}`;
    const known = this.slotsByIdentity.get(identity);
    const slot = known ?? this.columns.append(token, divisorOf(token));
    this.columns.reclaim(slot);
    this.instruments[slot] = instrument;
    this.slotsByKey.set(key, slot);
    this.slotsByIdentity.set(identity, slot);
    if (slot >= this.kinds.length) this.grow();
    this.arrivals.reserve(slot + 1);
    this.closes.reserve(slot + 1);
    this.staleness.reserve(slot + 1);
    this.stamps.reserve(slot + 1);
    if (known === undefined) this.kinds[slot] = PREVIOUS_CLOSE;
    else this.stamps.forget(slot);
    this.retired[slot] = 0;
    this.dayIndex[slot] = SessionDays.indexOf(instrument.segment);
    return slot;
  }

  /** The instrument is no longer followed: its slot and last price stay, and it cannot become stale. */
  retire(slot: number): void {
    this.retired[slot] = 1;
    if (this.staleness.retire(slot)) this.markStatus(slot);
  }

  /** The slot of the instrument that is, or was last, followed by this key; -1 when there is none. */
  slotOf(key: string): number {
    return this.slotsByKey.get(key) ?? -1;
  }

  /** Takes one binary frame of the ticker; returns the number of ticks in it. `receivedAtMs`: ms since the epoch. */
  applyFrame(bytes: Uint8Array, receivedAtMs: number): number {
    this.lastFrame.advances = 0;
    this.lastFrame.leastLagMs = Number.NaN;
    const outdatedBefore = this.dropCounts['stale-order'];
    this.stamps.startFrame(receivedAtMs);
    const count = decodeFrame(bytes, this.columns, receivedAtMs, this.framed, this.dropCounts, this.stamps);
    this.lastFrame.outdated = this.dropCounts['stale-order'] - outdatedBefore;
    if (count === 0) return 0;
    this.ensureDay(receivedAtMs);
    for (let index = 0; index < count; index++) {
      const slot = this.framed.slots[index] ?? 0;
      if (this.firstTickMs[slot] === 0) this.setFirstTick(slot, receivedAtMs);
      this.fromRest[slot] = 0;
      const sinceAdvanceMs = receivedAtMs - this.arrivals.advancedAt(slot);
      if (!this.touch(slot, receivedAtMs, true)) continue;
      this.arrivals.streamed(slot, receivedAtMs);
      this.noteAdvance(slot, receivedAtMs, sinceAdvanceMs);
    }
    this.listeners.tell(this.framed, 'websocket', receivedAtMs);
    return count;
  }

  /**
   * Takes answers of `GET /quote`. A quote counts only when its exchange time is newer than what is held: a tick of the
   * same second is at least as fresh. Returns the number that counted.
   */
  applyQuotes(quotes: Iterable<KiteQuote>, receivedAtMs: number): number {
    this.ensureDay(receivedAtMs);
    this.quoted.clear();
    this.stamps.startFrame(receivedAtMs);
    for (const quote of quotes) {
      const slot = this.slotOf(quote.key);
      // Asked for before its name went to another token: a price of somebody else's.
      if (slot < 0 || quote.token !== this.columns.token[slot]) continue;
      this.arrivals.answered(slot, receivedAtMs);
      const objection = objectionTo(this.columns, this.stamps, slot, quote);
      if (objection !== null && objection !== 'not-newer') this.dropCounts[objection]++;
      if (objection !== null) continue;
      writeQuote(this.columns, slot, withTradeTime(this.columns, this.stamps, slot, quote), receivedAtMs);
      this.fromRest[slot] = 1;
      this.touch(slot, receivedAtMs, false);
      this.quoted.push(slot);
    }
    if (this.quoted.count === 0) return 0;
    this.listeners.tell(this.quoted, 'rest', receivedAtMs);
    return this.quoted.count;
  }

  /**
   * Judges every price anew: a phase may have changed, or the calendar. Cheap enough to be called once a second, and to
   * be called at the moment a phase changes.
   */
  refreshKinds(nowMs: number): void {
    if (this.days.load(nowMs)) this.startDay();
    this.stamps.startFrame(nowMs);
    const { mode, exchangeTimeMs } = this.columns;
    for (let slot = 0; slot < this.size; slot++) {
      if (mode[slot] === 0) continue;
      // Taken when there was nothing to hold it against; by now there is.
      if (this.stamps.isAhead(slot, exchangeTimeMs[slot] ?? 0)) exchangeTimeMs[slot] = 0;
      this.judgeKind(slot, nowMs);
    }
  }

  /**
   * Judges every instrument's freshness. Of a slot: `dataAgeMs`, since its connection last brought any price;
   * `isDelivered`, whether the socket or REST is bringing prices of it; `liveSinceMs`, since when its connection is live.
   */
  refreshStale(
    nowMs: number,
    dataAgeMs: (slot: number) => number,
    speed: number,
    isDelivered: (slot: number) => boolean = () => true,
    liveSinceMs: (slot: number) => number = () => nowMs,
  ): void {
    this.ensureDay(nowMs);
    for (let slot = 0; slot < this.size; slot++) {
      const day = this.dayOfSlot(slot);
      if (day === undefined || this.retired[slot] === 1) continue;
      const { arrivals } = this;
      arrivals.notAfter(slot, nowMs);
      const exchangeTimeMs = this.columns.exchangeTimeMs[slot] ?? 0;
      const hasChanged = this.staleness.judge(slot, {
        nowMs,
        role: this.instruments[slot]?.role ?? 'watch',
        stage: stageAt(day, nowMs),
        stageSinceMs: stageStart(day, nowMs) ?? nowMs,
        advancedAtMs: arrivals.advancedAt(slot),
        // What REST brought while the connection was down is as good a beginning.
        streamedAtMs: Math.max(arrivals.streamedAt(slot), Math.min(arrivals.advancedAt(slot), liveSinceMs(slot))),
        upToDateAtMs: arrivals.upToDateAt(slot),
        answeredAtMs: arrivals.answeredAt(slot),
        dataAgeMs: Math.min(dataAgeMs(slot), nowMs - arrivals.confirmedAt(slot)),
        socketAgeMs: dataAgeMs(slot),
        speed,
        isDelivered: isDelivered(slot),
        hasHours: day.segment !== null,
        isOfToday: exchangeTimeMs >= day.startMs && exchangeTimeMs < day.endMs,
      });
      if (hasChanged) this.markStatus(slot);
      // Without hours it is the feed alone that says whether a price is live.
      if (day.segment === null && this.columns.mode[slot] !== 0) this.judgeKind(slot, nowMs);
    }
  }

  /** Where the days of `wanted` stand at `nowMs`; instruments without hours have no say. */
  segmentStages(wanted: Iterable<Segment | null>, nowMs: number): SubscribedSegment[] {
    this.ensureDay(nowMs);
    return this.days.stagesOf(wanted, nowMs);
  }

  /** The hours of a slot's segment on the day last looked at; undefined before anything has arrived. */
  dayOfSlot(slot: number): SegmentDay | undefined {
    return this.days.at(this.dayIndex[slot] ?? SessionDays.indexOf(null));
  }

  kind(slot: number): PriceKind {
    return priceKinds[this.kinds[slot] ?? PREVIOUS_CLOSE] ?? 'previous-close';
  }

  isStale(slot: number): boolean {
    return this.staleness.isStale(slot);
  }

  /** When the day's first tick of this instrument came over the socket, ms since the epoch; null until then. */
  firstTickAt(slot: number): number | null {
    return this.firstTickMs[slot] || null;
  }

  /** The slot in rupees; null before its first price. `withDepth`: with five bids and five asks. */
  row(slot: number, withDepth: boolean): QuoteRow | null {
    if (slot >= this.size || this.columns.mode[slot] === 0) return null;
    const marks = {
      kind: this.kinds[slot] ?? PREVIOUS_CLOSE,
      stale: this.isStale(slot),
      fromRest: this.fromRest[slot] === 1,
      changedAtMs: this.arrivals.changedAt(slot),
      previousClose: this.closes.of(slot),
    };
    return readRow(this.columns, slot, marks, withDepth);
  }

  /** Follows every change of a row. */
  trackPrices(): TrackedChanges {
    return this.priceChanges.track();
  }

  /** Follows changes of `isStale` and `firstTickAt`. */
  trackStatus(): TrackedChanges {
    return this.statusChanges.track();
  }

  /** Whether REST has something of an instrument that the book does not; null: the answer is none that can be taken. */
  isNews(quote: KiteQuote): boolean | null {
    const slot = this.slotOf(quote.key);
    if (slot < 0 || quote.token !== this.columns.token[slot]) return null;
    const objection = objectionTo(this.columns, this.stamps, slot, quote);
    if (objection !== null) return objection === 'not-newer' ? false : null;
    return tellsNews(this.columns, slot, quote, this.dayOfSlot(slot)?.startMs ?? 0);
  }

  /** Hears of a listener that threw. */
  set listenerFailed(hear: (error: unknown) => void) {
    this.listeners.failed = hear;
  }

  /** Called for every frame and every answer that changed something, at once. */
  onTicks(listener: TickListener): Disposable {
    return this.listeners.add(listener);
  }

  /** Takes note of what was written to a slot; returns whether it is news. */
  private touch(slot: number, receivedAtMs: number, isStreamed: boolean): boolean {
    const advances = this.arrivals.note(slot, receivedAtMs);
    const isNews = advances || isTimeless(this.columns, slot);
    if (this.staleness.arrived(slot, isNews, isStreamed)) this.markStatus(slot);
    this.judgeKind(slot, receivedAtMs);
    this.priceChanges.mark(slot);
    return advances;
  }

  /**
   * Only the first packet of each exchange second is measured: a later one of the same second would count the second's
   * own length as lag.
   */
  private noteAdvance(slot: number, receivedAtMs: number, sinceAdvanceMs: number): void {
    const { lastFrame } = this;
    lastFrame.advances++;
    if (isTimeless(this.columns, slot)) return;
    const streams = sinceAdvanceMs >= 0 && sinceAdvanceMs <= STREAMS_WITHIN_MS;
    const timeMs = this.columns.exchangeTimeMs[slot] ?? 0;
    const lagMs = receivedAtMs - timeMs;
    const isLive = this.kind(slot) === 'live';
    if (!streams) return;
    if (isLive) this.lags.add(lagMs);
    this.lagWitnesses.note(slot, receivedAtMs, lagMs);
    if (!(lastFrame.leastLagMs <= lagMs)) lastFrame.leastLagMs = lagMs;
  }

  private judgeKind(slot: number, nowMs: number): void {
    const day = this.dayOfSlot(slot);
    if (day === undefined) return;
    const { exchangeTimeMs, lastTradeTimeMs } = this.columns;
    const tradedMs = this.arrivals.tradedAt(slot);
    const timeMs = Math.max(exchangeTimeMs[slot] ?? 0, tradedMs);
    const tradeTimeMs = Math.max(lastTradeTimeMs[slot] ?? 0, tradedMs);
    // Where nobody has published hours an index proves its session by moving: it ticks its last close all day long.
    const isStill = day.isIndex && this.arrivals.changedAt(slot) < day.startMs && stageAt(day, timeMs) === 'unknown';
    const kind =
      isStill || isNeverTraded(this.columns, slot, tradedMs)
        ? PREVIOUS_CLOSE
        : priceKinds.indexOf(priceKind(day, timeMs, tradeTimeMs, nowMs, this.staleness.isDelivered(slot)));
    this.closes.note(slot, day, priceKinds[kind] ?? 'previous-close', nowMs);
    if (kind === this.kinds[slot]) return;
    this.kinds[slot] = kind;
    this.priceChanges.mark(slot);
  }

  private markStatus(slot: number): void {
    this.priceChanges.mark(slot);
    this.statusChanges.mark(slot);
  }

  private setFirstTick(slot: number, atMs: number): void {
    this.firstTickMs[slot] = atMs;
    this.statusChanges.mark(slot);
  }

  private ensureDay(nowMs: number): void {
    if (this.days.ensure(nowMs)) this.startDay();
  }

  private startDay(): void {
    this.lags.clear();
    this.arrivals.startDay();
    for (let slot = 0; slot < this.size; slot++) {
      if (this.firstTickMs[slot] !== 0) this.setFirstTick(slot, 0);
    }
  }

  private grow(): void {
    const length = this.kinds.length * 2;
    const wider = <C extends Uint8Array | Float64Array>(column: C, larger: C): C => {
      larger.set(column);
      return larger;
    };
    this.kinds = wider(this.kinds, new Uint8Array(length));
    this.fromRest = wider(this.fromRest, new Uint8Array(length));
    this.retired = wider(this.retired, new Uint8Array(length));
    this.dayIndex = wider(this.dayIndex, new Uint8Array(length));
    this.firstTickMs = wider(this.firstTickMs, new Float64Array(length));
  }
}
