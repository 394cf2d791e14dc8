import type { Clock } from '../../src/clock.ts';
import type { Log } from '../../src/log.ts';
import { mayUpdateAt } from './update-window.ts';

/** What is used of electron-updater; its own types lead through the whole of its internals. */
export interface UpdateSource {
  /** Whether an update is proved by its publisher's signature, so that it may be installed. Otherwise it is announced. */
  readonly canInstall: boolean;
  /** The newer version that is offered; null when there is none. */
  check(): Promise<string | null>;
  /** Resolves when the update lies ready; rejects when `signal` is aborted. */
  download(signal: AbortSignal): Promise<void>;
  install(): void;
}

/** `announce` only says that there is a version; there is nothing to decide. */
export type UpdateQuestion = 'download' | 'install' | 'announce';

export interface UpdaterOptions {
  readonly source: UpdateSource;
  /** The PC's own clock: the market's may be simulated. */
  readonly clock: Clock;
  readonly log: Log;
  /** Asks the trader; true: go ahead. */
  readonly ask: (question: UpdateQuestion, version: string) => Promise<boolean>;
  /** Stops the desk before the installer takes over. */
  readonly prepareToInstall: () => Promise<void>;
}

/** How soon a running download notices that the quiet hours have come. */
const LOOK_EVERY_MS = 1_000;
const CHECK_EVERY_MS = 6 * 60 * 60_000;

/**
 * Offers new versions, outside the quiet hours only: it looks, asks, downloads, asks again and installs. A download that
 * runs into the quiet hours is given up, an answer that comes in them is not acted on; both are taken up afterwards. A
 * version the trader does not want now is offered again at the next look for one.
 */
export class Updater implements Disposable {
  private readonly options: UpdaterOptions;
  private readonly looking: Disposable;
  private checkedAt = Number.NEGATIVE_INFINITY;
  private ready: string | null = null;
  private announced: string | null = null;
  private isBusy = false;
  private download: AbortController | null = null;

  constructor(options: UpdaterOptions) {
    this.options = options;
    this.looking = options.clock.setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  [Symbol.dispose](): void {
    this.looking[Symbol.dispose]();
    this.download?.abort();
  }

  /** What the time allows and asks for. */
  async look(): Promise<void> {
    const { clock, log } = this.options;
    if (!this.mayWork()) this.download?.abort();
    if (!this.mayWork() || this.isBusy || clock.monotonic() - this.checkedAt < CHECK_EVERY_MS) return;
    this.isBusy = true;
    try {
      await this.offer();
    } catch {
      // The reason is not shown: it may name addresses. Without the network, every look fails.
      log('info', 'app', 'Looking for a new version did not work out; it is tried again later.');
    } finally {
      this.checkedAt = this.mayWork() ? clock.monotonic() : Number.NEGATIVE_INFINITY;
      this.isBusy = false;
    }
  }

  private async offer(): Promise<void> {
    const { source, ask, prepareToInstall } = this.options;
    if (this.ready === null) {
      const version = await source.check();
      if (version === null) return;
      if (!source.canInstall) return await this.announce(version);
      if (!(await ask('download', version)) || !this.mayWork()) return;
      this.download = new AbortController();
      await source.download(this.download.signal);
      this.ready = version;
    }
    if (!this.mayWork() || !(await ask('install', this.ready)) || !this.mayWork()) return;
    await prepareToInstall();
    source.install();
  }

  /** Each version once a run. */
  private async announce(version: string): Promise<void> {
    if (version === this.announced) return;
    this.announced = version;
    await this.options.ask('announce', version);
  }

  private mayWork(): boolean {
    return mayUpdateAt(this.options.clock.now());
  }
}
