import type { FeedChange, Journal, LagRecord } from '../contract/journal.ts';
import type { ActivityEntry, GapState, StepState } from '../contract/state.ts';
import { newestGaps } from '../feed/gaps.ts';
import { dayWords } from '../market/date-words.ts';
import type { IstDate } from '../market/ist.ts';
import { endedRun } from './ended-run.ts';
import { JournalDay, type JournalPorts, readJournal } from './journal-day.ts';

/** While the feed runs the record is written at least so often: what a run that is killed leaves unsaid is no longer. Real ms. */
const ALIVE_EVERY_MS = 30_000;
/** Days kept in memory: for late words about yesterday, and for a clock that is set back over midnight. */
const DAYS_KEPT = 4;
/** Entries kept of each list that a bad day could make endless; the oldest go first. */
const LIST_LIMIT = 1_000;
/** More than the feed keeps of its outages: what it still knows must not be taken for new. */
const MOST_GAP_KEYS = 60_000;

/**
 * Writes down the day: what was planned, what happened and when. A run that starts on a day that already has a journal
 * goes on in it.
 */
export class JournalRecorder implements Disposable {
  private readonly ports: JournalPorts;
  private readonly days = new Map<IstDate, JournalDay>();
  private today: JournalDay;
  private readonly aliveTimer: Disposable;

  constructor(ports: JournalPorts, date: IstDate, day: Journal['day']) {
    this.ports = ports;
    this.today = this.dayOf(date, day);
    this.aliveTimer = ports.realClock.setInterval(() => this.stayAlive(), ALIVE_EVERY_MS);
  }

  /** The journal that is being written. */
  get current(): Journal {
    return this.today.current;
  }

  /** Resolves when the first try to read what an earlier run left of the current date has come to an end. */
  get ready(): Promise<void> {
    return this.today.ready;
  }

  /** Resolves when all that was saved so far is written. */
  async written(): Promise<void> {
    await Promise.all([...this.days.values()].map((day) => day.written));
  }

  /** The journal of an IST date; null when none was kept, or it cannot be read. */
  async journalFor(date: IstDate): Promise<Journal | null> {
    const kept = this.days.get(date);
    if (kept === undefined) return await this.load(date);
    await kept.ready;
    return kept === this.today ? kept.current : endedRun(kept.current, this.ports.clock.now());
  }

  /** Goes over to another date's journal, or takes a changed word about the day. */
  openDay(date: IstDate, day: Journal['day']): void {
    if (date !== this.today.date) {
      this.today.save();
      this.today = this.dayOf(date, day);
    }
    this.change({ day });
  }

  /** The state of a date's steps. A late word about an earlier date goes into that date's journal. */
  steps(date: IstDate, steps: readonly StepState[]): void {
    const kept = this.days.get(date);
    if (kept !== undefined) {
      kept.change({ steps });
      return;
    }
    void this.load(date).then((earlier) => {
      if (earlier !== null) void this.ports.store.saveJournal(date, JSON.stringify({ ...earlier, steps }));
    });
  }

  /** The first tick of an instrument on this day; later ones are not. */
  firstTick(key: string, atMs: number): void {
    this.firstTicks([{ key, at: atMs }]);
  }

  /** The first ticks of instruments on this day; later ones of the same are not. All at once, whatever their number. */
  firstTicks(ticks: Journal['firstTicks']): void {
    this.today.firstTicks(ticks);
  }

  feedChanged(change: FeedChange): void {
    this.change({ feed: limited([...this.current.feed, change]) });
  }

  reconnected(): void {
    this.change({ reconnects: this.current.reconnects + 1 });
  }

  /** An outage as it begins, and the same one (known by its beginning and instruments) as it ends. */
  gap(gap: GapState): void {
    const others = this.current.gaps.filter((known) => known.from !== gap.from || !isSameList(known.keys, gap.keys));
    this.change({ gaps: newestGaps([...others, gap], LIST_LIMIT, MOST_GAP_KEYS) });
  }

  /** An outage whose beginning was put right, or that was none. */
  withoutGap(gap: GapState): void {
    this.change({ gaps: this.current.gaps.filter((known) => known !== gap) });
  }

  /** The lag of a run so far; takes the place of what was noted of the same run before. */
  lag(record: LagRecord): void {
    const others = this.current.lag.filter(({ runStartedAt }) => runStartedAt !== record.runStartedAt);
    this.change({ lag: limited([...others, record]) });
  }

  alertRaised(id: string, title: string, atMs: number): void {
    this.change({ alerts: limited([...this.current.alerts, { id, title, raisedAt: atMs, withdrawnAt: null }]) });
  }

  alertWithdrawn(id: string, atMs: number): void {
    const alerts = this.current.alerts.map((alert) =>
      alert.id === id && alert.withdrawnAt === null ? { ...alert, withdrawnAt: atMs } : alert,
    );
    this.change({ alerts });
  }

  activity(entry: ActivityEntry): void {
    this.change({ activity: limited([...this.current.activity, entry]) });
  }

  /** Writes what has not been written yet. */
  save(): void {
    this.today.save();
  }

  [Symbol.dispose](): void {
    this.aliveTimer[Symbol.dispose]();
    for (const day of this.days.values()) day[Symbol.dispose]();
  }

  private stayAlive(): void {
    const feed = this.current.feed.at(-1);
    if (feed !== undefined && feed.state !== 'off') this.today.saveSoon();
  }

  private change(patch: Partial<Journal>): void {
    this.today.change(patch);
  }

  private dayOf(date: IstDate, day: Journal['day']): JournalDay {
    const known = this.days.get(date);
    if (known !== undefined) return known;
    const opened = new JournalDay(this.ports, date, day);
    this.days.set(date, opened);
    for (const [oldest, kept] of this.days) {
      if (this.days.size <= DAYS_KEPT) break;
      this.days.delete(oldest);
      kept[Symbol.dispose]();
    }
    return opened;
  }

  /** The journal of a date that no run is writing any more; null also when it cannot be read. */
  private async load(date: IstDate): Promise<Journal | null> {
    try {
      return await readJournal(this.ports, date);
    } catch {
      this.ports.log('warning', 'app', `The journal of ${dayWords(date)} could not be read.`);
      return null;
    }
  }
}

function limited<Entry>(entries: readonly Entry[]): readonly Entry[] {
  return entries.length <= LIST_LIMIT ? entries : entries.slice(-LIST_LIMIT);
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((entry, index) => entry === b[index]));
}
