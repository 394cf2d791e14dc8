import type { Clock } from '../clock.ts';
import type { Settings } from '../contract/settings.ts';
import type { StorageCause } from '../contract/state.ts';
import { WriteBehindHistory } from '../history/write-behind.ts';
import { Listeners } from '../listeners.ts';
import { type Disk, type DiskPort, DiskThread, diskOf } from './disk-thread.ts';
import { RetriedWrite } from './retried-write.ts';

/** Why what should be on the disk is not there; null while it is. */
export interface StorageHealth {
  readonly trouble: { readonly cause: StorageCause; readonly path: string } | null;
  onChange(listener: () => void): Disposable;
  /** Told when files that had gone can be written again: what was kept may not be there any more. */
  onMadeAnew(listener: () => void): Disposable;
}

export interface HomeStoragePorts {
  readonly home: string;
  /** Real time. */
  readonly clock: Clock;
  readonly start: () => DiskPort;
  /** A sentence for the trader: a database was set aside. */
  readonly onNotice: (text: string) => void;
}

/** All that is kept in the home folder, written from a thread of its own. */
export class HomeStorage implements StorageHealth, AsyncDisposable {
  readonly disk: Disk;
  readonly history: WriteBehindHistory;
  private readonly path: string;
  private readonly thread: DiskThread;
  private readonly listeners = new Listeners<void>();
  private readonly madeAnew = new Listeners<void>();
  private wasRemoved = false;
  private readonly causes = new Map<'history' | 'reading' | 'settings', StorageCause>();
  private readonly settingsWriter: RetriedWrite;
  private settings: Settings | null = null;
  private lastSettings: Settings | null = null;

  constructor({ home, clock, start, onNotice }: HomeStoragePorts) {
    this.path = home;
    this.thread = new DiskThread({ clock, start, onNotice, onReturn: () => this.saveSettingsAgain() });
    this.disk = diskOf(this.thread);
    this.history = new WriteBehindHistory({
      clock,
      disk: this.disk,
      onTrouble: (cause) => {
        this.note('history', cause);
        if (cause !== null) return;
        this.note('reading', null);
        if (this.wasRemoved) this.tellMadeAnew();
      },
      // What cannot be read is not written either, so that nothing of an earlier run is lost.
      onRead: (cause) => this.note('reading', cause),
    });
    this.settingsWriter = new RetriedWrite({
      clock,
      write: () => this.writeSettings(),
      onTrouble: (cause) => this.note('settings', cause),
    });
  }

  get trouble(): StorageHealth['trouble'] {
    const [cause] = this.causes.values();
    return cause === undefined ? null : { cause, path: this.path };
  }

  onChange(listener: () => void): Disposable {
    return this.listeners.add(listener);
  }

  onMadeAnew(listener: () => void): Disposable {
    return this.madeAnew.add(listener);
  }

  /** Brings the latest settings to the disk as soon as it takes them. */
  saveSettings(settings: Settings): void {
    this.settings = settings;
    this.lastSettings = settings;
    void this.settingsWriter.request();
  }

  /** Writes what waits if the disk takes it now, and gives the home up. Bounded, whatever hangs. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.settings !== null) await this.settingsWriter.flush();
    this.settingsWriter[Symbol.dispose]();
    await this.history[Symbol.asyncDispose]();
    await this.thread[Symbol.asyncDispose]();
  }

  /** A thread that hung in writing earlier ones may have put them in the place of later ones. */
  private saveSettingsAgain(): void {
    if (this.lastSettings !== null) this.saveSettings(this.lastSettings);
  }

  private async writeSettings(): Promise<boolean> {
    const { settings } = this;
    if (settings === null) return false;
    await this.disk.saveSettings({ ...settings });
    if (this.settings !== settings) return true;
    this.settings = null;
    return false;
  }

  private tellMadeAnew(): void {
    this.wasRemoved = false;
    this.madeAnew.tell();
  }

  private note(what: 'history' | 'reading' | 'settings', cause: StorageCause | null): void {
    if (cause === 'removed') this.wasRemoved = true;
    if ((this.causes.get(what) ?? null) === cause) return;
    if (cause === null) this.causes.delete(what);
    else this.causes.set(what, cause);
    this.listeners.tell();
  }
}
