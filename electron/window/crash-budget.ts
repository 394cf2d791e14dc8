/** Crashes within this time are one trouble; ms. */
const SPAN_MS = 60_000;
/** The crash after this many in the span is not recovered from by itself. */
const RECOVERIES = 3;

/** How often a crashed window is brought back before a person is asked: a page that dies at once would loop for ever. */
export class CrashBudget {
  private crashes: readonly number[] = [];

  /** Notes a crash at `nowMs` (monotonic); true while the window is to be brought back. */
  spend(nowMs: number): boolean {
    this.crashes = [...this.crashes.filter((at) => nowMs - at < SPAN_MS), nowMs];
    return this.crashes.length <= RECOVERIES;
  }

  /** A person has asked for another try. */
  reset(): void {
    this.crashes = [];
  }
}
