import type { Clock } from '../clock.ts';
import { ACTIVITY_LIMIT, type ActivityEntry } from '../contract/state.ts';
import type { Redactor } from '../kite/redact.ts';
import { Listeners } from '../listeners.ts';
import type { Log } from '../log.ts';
import { plainText } from '../text.ts';
import { FloodGate } from './flood-gate.ts';

/** As much of a text as is looked at, and as much of it as is kept; characters. */
const LONGEST_READ = 4_000;
const LONGEST_TEXT = 500;

/**
 * What the desk did, latest last, free of secrets and of characters that a terminal obeys. It is there before everything
 * else, so that all parts can say things. A flood of lines of one kind becomes one line with their number.
 */
export class ActivityLog implements Disposable {
  private readonly listeners = new Listeners<ActivityEntry>();
  private readonly gate: FloodGate;
  private list: readonly ActivityEntry[] = [];
  readonly log: Log;

  constructor(clock: Clock, redactor: Redactor) {
    this.gate = new FloodGate(clock, (line) => this.add({ ...line, at: clock.now() }));
    this.log = (level, area, text) => {
      const clean = plainText(redactor.redact(plainText(text, LONGEST_READ)), LONGEST_TEXT);
      if (this.gate.lets({ level, area, text: clean })) this.add({ at: clock.now(), level, area, text: clean });
    };
  }

  /** The newest entries. */
  get entries(): readonly ActivityEntry[] {
    return this.list;
  }

  onEntry(listener: (entry: ActivityEntry) => void): Disposable {
    return this.listeners.add(listener);
  }

  [Symbol.dispose](): void {
    this.gate[Symbol.dispose]();
  }

  private add(entry: ActivityEntry): void {
    this.list = [...this.list, entry].slice(-ACTIVITY_LIMIT);
    this.listeners.tell(entry);
  }
}
