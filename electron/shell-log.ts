import type { Log } from '../src/log.ts';

/** More than this before there is a desk to tell is a loop, not a start. */
const EARLY_LIMIT = 100;

/** The shell's log: kept back until the desk can take it into its activity log, then passed on. */
export class ShellLog {
  private readonly early: Parameters<Log>[] = [];
  private sink: Log | null = null;

  readonly write: Log = (level, area, text) => {
    if (this.sink !== null) this.sink(level, area, text);
    else if (this.early.length < EARLY_LIMIT) this.early.push([level, area, text]);
  };

  /** Passes on what has been said so far, in order, and everything from now on. */
  connect(sink: Log): void {
    this.sink = sink;
    for (const entry of this.early.splice(0)) sink(...entry);
  }
}
