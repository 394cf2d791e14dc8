import type { Clock } from '../clock.ts';
import type { GapState } from '../contract/state.ts';
import type { FeedCause } from '../contract/states.ts';
import { instantOf, istDateOf } from '../market/ist.ts';
import type { Segment } from '../market/segments.ts';
import { isDataDue } from './freshness.ts';
import { GapLog } from './gaps.ts';
import type { BookInstrument, QuoteBook } from './quote-book.ts';
import { stageAt } from './segment-day.ts';

/** A quiet instrument is asked for again at this pace: its last packet may have been lost. */
const REFRESH_EVERY_MS = 30_000;

interface Watched {
  readonly key: string;
  readonly token: number;
  readonly slot: number;
}

/** Watches what arrives against what is due: stale instruments, a quiet exchange, outages. */
export class FlowWatch {
  private readonly clock: Clock;
  private readonly book: QuoteBook;
  private readonly gapLog = new GapLog();
  private readonly refreshedMs = new Map<number, number>();
  private segments: ReadonlySet<Segment | null> = new Set();
  private watched: readonly Watched[] = [];
  private quiet = false;

  constructor(clock: Clock, book: QuoteBook) {
    this.clock = clock;
    this.book = book;
  }

  get gaps(): readonly GapState[] {
    return this.gapLog.gaps;
  }

  /** Frames come, yet every index and future that should be trading has stopped: the exchange is quiet, not the line. */
  get isQuiet(): boolean {
    return this.quiet;
  }

  /** Whether these instruments must bring data now. */
  get isDataDue(): boolean {
    return isDataDue(this.book.segmentStages(this.segments, this.clock.now()));
  }

  /** Watches these instruments. Those on the watchlist may be quiet: they count only for what is due. */
  follow(instruments: readonly BookInstrument[]): void {
    this.segments = new Set(instruments.map(({ segment }) => segment));
    this.watched = instruments
      .filter(({ role }) => role !== 'watch')
      .map(({ key, token }) => ({ key, token, slot: this.book.slotOf(key) }));
  }

  /**
   * Judges kinds and freshness anew; to be called at least once a second. `dataAgeMs`: since any price came from
   * anywhere. Returns the tokens that ought to be asked for again.
   */
  judge(isLive: boolean, dataAgeMs: number): readonly number[] {
    const nowMs = this.clock.now();
    this.book.refreshKinds(nowMs);
    this.book.refreshStale(nowMs, dataAgeMs, this.clock.speed);
    this.gapLog.forgetBefore(instantOf(istDateOf(nowMs), '00:00'));
    const trading = this.watched.filter(({ slot }) => this.isTrading(slot, nowMs));
    const stale = trading.filter(({ slot }) => this.book.isStale(slot));
    this.quiet = isLive && trading.length > 0 && stale.length === trading.length;
    return isLive ? stale.map(({ token }) => token).filter((token) => this.mayRefresh(token)) : [];
  }

  /**
   * Brings the list of outages up to date; on every change, and at least once a second. `lastTickMs`: wall time of the
   * last tick, null for never; `cause`: why data does not flow, where it does not.
   */
  noteGaps(isLive: boolean, lastTickMs: number | null, cause: FeedCause): void {
    const nowMs = this.clock.now();
    const isFlowing = isLive && !this.quiet;
    this.gapLog.observe(null, {
      nowMs,
      isDue: this.isDataDue,
      isFlowing,
      lastDataMs: this.quiet ? this.lastAdvance() : lastTickMs,
      cause: this.quiet ? 'exchange-quiet' : cause,
    });
    for (const { key, slot } of this.watched) {
      this.gapLog.observe(key, {
        nowMs,
        isDue: isFlowing && this.isTrading(slot, nowMs),
        isFlowing: !this.book.isStale(slot),
        lastDataMs: this.book.lastAdvanceAt(slot),
        cause: 'exchange-quiet',
      });
    }
  }

  /** The feed is not wanted any more. */
  stop(): void {
    this.quiet = false;
    this.refreshedMs.clear();
    this.gapLog.closeAll(this.clock.now());
  }

  private lastAdvance(): number {
    return Math.max(...this.watched.map(({ slot }) => this.book.lastAdvanceAt(slot) ?? 0));
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
