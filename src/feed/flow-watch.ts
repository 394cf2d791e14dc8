import type { Clock } from '../clock.ts';
import type { GapState } from '../contract/state.ts';
import type { FeedCause } from '../contract/states.ts';
import { instantOf, istDateOf } from '../market/ist.ts';
import type { Segment } from '../market/segments.ts';
import { FEED_STALE_AFTER_MS, INDEX_UNMOVED_AFTER_MS, isDataDue, limitAtSpeed } from './freshness.ts';
import { GapLog, WHOLE_FEED } from './gaps.ts';
import type { BookInstrument, QuoteBook } from './quote-book.ts';
import { stageAt } from './segment-day.ts';

/** A quiet instrument is asked for again at this pace: its last packet may have been lost. */
const REFRESH_EVERY_MS = 30_000;
/** How finely a stretch that was skipped is looked at for what was due in it. */
const SKIP_STEP_MS = 1_000;

interface Watched {
  readonly key: string;
  readonly token: number;
  readonly slot: number;
  readonly isIndex: boolean;
}

/** What one connection carries. */
interface Part {
  readonly keys: readonly string[];
  readonly segments: ReadonlySet<Segment | null>;
}

/** How one connection stands. */
export interface PartFlow {
  readonly isLive: boolean;
  /** On its way to being live for the first time since it was wanted, and in good time. */
  readonly isStarting: boolean;
  /** Live, and all it brings is known already. */
  readonly isRepeating: boolean;
  /** Live, and its prices come in time. */
  readonly isInTime: boolean;
  /** How long it has been live, ms; 0 while it is not. */
  readonly liveForMs: number;
  /** Since it last brought a price; infinite for never. */
  readonly dataAgeMs: number;
  /** Wall time of its last tick; null for never. */
  readonly lastTickAt: number | null;
  /** Why data does not flow, where it does not. */
  readonly cause: FeedCause;
}

/** Watches what arrives against what is due: stale instruments, a quiet exchange, outages. */
export class FlowWatch {
  private readonly clock: Clock;
  private readonly book: QuoteBook;
  private readonly gapLog = new GapLog();
  private readonly refreshedMs = new Map<number, number>();
  private segments: ReadonlySet<Segment | null> = new Set();
  private watched: readonly Watched[] = [];
  private parts: readonly Part[] = [];
  private partOfSlot = new Uint8Array(0);
  private quiet = false;
  /** When the wall clock last jumped; monotonic ms. */
  private jumpedMs = Number.NEGATIVE_INFINITY;
  /** What lies before this instant was passed over, not missed; ms since the epoch. */
  private movedAheadToMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, book: QuoteBook) {
    this.clock = clock;
    this.book = book;
  }

  get gaps(): readonly GapState[] {
    return this.gapLog.gaps;
  }

  /**
   * Frames come, yet nothing that should be trading is traded: every future has stopped, and so have the indices, or they
   * repeat their values. The exchange is quiet, not the line.
   */
  get isQuiet(): boolean {
    return this.quiet;
  }

  /** The exchange's time as the indices and futures have told it, ms since the epoch; 0 before the first tick. */
  get exchangeMs(): number {
    return Math.max(0, ...this.watched.map(({ slot }) => this.book.columns.exchangeTimeMs[slot] ?? 0));
  }

  /** The wall clock has jumped: what it says of outages is not to be believed. */
  clockJumped(): void {
    this.jumpedMs = this.clock.monotonic();
    this.gapLog.clockJumped();
  }

  /** A simulation’s clock was moved ahead to now. */
  movedAhead(): void {
    this.clockJumped();
    this.movedAheadToMs = this.clock.now();
  }

  /** Whether connection `part` must bring data now. */
  isDataDueOn(part: number): boolean {
    return this.isDue(this.parts[part]?.segments ?? this.segments);
  }

  /** Watches these instruments; those on the watchlist may be quiet. `parts`: the tokens of each connection. */
  follow(instruments: readonly BookInstrument[], parts: readonly (readonly number[])[]): void {
    this.segments = new Set(instruments.map(({ segment }) => segment));
    this.watched = instruments
      .filter(({ role }) => role !== 'watch')
      .map(({ key, token, role }) => ({ key, token, slot: this.book.slotOf(key), isIndex: role === 'spot' }));
    const byToken = new Map(instruments.map((instrument) => [instrument.token, instrument]));
    this.partOfSlot = new Uint8Array(this.book.size);
    this.parts = parts.map((tokens, part) => {
      const carried = tokens.flatMap((token) => byToken.get(token) ?? []);
      for (const { key } of carried) this.partOfSlot[this.book.slotOf(key)] = part;
      return { keys: carried.map(({ key }) => key), segments: new Set(carried.map(({ segment }) => segment)) };
    });
    this.gapLog.keepOnly(
      [WHOLE_FEED, ...this.watched.map(({ key }) => key), ...this.parts.map((_, part) => subjectOf(part))],
      this.clock.now(),
    );
  }

  /**
   * Judges kinds and freshness anew; to be called at least once a second, and when prices begin or cease to come.
   * `restDelivers`: they come by REST. Returns the tokens to be asked for again.
   */
  judge(flows: readonly PartFlow[], restDelivers: boolean): readonly number[] {
    const nowMs = this.clock.now();
    this.book.refreshKinds(nowMs);
    this.judgePrices(flows, restDelivers, nowMs);
    this.gapLog.forgetBefore(instantOf(istDateOf(nowMs), '00:00'));
    const trading = this.watched.filter(({ slot }) => this.isTrading(slot, nowMs));
    const silent = trading.filter(({ slot }) => this.book.staleness.isSilent(slot));
    const isLive = flows[0]?.isLive ?? false;
    const wasQuiet = this.quiet;
    this.quiet = isLive && (flows[0]?.isRepeating === true || this.standsStill(trading, nowMs));
    if (this.quiet !== wasQuiet) this.judgePrices(flows, restDelivers, nowMs);
    return isLive ? silent.map(({ token }) => token).filter((token) => this.mayRefresh(token)) : [];
  }

  /**
   * Says of every price whether it is stale. What a quiet exchange last sent is as old as what a dead connection did: the
   * feed's own word and its prices' must not differ.
   */
  private judgePrices(flows: readonly PartFlow[], restDelivers: boolean, nowMs: number): void {
    const { book, clock } = this;
    const flowOf = (slot: number): PartFlow | undefined => flows[this.partOfSlot[slot] ?? 0];
    const answeredForMs = limitAtSpeed(FEED_STALE_AFTER_MS, clock.speed);
    const isDelivered = (slot: number): boolean => {
      if (flowOf(slot)?.isInTime === true) return !this.quiet;
      return restDelivers && nowMs - (book.arrivals.answeredAt(slot) || Number.NEGATIVE_INFINITY) <= answeredForMs;
    };
    const ageOf = (slot: number): number => flowOf(slot)?.dataAgeMs ?? Number.POSITIVE_INFINITY;
    const liveSince = (slot: number): number => nowMs - (flowOf(slot)?.liveForMs ?? 0);
    book.refreshStale(nowMs, ageOf, clock.speed, isDelivered, liveSince);
  }

  /** Brings the list of outages up to date; on every change, and at least once a second. */
  noteGaps(flows: readonly PartFlow[]): void {
    const nowMs = this.clock.now();
    if (flows[0]?.isRepeating === true) this.quiet = true;
    const isFlowing = flows.some(({ isLive }) => isLive) && !this.quiet;
    const { exchangeMs } = this;
    const lastTicks = flows.flatMap(({ lastTickAt }) => (lastTickAt === null ? [] : [lastTickAt]));
    this.gapLog.observe(WHOLE_FEED, [], {
      nowMs,
      isDue: this.isDue(this.segments),
      isFlowing,
      isStarting: flows[0]?.isStarting === true,
      lastDataMs: this.quiet ? this.lastMove() : lastTicks.length === 0 ? null : Math.max(...lastTicks),
      exchangeMs,
      cause: this.quiet ? 'exchange-quiet' : (flows[0]?.cause ?? 'unknown'),
    });
    if (this.parts.length > 1) this.notePartGaps(flows, { isFlowing, exchangeMs, nowMs });
    const isFirstLive = flows[0]?.isLive === true;
    for (const { key, slot } of this.watched) {
      this.gapLog.observe(key, [key], {
        nowMs,
        isDue: isFlowing && isFirstLive && !this.hasJustJumped && this.isTrading(slot, nowMs),
        isFlowing: !this.book.staleness.isMissing(slot),
        lastDataMs: this.book.arrivals.advancedAt(slot) || null,
        exchangeMs,
        cause: 'exchange-quiet',
      });
    }
    this.gapLog.jumpSeen();
  }

  /**
   * The exchange's time has skipped this stretch, and the connection lives: the PC slept, or frames were thrown away. What
   * of it was due from its beginning on is an outage.
   */
  noteSkip(fromMs: number, toMs: number): void {
    const skippedMs = Math.max(fromMs, this.movedAheadToMs);
    let dueUntilMs = skippedMs;
    while (dueUntilMs < toMs && this.isDue(this.segments, dueUntilMs)) dueUntilMs += SKIP_STEP_MS;
    if (dueUntilMs > skippedMs + SKIP_STEP_MS) this.gapLog.add(skippedMs, Math.min(dueUntilMs, toMs), 'silent');
  }

  /** The feed is not wanted any more. */
  stop(): void {
    this.quiet = false;
    this.refreshedMs.clear();
    this.gapLog.keepOnly([], this.clock.now());
  }

  private notePartGaps(
    flows: readonly PartFlow[],
    { isFlowing, exchangeMs, nowMs }: { isFlowing: boolean; exchangeMs: number; nowMs: number },
  ): void {
    for (const [part, flow] of flows.entries()) {
      this.gapLog.observe(subjectOf(part), this.parts[part]?.keys ?? [], {
        nowMs,
        isDue: isFlowing && this.isDataDueOn(part),
        isFlowing: flow.isLive,
        isStarting: flow.isStarting,
        lastDataMs: flow.lastTickAt,
        exchangeMs,
        cause: flow.cause,
      });
    }
  }

  private isDue(segments: ReadonlySet<Segment | null>, atMs = this.clock.now()): boolean {
    return isDataDue(this.book.segmentStages(segments, atMs));
  }

  /** What came before a sleep, or before the clock was set, looks as old as the jump is long: that proves nothing. */
  private get hasJustJumped(): boolean {
    const limitMs = limitAtSpeed(INDEX_UNMOVED_AFTER_MS, this.clock.speed);
    return this.clock.monotonic() - this.jumpedMs <= limitMs;
  }

  private standsStill(trading: readonly Watched[], nowMs: number): boolean {
    if (trading.length === 0 || this.hasJustJumped) return false;
    const limitMs = limitAtSpeed(INDEX_UNMOVED_AFTER_MS, this.clock.speed);
    const hasFutures = trading.some(({ isIndex }) => !isIndex);
    return trading.every(
      ({ slot, isIndex }) =>
        this.book.staleness.isSilent(slot) ||
        (isIndex && hasFutures && nowMs - (this.book.arrivals.movedAt(slot) || nowMs) > limitMs),
    );
  }

  /** When anything that is traded last moved. */
  private lastMove(): number {
    const futures = this.watched.filter(({ isIndex }) => !isIndex);
    const moved = this.watched.filter(({ isIndex }) => isIndex).map(({ slot }) => this.book.arrivals.movedAt(slot));
    const traded = (futures.length > 0 ? futures : this.watched).map(({ slot }) => this.book.arrivals.advancedAt(slot));
    return Math.max(...moved, ...traded);
  }

  private isTrading(slot: number, nowMs: number): boolean {
    const day = this.book.dayOfSlot(slot);
    return day !== undefined && stageAt(day, nowMs) === 'continuous';
  }

  private mayRefresh(token: number): boolean {
    const nowMs = this.clock.monotonic();
    if (nowMs - (this.refreshedMs.get(token) ?? Number.NEGATIVE_INFINITY) < REFRESH_EVERY_MS) return false;
    this.refreshedMs.set(token, nowMs);
    return true;
  }
}

/** A connection as a subject of outages; no instrument key begins like it. */
function subjectOf(part: number): string {
  return `#${part}`;
}
