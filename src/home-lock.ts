import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeFolder } from './files/make-folder.ts';
import { readTextFile } from './files/read-text.ts';

/** Holding it keeps every other copy of the app out of the home folder. Disposing gives it up. */
export interface HomeLock extends Disposable {
  readonly home: string;
  /** Of the file that is locked: another one there is another lock. */
  readonly inode: number;
}

export interface HomeInUse {
  readonly ok: false;
  readonly code: 'home-in-use';
  /** The process that holds the lock, where it could be found out. */
  readonly pid: number | null;
  /** One sentence for a person. */
  readonly message: string;
}

/**
 * Takes the home folder for this process. The lock is SQLite's own exclusive file lock, because the operating system
 * takes it back from a process however that ends: there is nothing stale to clear up, and no moment for two to get in.
 * Throws what the file system throws for a folder that cannot be written.
 */
export function acquireHomeLock(home: string): { readonly ok: true; readonly lock: HomeLock } | HomeInUse {
  makeFolder(home, 0o700);
  const pidFile = join(home, 'lock.pid');
  const database = new DatabaseSync(join(home, 'lock.db'));
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    const pid = readPid(pidFile);
    const holder = pid === null ? '' : ` (process ${pid})`;
    return {
      ok: false,
      code: 'home-in-use',
      pid,
      message: `MyDailyTradingSignals is already running with ${home}${holder}: use that one, or give this one another folder with --home.`,
    };
  }
  notePid(pidFile);
  const release = (): void => {
    if (database.isOpen) database.close();
  };
  const inode = statSync(join(home, 'lock.db')).ino;
  return { ok: true, lock: { home, inode, [Symbol.dispose]: release } };
}

/** SQLITE_BUSY (https://sqlite.org/rescode.html#busy): another connection holds the lock. */
const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

/** For the sentence of another copy, and no more: it does not matter if it cannot be written. Never through a link. */
function notePid(path: string): void {
  try {
    rmSync(path, { force: true });
    writeFileSync(path, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
  } catch {
    // A full disk: the lock holds all the same.
  }
}

function readPid(path: string): number | null {
  try {
    const pid = Number(readTextFile(path, 64)?.trim());
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}
