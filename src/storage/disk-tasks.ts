import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CandleRow } from '../contract/commands.ts';
import { readTextFile } from '../files/read-text.ts';
import { setAside } from '../files/set-aside.ts';
import { type DeskStore, openDeskFile } from '../history/store.ts';
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
  prune(candlesBeforeMs: number, journalsBefore: IstDate): void;
  /** What tells one version of a file from the next, and when it was written (ms since the epoch); null: no file. */
  stat(path: string): { readonly version: string; readonly writtenAtMs: number } | null;
  /** A text of the trader's, decoded; null when there is none. */
  readText(path: string, mostBytes: number): string | null;
  saveSettings(settings: Readonly<Record<string, unknown>>): void;
  /** Renames a file that cannot be used; returns its new path. */
  setAside(path: string, nowMs: number): string;
}

export type DiskTaskName = keyof DiskTasks;

/** The tasks on one home folder. `notice` gets a sentence for the trader when a database had to be set aside. */
export class HomeTasks implements DiskTasks, Disposable {
  private readonly home: string;
  private readonly notice: (text: string) => void;
  private lock: HomeLock | null = null;
  private history: { readonly store: DeskStore; readonly inode: number } | null = null;

  constructor(home: string, notice: (text: string) => void) {
    this.home = home;
    this.notice = notice;
  }

  open(): HomeInUse | null {
    if (this.lock === null) {
      const locked = acquireHomeLock(this.home);
      if (!locked.ok) return locked;
      this.lock = locked.lock;
      tidyHome(this.home);
    }
    this.store();
    return null;
  }

  loadJournal(date: IstDate): string | null {
    return this.store().loadJournal(date);
  }

  loadCandles(key: string, fromMs: number, toMs: number): readonly CandleRow[] {
    return this.store().loadCandles(key, fromMs, toMs);
  }

  writeHistory(batch: HistoryBatch): void {
    this.store().write(batch);
  }

  prune(candlesBeforeMs: number, journalsBefore: IstDate): void {
    this.store().pruneCandles(candlesBeforeMs);
    this.store().pruneJournals(journalsBefore);
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
    writeSettings(this.home, settings);
  }

  setAside(path: string, nowMs: number): string {
    return setAside(path, nowMs);
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

  /** SQLite goes on writing to a file that has been removed: that is looked for at every call. */
  private store(): DeskStore {
    const path = join(this.home, 'desk.db');
    if (this.history !== null && inodeOf(path) !== this.history.inode) {
      this.closeHistory();
      throw new DiskError('removed', 'The database was removed while the app was running.');
    }
    if (this.history !== null) return this.history.store;
    mkdirSync(this.home, { recursive: true, mode: 0o700 });
    const { store, notice } = openDeskFile(path, Date.now());
    this.history = { store, inode: inodeOf(path) };
    if (notice !== null) this.notice(notice);
    return store;
  }
}

/** 0 when there is no such file. */
function inodeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? 0;
}
