import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { candleStates } from '../contract/candle.ts';
import type { CandleRow } from '../contract/commands.ts';
import { makeFolder } from '../files/make-folder.ts';
import { setAside } from '../files/set-aside.ts';
import { isTradedCandle } from '../kite/candle-check.ts';
import type { IstDate } from '../market/ist.ts';
import { DiskError } from '../storage/disk-error.ts';
import type { HistoryBatch } from '../storage/disk-tasks.ts';

/** The database could not be read or written. */
export class StoreError extends Error {
  readonly code = 'store';
}

/** Each entry takes the schema from the version of its index to the next. Only ever appended to. */
const migrations: readonly string[] = [
  `CREATE TABLE journal (date TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE candle (
     key TEXT NOT NULL, start INTEGER NOT NULL,
     open REAL NOT NULL, high REAL NOT NULL, low REAL NOT NULL, close REAL NOT NULL, volume REAL NOT NULL,
     PRIMARY KEY (key, start)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX candle_by_start ON candle (start);`,
  // Where the candles of earlier versions came from was not kept.
  `ALTER TABLE candle ADD COLUMN oi REAL;
   ALTER TABLE candle ADD COLUMN state TEXT NOT NULL DEFAULT 'doubtful';
   ALTER TABLE candle ADD COLUMN corrected INTEGER NOT NULL DEFAULT 0;`,
];

const number = z.number();
const candleColumns = z.array(
  z.tuple([
    number,
    number,
    number,
    number,
    number,
    number,
    number.nullable(),
    z.enum(candleStates).catch('doubtful'),
    number.transform((flag) => flag !== 0),
  ]),
);

/** A few tens of ms on a slow disk. */
const PRUNED_AT_ONCE = 5_000;
/** Up to this size a check of the whole file at the start costs a few tens of ms; larger ones show their faults later. */
const FULL_CHECK_BYTES = 16 * 1024 * 1024;

/**
 * What outlives a run, in SQLite: the journal of each day and closed one-minute candles. Calls are synchronous and throw
 * `StoreError`. Prices in rupees, times in ms since the epoch.
 */
export class DeskStore implements Disposable {
  private readonly database: DatabaseSync;
  private readonly putJournal: StatementSync;
  private readonly getJournal: StatementSync;
  private readonly putCandle: StatementSync;
  private readonly getCandles: StatementSync;
  private readonly deleteCandle: StatementSync;

  /** Takes over an open database with the present schema (see `openDeskStore`). */
  constructor(database: DatabaseSync) {
    this.database = database;
    this.putJournal = database.prepare(
      'INSERT INTO journal (date, json) VALUES (?, ?) ON CONFLICT (date) DO UPDATE SET json = excluded.json',
    );
    this.getJournal = database.prepare('SELECT json FROM journal WHERE date = ?');
    this.putCandle = database.prepare(
      `INSERT OR REPLACE INTO candle (key, start, open, high, low, close, volume, oi, state, corrected)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.deleteCandle = database.prepare('DELETE FROM candle WHERE key = ? AND start = ?');
    this.getCandles = database.prepare(
      `SELECT start, open, high, low, close, volume, oi, state, corrected FROM candle
       WHERE key = ? AND start >= ? AND start <= ? ORDER BY start`,
    );
    this.getCandles.setReturnArrays(true);
  }

  /** The journal of an IST date as it was saved; null when there is none. */
  loadJournal(date: IstDate): string | null {
    const row = attempt('read', () => this.getJournal.get(date));
    return row === undefined ? null : String(row.json);
  }

  saveJournal(date: IstDate, json: string): void {
    attempt('write', () => this.putJournal.run(date, json));
  }

  /** Saves candles of one instrument; a candle that is there already is replaced, one whose open is 0 is deleted. */
  saveCandles(key: string, rows: readonly CandleRow[]): void {
    this.write({ journals: [], candles: [[key, rows]] });
  }

  /**
   * Saves all of it in one transaction, or nothing. `isAbandoned` is asked once nobody else can write: what was begun
   * before another thread took over must not come after what that has written.
   */
  write({ journals, candles }: HistoryBatch, isAbandoned: () => boolean = () => false): void {
    attempt('write', () => {
      this.database.exec('BEGIN IMMEDIATE');
      try {
        if (isAbandoned()) throw new DiskError('no-answer', 'This thread was given up.');
        for (const [date, json] of journals) this.putJournal.run(date, json);
        for (const [key, rows] of candles) for (const row of rows) this.put(key, row);
        this.database.exec('COMMIT');
      } catch (error) {
        // A full disk may have ended the transaction already.
        if (this.database.isTransaction) this.database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /** Candles of one instrument with `fromMs <= start <= toMs`, in order of time; rows that no trade can have made are not. */
  loadCandles(key: string, fromMs: number, toMs: number): readonly CandleRow[] {
    const rows = attempt('read', () => candleColumns.parse(this.getCandles.all(key, fromMs, toMs)));
    return rows.filter(([startMs, open, high, low, close, volume, openInterest]) =>
      isTradedCandle({ startMs, open, high, low, close, volume, openInterest }),
    );
  }

  /** Deletes candles that start before an instant, some at a time: true while more are left. */
  pruneCandles(beforeMs: number): boolean {
    const old = 'SELECT key, start FROM candle WHERE start < ? LIMIT ?';
    const { changes } = attempt('write', () =>
      this.database.prepare(`DELETE FROM candle WHERE (key, start) IN (${old})`).run(beforeMs, PRUNED_AT_ONCE),
    );
    return changes === PRUNED_AT_ONCE;
  }

  /** Deletes the journals of dates before one. */
  pruneJournals(before: IstDate): void {
    attempt('write', () => this.database.prepare('DELETE FROM journal WHERE date < ?').run(before));
  }

  private put(key: string, row: CandleRow): void {
    if (isCandle(row)) this.putCandle.run(key, ...columnsOf(row));
    else this.deleteCandle.run(key, row[0]);
  }

  [Symbol.dispose](): void {
    if (this.database.isOpen) this.database.close();
  }
}

export interface OpenedStore {
  readonly store: DeskStore;
  /** One sentence for the trader when the last database had to be set aside; otherwise null. */
  readonly notice: string | null;
}

/**
 * Opens `desk.db` in the home folder, or begins it. One that is damaged, or of a later version of the app, is set aside
 * under a new name, never deleted. Where no file can be had at all, the store is kept in memory for this run.
 */
export function openDeskStore(home: string, nowMs: number): OpenedStore {
  const path = join(home, 'desk.db');
  try {
    makeFolder(home);
    return openDeskFile(path, nowMs);
  } catch {
    return inMemory(path);
  }
}

/** As `openDeskStore`, in a folder that is there; throws where the file cannot be had now. */
export function openDeskFile(path: string, nowMs: number): OpenedStore {
  try {
    return { store: openAt(path), notice: null };
  } catch (error) {
    const fault = faultOf(error);
    if (fault === null) throw error;
    return beginAnew(path, nowMs, fault);
  }
}

/** Sets a closed database aside, its `fault` the middle of a sentence, and begins a new one. */
export function beginAnew(path: string, nowMs: number, fault = 'is damaged'): OpenedStore {
  const aside = setAside(path, nowMs, ['-wal', '-shm']);
  return {
    store: openAt(path),
    notice: `The history database ${fault}: set aside as ${aside}, and a new one begun.`,
  };
}

function inMemory(path: string): OpenedStore {
  const notice = `The history database cannot be opened (${path}): history is kept for this run only.`;
  return { store: openAt(':memory:'), notice };
}

class UnusableFileError extends Error {}

/** SQLITE_ERROR (a schema that is not ours), SQLITE_CORRUPT, SQLITE_NOTADB: https://sqlite.org/rescode.html. */
const unusableFileCodes: readonly number[] = [1, 11, 26];
/** SQLITE_CORRUPT and SQLITE_NOTADB, which a statement of ours meets in a page that nobody had looked at before. */
const damageCodes: readonly number[] = [11, 26];

/** What is wrong with the file itself; null when it is sound, for all one knows, and only cannot be had now. */
function faultOf(error: unknown): string | null {
  if (error instanceof UnusableFileError) return error.message;
  return unusableFileCodes.includes(sqliteCodeOf(error)) ? 'is damaged' : null;
}

/** Whether a read or write failed because the file is damaged, which trying again does not mend. */
export function isDamage(error: unknown): boolean {
  return error instanceof StoreError && damageCodes.includes(sqliteCodeOf(error.cause));
}

/** SQLite's primary result code; 0 for an error that is not SQLite's. */
function sqliteCodeOf(error: unknown): number {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
}

function openAt(path: string): DeskStore {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA busy_timeout = 250');
    if (numberFrom(database, 'PRAGMA page_count') * numberFrom(database, 'PRAGMA page_size') <= FULL_CHECK_BYTES) {
      const verdict = Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
      if (verdict !== 'ok') throw new UnusableFileError('is damaged');
    }
    migrate(database);
    // A crash may cost the last second, never the file.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    return new DeskStore(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: DatabaseSync): void {
  const version = numberFrom(database, 'PRAGMA user_version');
  if (version > migrations.length) throw new UnusableFileError('is from a later version of the app');
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    database.exec(`BEGIN; ${sql} PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
}

/** The one number a pragma answers with. */
function numberFrom(database: DatabaseSync, pragma: string): number {
  return Number(Object.values(database.prepare(pragma).get() ?? {})[0] ?? 0);
}

/** Nothing trades for 0: such a row says that its minute has no candle. */
export function isCandle([, open]: CandleRow): boolean {
  return open !== 0;
}

function columnsOf([start, open, high, low, close, volume, openInterest, state, corrected]: CandleRow) {
  return [start, open, high, low, close, volume, openInterest, state, corrected ? 1 : 0];
}

function attempt<Value>(verb: 'read' | 'write', run: () => Value): Value {
  try {
    return run();
  } catch (error) {
    throw new StoreError(`the history database could not be ${verb === 'read' ? 'read' : 'written'}`, { cause: error });
  }
}
