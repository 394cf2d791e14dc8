import type { Clock } from '../clock.ts';
import type { Journal } from '../contract/journal.ts';
import type { StepState } from '../contract/state.ts';
import type { Log } from '../log.ts';
import { dayWords } from '../market/date-words.ts';
import type { IstDate } from '../market/ist.ts';
import { endedRun } from './ended-run.ts';
import type { JournalStore } from './history-store.ts';
import { joinedRuns } from './joined-runs.ts';
import { journalSchema } from './journal-schema.ts';

export interface JournalPorts {
  readonly clock: Pick<Clock, 'now'>;
  /** Real time, for when files are written and read. */
  readonly realClock: Clock;
  readonly store: JournalStore;
  readonly log: Log;
  readonly version: string;
  readonly simulated: boolean;
  /** Told when an earlier run's journal of a date has been joined: its steps. */
  readonly onEarlier?: (date: IstDate, steps: readonly StepState[]) => void;
}

/** How long changes are gathered before they are written; real ms. */
const SAVE_DELAY_MS = 1_000;
/** How long until a journal that could not be read is tried again; real ms. */
const READ_AGAIN_MS = 5_000;

/**
 * One date's journal, as this run keeps it. What an earlier run of that date left is joined to it as soon as that can be
 * read; until then this run's part is only in memory, because writing it would take the earlier part's place.
 */
export class JournalDay implements Disposable {
  readonly date: IstDate;
  private readonly ports: JournalPorts;
  private journal: Journal;
  /** The keys of a list of first ticks. */
  private ticked: { readonly list: Journal['firstTicks']; readonly keys: Set<string> } = { list: [], keys: new Set() };
  private pendingSave: Disposable | null = null;
  private pendingRead: Disposable | null = null;
  private hasJoined = false;
  private isWriteHeld = false;
  private firstRead: Promise<void>;
  private lastWrite: Promise<void> = Promise.resolve();
  private isDisposed = false;

  constructor(ports: JournalPorts, date: IstDate, day: Journal['day']) {
    this.ports = ports;
    this.date = date;
    this.journal = begun(ports, date, day);
    this.firstRead = this.readEarlier();
  }

  get current(): Journal {
    return this.journal;
  }

  /** Resolves when the first try to read what an earlier run left has come to an end, whichever. */
  get ready(): Promise<void> {
    return this.firstRead;
  }

  /** Resolves when what was saved so far is written. */
  get written(): Promise<void> {
    return this.lastWrite;
  }

  change(patch: Partial<Journal>): void {
    this.journal = { ...this.journal, ...patch };
    this.saveSoon();
  }

  /** Adds those whose instrument has none yet. */
  firstTicks(ticks: Journal['firstTicks']): void {
    const { firstTicks } = this.journal;
    // The list is only ever added to, or joined with an earlier run's: then the keys are gathered anew.
    if (this.ticked.list !== firstTicks)
      this.ticked = { list: firstTicks, keys: new Set(firstTicks.map(({ key }) => key)) };
    const { keys } = this.ticked;
    const added = ticks.filter(({ key }) => !keys.has(key));
    if (added.length === 0) return;
    for (const { key } of added) keys.add(key);
    this.change({ firstTicks: [...firstTicks, ...added] });
    this.ticked = { list: this.journal.firstTicks, keys };
  }

  saveSoon(): void {
    if (this.isDisposed) return;
    this.pendingSave ??= this.ports.realClock.setTimeout(() => this.save(), SAVE_DELAY_MS);
  }

  /** Hands what has not been written yet to the store. */
  save(): void {
    if (this.pendingSave === null) return;
    this.pendingSave[Symbol.dispose]();
    this.pendingSave = null;
    this.journal = { ...this.journal, aliveAt: this.ports.clock.now() };
    this.write();
  }

  /** Saves; an earlier part that has not been read is not waited for any longer. */
  [Symbol.dispose](): void {
    this.isDisposed = true;
    this.pendingRead?.[Symbol.dispose]();
    this.save();
  }

  private write(): void {
    this.isWriteHeld = !this.hasJoined;
    if (this.isWriteHeld) return;
    this.lastWrite = this.ports.store.saveJournal(this.date, JSON.stringify(this.journal));
  }

  private async readEarlier(): Promise<void> {
    const read = await readJournal(this.ports, this.date).then(
      (journal) => ({ journal }),
      () => null,
    );
    if (read !== null) this.goOnWith(read.journal);
    else if (!this.isDisposed) {
      this.pendingRead = this.ports.realClock.setTimeout(() => void this.readEarlier(), READ_AGAIN_MS);
    }
  }

  private goOnWith(earlier: Journal | null): void {
    this.hasJoined = true;
    if (earlier !== null) {
      this.journal = joinedRuns(earlier, this.journal);
      if (!this.isDisposed) this.ports.onEarlier?.(this.date, earlier.steps);
    }
    if (this.isWriteHeld) this.write();
  }
}

/**
 * The journal of a date that no run is writing any more; null when there is none. Rejects while the store cannot be read;
 * what is there and is no journal is as good as none, and that is logged.
 */
export async function readJournal(ports: JournalPorts, date: IstDate): Promise<Journal | null> {
  const json = await ports.store.loadJournal(date);
  if (json === null) return null;
  try {
    return endedRun(journalSchema.parse(JSON.parse(json)), ports.clock.now());
  } catch {
    ports.log('warning', 'app', `The journal of ${dayWords(date)} could not be read.`);
    return null;
  }
}

function begun({ clock, version, simulated }: JournalPorts, date: IstDate, day: Journal['day']): Journal {
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
