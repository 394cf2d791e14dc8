import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../clock.ts';
import type { CandleGap } from '../contract/commands.ts';
import type { Journal } from '../contract/journal.ts';
import type {
  ActivityEntry,
  FeedLag,
  FeedState,
  GapState,
  InstrumentState,
  MarketState,
  ScheduleState,
  ScreenLag,
} from '../contract/state.ts';
import { JournalRecorder } from '../history/journal.ts';
import type { JournalPorts } from '../history/journal-day.ts';
import { type IstDate, istDateOf } from '../market/ist.ts';

/** An outage that has only just begun may turn out too short to be one; ms. */
const SHORTEST_GAP_MS = 1_000;
/** The lag changes with every tick, and writing it down is writing the whole record. */
const LAG_EVERY_MS = 300_000;

/** Turns what the desk's parts report into the day's record. */
export class DayJournal implements Disposable {
  private readonly clock: Pick<Clock, 'now'>;
  private readonly recorder: JournalRecorder;
  private readonly startedAt: number;
  private feed: FeedState | null = null;
  private lagNotedAt = 0;
  /** Once the feed has stopped there is none any more. */
  private lastSkewMs: number | null = null;
  private screenLag: ScreenLag | null = null;

  constructor(ports: JournalPorts, market: MarketState) {
    this.clock = ports.clock;
    this.startedAt = ports.clock.now();
    this.recorder = new JournalRecorder(ports, market.date, dayOf(market));
  }

  /** The record of an IST date (null: today's); null when none was kept. */
  journalFor(date: IstDate | null): Promise<Journal | null> {
    return this.recorder.journalFor(date ?? istDateOf(this.clock.now()));
  }

  /** The record that is being written. */
  get current(): Journal {
    return this.recorder.current;
  }

  /** Resolves when the first try to read what an earlier run left of the day has come to an end. */
  get ready(): Promise<void> {
    return this.recorder.ready;
  }

  /** Resolves when all that was saved so far is written. */
  written(): Promise<void> {
    return this.recorder.written();
  }

  marketChanged(market: MarketState): void {
    if (market.date !== this.recorder.current.date) {
      this.lastSkewMs = null;
      this.screenLag = null;
    }
    this.recorder.openDay(market.date, dayOf(market));
  }

  scheduleChanged({ date, steps }: ScheduleState): void {
    this.recorder.steps(date, steps);
  }

  feedChanged(feed: FeedState): void {
    const before = this.feed;
    this.feed = feed;
    if (before?.state !== feed.state || before.source !== feed.source || before.cause !== feed.cause) {
      this.recorder.feedChanged({ at: this.clock.now(), state: feed.state, source: feed.source, cause: feed.cause });
    }
    this.lastSkewMs = feed.lag.skewMs ?? this.lastSkewMs;
    if (this.clock.now() - this.lagNotedAt >= LAG_EVERY_MS) this.noteLag();
    for (let count = before?.reconnects ?? 0; count < feed.reconnects; count++) this.recorder.reconnected();
    const { gaps } = this.recorder.current;
    for (const open of gaps.filter(({ to }) => to === null)) {
      if (!feed.gaps.some((gap) => isSameGap(gap, open))) this.recorder.withoutGap(open);
    }
    for (const gap of feed.gaps) {
      const isSettled = gap.to !== null || this.clock.now() - gap.from >= SHORTEST_GAP_MS;
      if (isSettled && !hasGap(this.recorder.current.gaps, gap)) this.recorder.gap(gap);
    }
  }

  /** Of these instruments, those that have ticked today; only what has changed need be among them. */
  instrumentsChanged(instruments: readonly Pick<InstrumentState, 'key' | 'firstTickAt'>[]): void {
    this.recorder.firstTicks(
      instruments.flatMap(({ key, firstTickAt }) => (firstTickAt === null ? [] : [{ key, at: firstTickAt }])),
    );
  }

  /** The day's figures so far; written down together with the feed's own. */
  ticksPainted(screenLag: ScreenLag): void {
    this.screenLag = screenLag;
  }

  alertRaised(id: string, title: string): void {
    this.recorder.alertRaised(id, title, this.clock.now());
  }

  alertWithdrawn(id: string): void {
    this.recorder.alertWithdrawn(id, this.clock.now());
  }

  activity(entry: ActivityEntry): void {
    this.recorder.activity(entry);
  }

  /** Writes the record down for good; returns the day's summary. */
  certify(): string {
    this.noteLag();
    const { reconnects, gaps, firstTicks } = this.recorder.current;
    this.recorder.save();
    const lostMs = gaps
      .filter(({ keys }) => keys.length === 0)
      .reduce((sum, { from, to }) => sum + ((to ?? from) - from), 0);
    const lag = this.feed === null ? '' : lagWords(this.feed.lag, this.screenLag);
    return `${firstTicks.length} instruments, ${reconnects} reconnects, ${(lostMs / 1000).toFixed(1)} s without data${lag}`;
  }

  /** The outages that touched an instrument on an IST date, as far as they were written down. */
  async gapsOf(key: string, date: IstDate): Promise<readonly CandleGap[]> {
    const gaps = (await this.recorder.journalFor(date))?.gaps ?? [];
    return gaps
      .filter(({ keys }) => keys.length === 0 || keys.includes(key))
      .map(({ from, to, cause }) => ({ from, to, cause }));
  }

  private noteLag(): void {
    const lag = this.feed?.lag;
    if (lag === undefined || lag.samples === 0) return;
    this.lagNotedAt = this.clock.now();
    const { startedAt: runStartedAt, lagNotedAt: at, lastSkewMs: skewMs, screenLag: screen } = this;
    this.recorder.lag({ runStartedAt, at, ...lag, skewMs, screen });
  }

  /** What the feed would have brought from now on is missing; the next run of the day knows until when. */
  private noteEnd({ desired, state }: FeedState): void {
    const at = this.clock.now();
    if (state !== 'off') this.recorder.feedChanged({ at, state: 'off', source: 'none', cause: null });
    const isOut = this.recorder.current.gaps.some(({ to, keys }) => to === null && keys.length === 0);
    if (desired === 'on' && !isOut) this.recorder.gap({ from: at, to: null, cause: 'not-running', keys: [] });
  }

  [Symbol.dispose](): void {
    this.noteLag();
    if (this.feed !== null) this.noteEnd(this.feed);
    this.recorder[Symbol.dispose]();
  }
}

function lagWords({ p50Ms, p95Ms }: FeedLag, screen: ScreenLag | null): string {
  if (p50Ms === null || p95Ms === null) return '';
  const received = `, lag ${p50Ms} ms, ${p95Ms} ms for the slowest twentieth`;
  const shown = screen?.fromExchange;
  return shown === undefined || shown.samples === 0
    ? received
    : `${received}; on screen ${shown.p50Ms} ms and ${shown.p95Ms} ms`;
}

function dayOf(market: MarketState): Journal['day'] {
  return { kind: market.day, reason: market.reason };
}

function isSameGap(gap: GapState, other: GapState): boolean {
  return gap.from === other.from && (gap.keys === other.keys || isDeepStrictEqual(gap.keys, other.keys));
}

function hasGap(gaps: readonly GapState[], gap: GapState): boolean {
  return gaps.some((known) => known.to === gap.to && known.cause === gap.cause && isSameGap(known, gap));
}
