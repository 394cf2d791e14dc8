import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { CandleRow } from '../contract/commands.ts';
import type { DiskFacts } from '../doctor/probes.ts';
import { examineDisk } from '../doctor/system/disk.ts';
import { appendPart, putInPlace } from '../files/file-parts.ts';
import { makeFolder } from '../files/make-folder.ts';
import { isSomethingElse, readTextFile } from '../files/read-text.ts';
import { setAside } from '../files/set-aside.ts';
import { beginAnew, type DeskStore, isDamage, type OpenedStore, openDeskFile } from '../history/store.ts';
import { acquireHomeLock, type HomeInUse, type HomeLock } from '../home-lock.ts';
import type { IstDate } from '../market/ist.ts';
import { tidyHome, writeSettings } from '../settings-file.ts';
import { DiskError } from './disk-error.ts';

/** What is to be written to the database together. */
export interface HistoryBatch {
  readonly journals: readonly (readonly [date: IstDate, json: string])[];
  readonly candles: readonly (readonly [key: string, rows: readonly CandleRow[]])[];
}

/** What the disk's thread does for the desk. All block, and throw what the file system or SQLite throws. */
export interface DiskTasks {
  /**
   * Takes the home for this process, tidies it and opens the database. A home in use is an answer; a fault of the disk is
   * thrown, with the lock taken or not.
   */
  open(): HomeInUse | null;
  loadJournal(date: IstDate): string | null;
  loadCandles(key: string, fromMs: number, toMs: number): readonly CandleRow[];
  writeHistory(batch: HistoryBatch): void;
  /** Deletes some of what is older; true while more is left. */
  prune(candlesBeforeMs: number, journalsBefore: IstDate): boolean;
  /** What tells one version of a file from the next, and when it was written (ms since the epoch); null: no file. */
  stat(path: string): { readonly version: string; readonly writtenAtMs: number } | null;
  /** A text of the trader's, decoded; null when there is none. */
  readText(path: string, mostBytes: number): string | null;
  saveSettings(settings: Readonly<Record<string, unknown>>): void;
  /** Appends to the file that is to take the place of `path`; the first part begins it. */
  appendPart(path: string, text: string, isFirst: boolean): void;
  /** Puts the file of these parts in its place. */
  putInPlace(path: string): void;
  /** Free space where the home folder is, and whether it can be written to. Leaves nothing behind. */
  examine(): DiskFacts;
  /** Renames a file that cannot be used; returns its new path. */
  setAside(path: string, nowMs: number): string;
}

export type DiskTaskName = keyof DiskTasks;

/** The tasks on one home folder. `notice` gets a sentence for the trader when a database had to be set aside. */
export class HomeTasks implements DiskTasks, Disposable {
  private readonly home: string;
  private readonly notice: (text: string) => void;
  private readonly clock: Pick<Clock, 'now'>;
  private readonly isAbandoned: () => boolean;
  private lock: HomeLock | null = null;
  private history: { readonly store: DeskStore; readonly inode: number } | null = null;

  /** `isAbandoned`: whether the desk has given this thread up and another has taken its place. */
  constructor(
    home: string,
    notice: (text: string) => void,
    clock: Pick<Clock, 'now'>,
    isAbandoned: () => boolean = () => false,
  ) {
    this.home = home;
    this.notice = notice;
    this.clock = clock;
    this.isAbandoned = isAbandoned;
  }

  open(): HomeInUse | null {
    const inUse = this.takeLock();
    if (inUse !== null) return inUse;
    tidyHome(this.home);
    this.store();
    return null;
  }

  loadJournal(date: IstDate): string | null {
    return this.onStore((store) => store.loadJournal(date));
  }

  loadCandles(key: string, fromMs: number, toMs: number): readonly CandleRow[] {
    return this.onStore((store) => store.loadCandles(key, fromMs, toMs));
  }

  writeHistory(batch: HistoryBatch): void {
    this.onStore((store) => store.write(batch, this.isAbandoned));
  }

  prune(candlesBeforeMs: number, journalsBefore: IstDate): boolean {
    return this.onStore((store) => {
      store.pruneJournals(journalsBefore);
      return store.pruneCandles(candlesBeforeMs);
    });
  }

  stat(path: string): ReturnType<DiskTasks['stat']> {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return null;
    return { version: `${stats.ino}:${stats.size}:${stats.mtimeMs}`, writtenAtMs: stats.mtimeMs };
  }

  readText(path: string, mostBytes: number): string | null {
    return readTextFile(path, mostBytes);
  }

  saveSettings(settings: Readonly<Record<string, unknown>>): void {
    this.clearTheWay([join(this.home, 'settings.json')]);
    const aside = writeSettings(this.home, settings, this.clock.now());
    if (aside === null) return;
    this.notice(`The settings file was damaged while the app was running: set aside as ${aside}, and written anew.`);
  }

  appendPart(path: string, text: string, isFirst: boolean): void {
    if (isFirst) this.clearTheWay([path, `${path}.tmp`]);
    appendPart(path, text, isFirst);
  }

  putInPlace(path: string): void {
    putInPlace(path);
  }

  examine(): DiskFacts {
    return examineDisk(this.home);
  }

  setAside(path: string, nowMs: number): string {
    return setAside(path, nowMs);
  }

  /** Closes the database of a thread that was given up. The lock stays: another thread of this process goes by it. */
  letGo(): 'holds-lock' | 'holds-nothing' {
    this.closeHistory();
    return this.lock !== null && isStillAt(join(this.home, 'lock.db'), this.lock.inode)
      ? 'holds-lock'
      : 'holds-nothing';
  }

  [Symbol.dispose](): void {
    this.closeHistory();
    this.lock?.[Symbol.dispose]();
    this.lock = null;
  }

  private closeHistory(): void {
    this.history?.store[Symbol.dispose]();
    this.history = null;
  }

  /**
   * Reads or writes; a database that turns out to be damaged only then (a large one is not checked whole when it is opened)
   * is set aside like one that cannot be opened, and the task done on a new one.
   */
  private onStore<Value>(run: (store: DeskStore) => Value): Value {
    const store = this.store();
    try {
      return run(store);
    } catch (error) {
      if (!isDamage(error) || this.isAbandoned()) throw error;
      this.closeHistory();
      return run(this.keep(beginAnew(this.databasePath, this.clock.now())));
    }
  }

  private get databasePath(): string {
    return join(this.home, 'desk.db');
  }

  private keep({ store, notice }: OpenedStore): DeskStore {
    this.history = { store, inode: inodeOf(this.databasePath) };
    if (notice !== null) this.notice(notice);
    return store;
  }

  /** SQLite goes on writing to a file that has been removed: that is looked for at every call. */
  private store(): DeskStore {
    const path = this.databasePath;
    if (this.history !== null && inodeOf(path) !== this.history.inode) {
      this.closeHistory();
      throw new DiskError('removed', 'The database was removed while the app was running.');
    }
    if (this.history !== null) return this.history.store;
    const inUse = this.takeLock();
    if (inUse !== null && inUse.pid !== process.pid) throw new DiskError('locked', inUse.message);
    this.clearTheWay(['', '-wal', '-shm', '-journal'].map((ending) => path + ending));
    return this.keep(openDeskFile(path, this.clock.now()));
  }

  /**
   * Null once this process has the home. The lock of a folder that was removed holds nobody out of the one that is made in
   * its place. A thread of this process that hangs may be the one that has it.
   */
  private takeLock(): HomeInUse | null {
    const path = join(this.home, 'lock.db');
    if (this.lock !== null && inodeOf(path) === this.lock.inode) return null;
    this.lock?.[Symbol.dispose]();
    this.lock = null;
    makeFolder(this.home, 0o700);
    // SQLite has one word for all that keeps it from opening a file.
    accessSync(this.home, constants.W_OK);
    this.clearTheWay([path, `${path}-journal`]);
    const locked = acquireHomeLock(this.home);
    if (!locked.ok) return locked;
    this.lock = locked.lock;
    return null;
  }

  /** Reading from a pipe, or opening one as a database, would not end. */
  private clearTheWay(paths: readonly string[]): void {
    for (const path of paths) {
      if (!isSomethingElse(path)) continue;
      this.notice(`${path} is not a file: set aside as ${setAside(path, this.clock.now())}.`);
    }
  }
}

/** 0 when there is no such file. */
function inodeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? 0;
}

/** True also where it cannot be told. */
function isStillAt(path: string, inode: number): boolean {
  try {
    return inodeOf(path) === inode;
  } catch {
    return true;
  }
}
