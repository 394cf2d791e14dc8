import { app } from 'electron/main';
import type { Clock } from '../../src/clock.ts';
import type { Log } from '../../src/log.ts';
import type { QuitWarning } from './quit-warning.ts';

export interface QuitOptions {
  /** What is lost by quitting now; null: nothing. */
  readonly warning: () => QuitWarning | null;
  /** Asks the trader; true: quit. */
  readonly confirm: (warning: QuitWarning) => Promise<boolean>;
  /** Stops the desk: the feed is closed, the record written, the home given up. */
  readonly stop: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A desk that does not stop in this time is left behind; what it has recorded is on disk. Milliseconds. */
const STOP_LIMIT_MS = 5_000;

/** Ends the app only after the desk has stopped, and not by a slip of the hand while the market is open. */
export class Quit {
  private readonly options: QuitOptions;
  private isAsking = false;
  private isStopped = false;
  private stopping: Promise<void> | null = null;

  constructor(options: QuitOptions) {
    this.options = options;
  }

  setup(): void {
    app.on('before-quit', (event) => {
      if (this.isStopped) return;
      event.preventDefault();
      void this.ask();
    });
    // Without a window the app lives on in the tray.
    app.on('window-all-closed', () => {});
  }

  /** Quits, after asking where something would be lost. */
  async ask(): Promise<void> {
    if (this.isAsking || this.stopping !== null) return;
    const warning = this.options.warning();
    if (warning !== null) {
      this.isAsking = true;
      const isConfirmed = await this.options.confirm(warning);
      this.isAsking = false;
      if (!isConfirmed) return;
    }
    await this.now();
  }

  /** Quits without asking: the PC shuts down, or the one who asks is not a person. */
  async now(): Promise<void> {
    await this.prepare();
    app.quit();
  }

  /** Stops the desk and lets the next quit through: an installer is about to take over. */
  async prepare(): Promise<void> {
    this.stopping ??= this.stopInTime();
    await this.stopping;
    this.isStopped = true;
  }

  private async stopInTime(): Promise<void> {
    const late = Promise.withResolvers<void>();
    using _limit = this.options.clock.setTimeout(() => late.resolve(), STOP_LIMIT_MS);
    try {
      await Promise.race([this.options.stop(), late.promise]);
    } catch {
      this.options.log('error', 'app', 'The desk did not stop cleanly.');
    }
  }
}
