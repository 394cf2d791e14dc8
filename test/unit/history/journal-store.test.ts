import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CandleRow } from '../../../src/contract/commands.ts';
import { openDeskStore, StoreError } from '../../../src/history/store.ts';

const NOW = Date.parse('2026-11-23T08:49:30+05:30');

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'desk-store-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

const candle = (minute: number, close: number): CandleRow => [
  NOW + minute * 60_000,
  1,
  2,
  0.5,
  close,
  100,
  minute === 0 ? null : 2_400,
  'settled',
  minute === 1,
];

describe('the desk database', () => {
  test('keeps journals and candles from one run to the next', () => {
    const home = newHome();
    {
      using store = openDeskStore(home, NOW).store;
      store.saveJournal('2026-11-23', '{"a":1}');
      store.saveJournal('2026-11-23', '{"a":2}');
      store.saveCandles('NSE:NIFTY 50', [candle(0, 1.5), candle(1, 1.6), candle(2, 1.7)]);
      store.saveCandles('NSE:NIFTY 50', [candle(1, 1.65)]);
      store.saveCandles('BSE:SENSEX', [candle(1, 9)]);
    }
    const opened = openDeskStore(home, NOW);
    using store = opened.store;
    expect(opened.notice).toBeNull();
    expect(store.loadJournal('2026-11-23')).toBe('{"a":2}');
    expect(store.loadJournal('2026-11-22')).toBeNull();
    expect(store.loadCandles('NSE:NIFTY 50', NOW, NOW + 60_000)).toEqual([candle(0, 1.5), candle(1, 1.65)]);
    store.pruneCandles(NOW + 60_000);
    expect(store.loadCandles('NSE:NIFTY 50', 0, NOW * 2)).toEqual([candle(1, 1.65), candle(2, 1.7)]);
  });

  test('takes over the candles of a home from before states and open interest were kept, in doubt', () => {
    const home = newHome();
    const old = new DatabaseSync(join(home, 'desk.db'));
    old.exec(`CREATE TABLE journal (date TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE candle (
        key TEXT NOT NULL, start INTEGER NOT NULL,
        open REAL NOT NULL, high REAL NOT NULL, low REAL NOT NULL, close REAL NOT NULL, volume REAL NOT NULL,
        PRIMARY KEY (key, start)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX candle_by_start ON candle (start);
      INSERT INTO candle VALUES ('NSE:NIFTY 50', ${NOW}, 1, 2, 0.5, 1.5, 100), ('NSE:NIFTY 50', ${NOW + 60_000}, 0, 0, 0, 0, 0);
      INSERT INTO journal VALUES ('2026-11-20', '{"a":1}');
      PRAGMA user_version = 1;`);
    old.close();
    for (let run = 0; run < 2; run++) {
      const opened = openDeskStore(home, NOW);
      using store = opened.store;
      expect(opened.notice).toBeNull();
      expect(store.loadJournal('2026-11-20')).toBe('{"a":1}');
      expect(store.loadCandles('NSE:NIFTY 50', 0, NOW * 2)).toEqual([
        [NOW, 1, 2, 0.5, 1.5, 100, null, 'doubtful', false],
        ...(run === 0 ? [] : [candle(2, 1.7)]),
      ]);
      store.saveCandles('NSE:NIFTY 50', [candle(2, 1.7)]);
    }
  });

  test('saves candles all or none', () => {
    using store = openDeskStore(newHome(), NOW).store;
    const bad = [candle(0, 1.5), [NOW, 1, 2, Number.NaN, 1, 1, null, 'settled', false] as CandleRow];
    expect(() => store.saveCandles('NSE:NIFTY 50', bad)).toThrow(StoreError);
    expect(store.loadCandles('NSE:NIFTY 50', 0, NOW * 2)).toEqual([]);
    store.saveCandles('NSE:NIFTY 50', [candle(0, 1.5)]);
    expect(store.loadCandles('NSE:NIFTY 50', 0, NOW * 2)).toHaveLength(1);
  });

  test.each<[string, (path: string) => void, string]>([
    ['is no database', (path) => writeFileSync(path, 'this is not a database, '.repeat(200)), 'is damaged'],
    ['has damaged pages', (path) => damagePages(path), 'is damaged'],
    ['has other tables of the same name', (path) => run(path, 'CREATE TABLE journal (x)'), 'is damaged'],
    ['is of a later version', (path) => run(path, 'PRAGMA user_version = 99'), 'is from a later version of the app'],
  ])('that %s is set aside whole, and a new one begun with a notice', (_case, spoil, words) => {
    const home = newHome();
    const path = join(home, 'desk.db');
    spoil(path);
    const content = readFileSync(path);
    const opened = openDeskStore(home, NOW);
    using store = opened.store;
    const aside = `${path}.corrupt-20261123T084930`;
    expect(opened.notice).toBe(`The history database ${words}: set aside as ${aside}, and a new one begun.`);
    expect(readFileSync(aside).equals(content)).toBe(true);
    store.saveJournal('2026-11-23', '{}');
    expect(store.loadJournal('2026-11-23')).toBe('{}');
  });

  test('sets a second damaged file aside beside the first', () => {
    const home = newHome();
    for (let round = 0; round < 2; round++) {
      writeFileSync(join(home, 'desk.db'), 'x'.repeat(5_000));
      openDeskStore(home, NOW).store[Symbol.dispose]();
    }
    expect(
      readdirSync(home)
        .filter((name) => name.includes('.corrupt-'))
        .sort(),
    ).toEqual(['desk.db.corrupt-20261123T084930', 'desk.db.corrupt-20261123T084930-2']);
  });

  test('that is sound but held by another program is left where it is, and memory used', () => {
    const home = newHome();
    openDeskStore(home, NOW).store[Symbol.dispose]();
    using holder = new DatabaseSync(join(home, 'desk.db'));
    holder.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    const opened = openDeskStore(home, NOW);
    using store = opened.store;
    expect(opened.notice).toContain('for this run only');
    expect(readdirSync(home).some((name) => name.includes('.corrupt-'))).toBe(false);
    store.saveJournal('2026-11-23', '{}');
    expect(store.loadJournal('2026-11-23')).toBe('{}');
  });

  test('that cannot be had at all is replaced by memory, with a notice', () => {
    const home = newHome();
    writeFileSync(join(home, 'file'), '');
    const opened = openDeskStore(join(home, 'file'), NOW);
    using store = opened.store;
    expect(opened.notice).toContain('for this run only');
    expect(store.loadJournal('2026-11-23')).toBeNull();
  });
});

function run(path: string, sql: string): void {
  using database = new DatabaseSync(path);
  database.exec(sql);
}

/** A database whose header is fine and whose later pages are not. */
function damagePages(path: string): void {
  {
    using database = new DatabaseSync(path);
    database.exec('CREATE TABLE filler (x TEXT); BEGIN');
    const insert = database.prepare('INSERT INTO filler VALUES (?)');
    for (let row = 0; row < 200; row++) insert.run('y'.repeat(500));
    database.exec('COMMIT');
  }
  const content = readFileSync(path);
  content.fill(0xab, 5_000, 40_000);
  writeFileSync(path, content);
}
