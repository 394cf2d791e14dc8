import type { PageTime } from './desk-clock.ts';

/** A desk that is there answers at once: one that has not by then is asked again; real ms. */
const PATIENCE_MS = 2_000;

/** Asks for a snapshot once, however many patches come that cannot be used, and again only when none has come for a while. */
export class SnapshotRequest implements Disposable {
  private readonly time: PageTime;
  private readonly ask: () => void;
  private waiting: Disposable | null = null;

  constructor(time: PageTime, ask: () => void) {
    this.time = time;
    this.ask = ask;
  }

  /** A snapshot is needed. */
  need(): void {
    if (this.waiting !== null) return;
    this.waiting = this.time.setTimeout(() => {
      this.waiting = null;
      this.need();
    }, PATIENCE_MS);
    this.ask();
  }

  /** One has come, or whoever was asked is gone. */
  settle(): void {
    this.waiting?.[Symbol.dispose]();
    this.waiting = null;
  }

  [Symbol.dispose](): void {
    this.settle();
  }
}
