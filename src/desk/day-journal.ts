import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../clock.ts';
import type { Journal } from '../contract/journal.ts';
import type {
  ActivityEntry,
  FeedState,
  GapState,
  InstrumentState,
  MarketState,
  ScheduleState,
} from '../contract/state.ts';
import { type JournalPorts, JournalRecorder } from '../history/journal.ts';
import { type IstDate, istDateOf } from '../market/ist.ts';

/** An outage that has only just begun may turn out too short to be one; ms. */
const SHORTEST_GAP_MS = 1_000;

/** Turns what the desk's parts report into the day's record. */
export class DayJournal implements Disposable {
  private readonly clock: Clock;
  private readonly recorder: JournalRecorder;
  private feed: FeedState | null = null;

  constructor(ports: JournalPorts, market: MarketState) {
    this.clock = ports.clock;
    this.recorder = new JournalRecorder(ports, market.date, dayOf(market));
  }

  /** The record of an IST date (null: today's); null when none was kept. */
  journalFor(date: IstDate | null): Journal | null {
    return this.recorder.journalFor(date ?? istDateOf(this.clock.now()));
  }

  /** Steps as an earlier run of the same date left them. */
  earlierSteps(date: IstDate): ScheduleState['steps'] {
    return this.recorder.journalFor(date)?.steps ?? [];
  }

  marketChanged(market: MarketState): void {
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
    for (let count = before?.reconnects ?? 0; count < feed.reconnects; count++) this.recorder.reconnected();
    for (const gap of feed.gaps) {
      const isSettled = gap.to !== null || this.clock.now() - gap.from >= SHORTEST_GAP_MS;
      if (isSettled && !hasGap(this.recorder.current.gaps, gap)) this.recorder.gap(gap);
    }
  }

  instrumentsChanged(instruments: readonly InstrumentState[]): void {
    for (const { key, firstTickAt } of instruments) {
      if (firstTickAt !== null) this.recorder.firstTick(key, firstTickAt);
    }
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
    const { reconnects, gaps, firstTicks } = this.recorder.current;
    this.recorder.save();
    const lostMs = gaps
      .filter(({ keys }) => keys.length === 0)
      .reduce((sum, { from, to }) => sum + ((to ?? from) - from), 0);
    return `${firstTicks.length} instruments, ${reconnects} reconnects, ${(lostMs / 1000).toFixed(1)} s without data`;
  }

  [Symbol.dispose](): void {
    this.recorder[Symbol.dispose]();
  }
}

function dayOf(market: MarketState): Journal['day'] {
  return { kind: market.day, reason: market.reason };
}

function hasGap(gaps: readonly GapState[], gap: GapState): boolean {
  return gaps.some(
    (known) => known.from === gap.from && known.to === gap.to && isDeepStrictEqual(known.keys, gap.keys),
  );
}
