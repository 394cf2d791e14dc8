import type { Clock } from '../clock.ts';
import { ACTIVITY_LIMIT, type ActivityEntry } from '../contract/state.ts';
import type { Redactor } from '../kite/redact.ts';
import { Listeners } from '../listeners.ts';
import type { Log } from '../log.ts';

/** What the desk did, latest last, free of secrets. It is there before everything else, so that all parts can say things. */
export class ActivityLog {
  private readonly listeners = new Listeners<ActivityEntry>();
  private list: readonly ActivityEntry[] = [];
  readonly log: Log;

  constructor(clock: Clock, redactor: Redactor) {
    this.log = (level, area, text) => {
      const entry: ActivityEntry = { at: clock.now(), level, area, text: redactor.redact(text) };
      this.list = [...this.list, entry].slice(-ACTIVITY_LIMIT);
      this.listeners.tell(entry);
    };
  }

  /** The newest entries. */
  get entries(): readonly ActivityEntry[] {
    return this.list;
  }

  onEntry(listener: (entry: ActivityEntry) => void): Disposable {
    return this.listeners.add(listener);
  }
}
