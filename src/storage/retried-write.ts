import type { Clock } from '../clock.ts';
import type { StorageCause } from '../contract/state.ts';
import { storageCauseOf } from './disk-error.ts';

export interface RetriedWritePorts {
  /** Real time. */
  readonly clock: Clock;
  /** Writes some of what waits, if anything does; true while more is left. Rejects when it could not be written. */
  readonly write: () => Promise<boolean>;
  /** Told at each change: why nothing can be written now; null when it can. */
  readonly onTrouble: (cause: StorageCause | null) => void;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;

/** Brings what waits to the disk, one write at a time, for as long as it takes. */
export class RetriedWrite implements Disposable {
  private readonly ports: RetriedWritePorts;
  private running: Promise<void> | null = null;
  private retry: Disposable | null = null;
  private retryDelayMs = FIRST_RETRY_MS;
  private isRequested = false;
  private isDisposed = false;

  constructor(ports: RetriedWritePorts) {
    this.ports = ports;
  }

  /**
   * Something waits. Resolves when the try that takes it has ended, written or not; while writing fails, at once. After
   * disposal nothing is written any more.
   */
  request(): Promise<void> {
    if (this.isDisposed) return Promise.resolve();
    this.isRequested = true;
    if (this.retry !== null) return Promise.resolve();
    this.running ??= this.run();
    return this.running;
  }

  /** Tries now, whatever failed before; for the end of a run. */
  flush(): Promise<void> {
    this.retry?.[Symbol.dispose]();
    this.retry = null;
    return this.request();
  }

  /** A write that is under way is left to end; there is no other after it. */
  [Symbol.dispose](): void {
    this.isDisposed = true;
    this.retry?.[Symbol.dispose]();
    this.retry = null;
  }

  private async run(): Promise<void> {
    const { clock, write, onTrouble } = this.ports;
    try {
      while (this.isRequested && !this.isDisposed) {
        this.isRequested = false;
        if (await write()) this.isRequested = true;
      }
      if (this.isRequested) return;
      this.retryDelayMs = FIRST_RETRY_MS;
      onTrouble(null);
    } catch (error) {
      onTrouble(storageCauseOf(error));
      if (this.isDisposed) return;
      this.retry = clock.setTimeout(() => {
        this.retry = null;
        void this.request();
      }, this.retryDelayMs);
      this.retryDelayMs = Math.min(LONGEST_RETRY_MS, this.retryDelayMs * 2);
    } finally {
      this.running = null;
    }
    // Asked for while it was told that all is written.
    if (this.isRequested && this.retry === null) await this.request();
  }
}
