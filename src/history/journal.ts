import type { Clock } from '../clock.ts';
import type { FeedChange, Journal, LagRecord } from '../contract/journal.ts';
import type { ActivityEntry, GapState, StepState } from '../contract/state.ts';
import type { Log } from '../log.ts';
import type { IstDate } from '../market/ist.ts';
import { endedRun } from './ended-run.ts';
import { journalSchema } from './journal-schema.ts';

/** Where journals are kept; both may throw. */
export interface JournalStore {
  loadJournal(date: IstDate): string | null;
  saveJournal(date: IstDate, json: string): void;
}

export interface JournalPorts {
  readonly clock: Clock;
  readonly store: JournalStore;
  readonly log: Log;
  readonly version: string;
  readonly simulated: boolean;
}

/** How long changes are gathered before they are written. */
const SAVE_DELAY_MS = 1_000;
/** While the feed runs the record is written at least so often: what a run that is killed leaves unsaid is no longer. */
const ALIVE_EVERY_MS = 30_000;
/** Entries kept of each list that a bad day could make endless; the oldest go first. */
const LIST_LIMIT = 1_000;

/**
 * Writes down the day: what was planned, what happened and when. A run that starts on a day that already has a journal
 * goes on in it. A store that fails is told about once; the journal of this run is then only in memory.
 */
export class JournalRecorder implements Disposable {
  private readonly ports: JournalPorts;
  private journal: Journal;
  private readonly aliveTimer: Disposable;
  private pendingSave: Disposable | null = null;
  private toldOfFailure = false;

  constructor(ports: JournalPorts, date: IstDate, day: Journal['day']) {
    this.ports = ports;
    this.journal = this.openOrBegin(date, day);
    const { clock } = ports;
    this.aliveTimer = clock.setInterval(() => this.stayAlive(), ALIVE_EVERY_MS * clock.speed);
  }

  /** The journal that is being written. */
  get current(): Journal {
    return this.journal;
  }

  /** The journal of an IST date; null when none was kept. */
  journalFor(date: IstDate): Journal | null {
    return date === this.journal.date ? this.journal : this.load(date);
  }

  /** Goes over to another date's journal, or takes a changed word about the day. */
  openDay(date: IstDate, day: Journal['day']): void {
    if (date === this.journal.date) {
      this.change({ day });
      return;
    }
    this.save();
    this.journal = this.openOrBegin(date, day);
    this.saveSoon();
  }

  /** The state of a date's steps. A late word about an earlier date goes into that date's journal. */
  steps(date: IstDate, steps: readonly StepState[]): void {
    if (date === this.journal.date) {
      this.change({ steps });
      return;
    }
    const earlier = this.load(date);
    if (earlier !== null) this.write({ ...earlier, steps });
  }

  /** The first tick of an instrument on this day; later ones are not. */
  firstTick(key: string, atMs: number): void {
    if (this.journal.firstTicks.some((tick) => tick.key === key)) return;
    this.change({ firstTicks: [...this.journal.firstTicks, { key, at: atMs }] });
  }

  feedChanged(change: FeedChange): void {
    this.change({ feed: limited([...this.journal.feed, change]) });
  }

  reconnected(): void {
    this.change({ reconnects: this.journal.reconnects + 1 });
  }

  /** An outage as it begins, and the same one (known by its beginning and instruments) as it ends. */
  gap(gap: GapState): void {
    const others = this.journal.gaps.filter((known) => known.from !== gap.from || !isSameList(known.keys, gap.keys));
    this.change({ gaps: limited([...others, gap]) });
  }

  /** An outage whose beginning was put right, or that was none. */
  withoutGap(gap: GapState): void {
    this.change({ gaps: this.journal.gaps.filter((known) => known !== gap) });
  }

  /** The lag of a run so far; takes the place of what was noted of the same run before. */
  lag(record: LagRecord): void {
    const others = this.journal.lag.filter(({ runStartedAt }) => runStartedAt !== record.runStartedAt);
    this.change({ lag: limited([...others, record]) });
  }

  alertRaised(id: string, title: string, atMs: number): void {
    this.change({ alerts: limited([...this.journal.alerts, { id, title, raisedAt: atMs, withdrawnAt: null }]) });
  }

  alertWithdrawn(id: string, atMs: number): void {
    const alerts = this.journal.alerts.map((alert) =>
      alert.id === id && alert.withdrawnAt === null ? { ...alert, withdrawnAt: atMs } : alert,
    );
    this.change({ alerts });
  }

  activity(entry: ActivityEntry): void {
    this.change({ activity: limited([...this.journal.activity, entry]) });
  }

  /** Writes what has not been written yet. */
  save(): void {
    if (this.pendingSave === null) return;
    this.pendingSave[Symbol.dispose]();
    this.pendingSave = null;
    this.journal = { ...this.journal, aliveAt: this.ports.clock.now() };
    this.write(this.journal);
  }

  [Symbol.dispose](): void {
    this.aliveTimer[Symbol.dispose]();
    this.save();
  }

  private stayAlive(): void {
    const feed = this.journal.feed.at(-1);
    if (feed !== undefined && feed.state !== 'off') this.saveSoon();
  }

  private change(patch: Partial<Journal>): void {
    this.journal = { ...this.journal, ...patch };
    this.saveSoon();
  }

  private saveSoon(): void {
    this.pendingSave ??= this.ports.clock.setTimeout(() => this.save(), SAVE_DELAY_MS * this.ports.clock.speed);
  }

  private openOrBegin(date: IstDate, day: Journal['day']): Journal {
    const { clock, version, simulated } = this.ports;
    const earlier = this.load(date);
    if (earlier !== null) return { ...earlier, day, version, simulated };
    return {
      date,
      day,
      simulated,
      version,
      startedAt: clock.now(),
      aliveAt: clock.now(),
      steps: [],
      firstTicks: [],
      feed: [],
      reconnects: 0,
      gaps: [],
      lag: [],
      alerts: [],
      activity: [],
    };
  }

  /** The journal of a date that no run is writing any more. */
  private load(date: IstDate): Journal | null {
    try {
      const json = this.ports.store.loadJournal(date);
      if (json === null) return null;
      return endedRun(journalSchema.parse(JSON.parse(json)), this.ports.clock.now());
    } catch {
      this.ports.log('warning', 'app', `The journal of ${date} could not be read.`);
      return null;
    }
  }

  private write(journal: Journal): void {
    try {
      this.ports.store.saveJournal(journal.date, JSON.stringify(journal));
    } catch {
      // Logging is an entry in the journal, which would be written again: once is enough.
      if (this.toldOfFailure) return;
      this.toldOfFailure = true;
      this.ports.log('error', 'app', 'The journal could not be saved; it is kept in memory for this run.');
    }
  }
}

function limited<Entry>(entries: readonly Entry[]): readonly Entry[] {
  return entries.length <= LIST_LIMIT ? entries : entries.slice(-LIST_LIMIT);
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, index) => entry === b[index]);
}
