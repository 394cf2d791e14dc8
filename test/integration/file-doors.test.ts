import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { watchTokenFile } from '../../src/auth/token-file.ts';
import { systemClock } from '../../src/clock.ts';
import { defaultSettings } from '../../src/contract/settings.ts';
import type { Desk } from '../../src/desk/desk-api.ts';
import { openDesk } from '../../src/desk/open-desk.ts';
import { readEnvironment } from '../../src/environment.ts';
import { openDeskStore } from '../../src/history/store.ts';
import { instrumentListFiles } from '../../src/instruments/list-files.ts';
import { dayWords } from '../../src/market/date-words.ts';
import { instantOf } from '../../src/market/ist.ts';
import { KeyFileError, readKeyFile } from '../../src/serve/key-file.ts';
import { type Disk, DiskThread, diskOf, startDiskWorker } from '../../src/storage/disk-thread.ts';
import { oddKinds, putOdd } from '../support/odd-files.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const date = '2026-11-23';
const TOKEN = 'abcdefghijklmnopqrstuvwxyz012345';
const nowhere = 'http://127.0.0.1:9';

/** The desk on its real disk's thread: a call that hangs shows as trouble with the storage. */
function open(home: string): Promise<Desk> {
  const environment = {
    ...readEnvironment({ MDTS_SECRETS: 'memory' }, false),
    endpoints: { apiRoot: nowhere, loginRoot: nowhere, tickerRoot: nowhere.replace('http', 'ws') },
    clock: { marketMs: instantOf(date, '10:00'), speed: 1, realMs: null },
    home,
  };
  return openDesk(environment, {
    version: 'test',
    home: null,
    channels: [],
    canSimulate: false,
    hasLoginWindow: false,
  });
}

function realDisk(home: string): Disk {
  const thread = new DiskThread({
    clock: systemClock(),
    start: () => startDiskWorker(home),
    onNotice: () => undefined,
  });
  onTestFinished(() => thread[Symbol.asyncDispose]());
  return diskOf(thread);
}

/** The next line that is logged, or the next token that is taken. */
function firstWordOf(disk: Disk, path: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const watch = watchTokenFile({
    path,
    disk,
    clock: systemClock(),
    realClock: systemClock(),
    log: (_level, _area, text) => resolve(text),
    onToken: (token) => resolve(token),
  });
  return promise.finally(() => watch[Symbol.dispose]());
}

const homeFiles = [
  'settings.json',
  'calendar.json',
  'desk.db',
  'desk.db-wal',
  'desk.db-shm',
  'lock.db',
  'lock.db-journal',
  'lock.pid',
  'instruments/NSE.csv',
  'instruments/NSE.csv.tmp',
] as const;

describe.skipIf(process.platform === 'win32')('where a file is expected and there is something else', () => {
  test.each(
    oddKinds,
  )('a %s in each place of the home: the app starts, keeps what it should, and again', async (kind) => {
    const home = temporaryHome();
    mkdirSync(join(home, 'instruments'));
    for (const name of homeFiles) putOdd(kind, join(home, name));
    for (const theme of ['light', 'dark'] as const) {
      await using desk = await open(home);
      expect(await desk.invoke('settings.update', { theme })).toMatchObject({ ok: true });
      expect(desk.state.machine.storage).toBeNull();
      expect(desk.health().status).not.toBe('down');
    }
    expect(JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8'))).toMatchObject({ theme: 'dark' });
    using database = new DatabaseSync(join(home, 'desk.db'), { readOnly: true });
    expect(database.prepare('SELECT date FROM journal').all()).toEqual([{ date }]);
    expect(statSync(join(home, 'lock.db')).isFile()).toBe(true);
  });

  test.each(oddKinds)('a %s as the watched token file holds no token, and holds nothing up', async (kind) => {
    const home = temporaryHome();
    const path = join(home, 'token.txt');
    putOdd(kind, path);
    const disk = realDisk(home);
    const words: string[] = [];
    const { promise, resolve } = Promise.withResolvers<string>();
    const log = (_level: unknown, _area: unknown, text: string): void => void words.push(text);
    using _watch = watchTokenFile({
      path,
      disk,
      clock: systemClock(),
      realClock: systemClock(),
      log,
      onToken: resolve,
    });
    // Answered after the first look at it.
    for (let look = 0; look < 3; look++) await disk.stat(home);
    rmSync(path, { force: true, recursive: true });
    writeFileSync(path, TOKEN);
    expect(await promise).toBe(TOKEN);
    expect(words.filter((text) => !/does not hold an access token|cannot be read/.test(text))).toEqual([]);
  });

  test.each(oddKinds)('a %s as the key file is refused by its name', (kind) => {
    const path = join(temporaryHome(), 'key');
    putOdd(kind, path);
    expect(() => readKeyFile(path)).toThrow(KeyFileError);
    expect(() => readKeyFile(path)).toThrow(path);
  });

  test.each(oddKinds)('a %s as an instrument list is no list, and gives way to the next one', async (kind) => {
    const home = temporaryHome();
    mkdirSync(join(home, 'instruments'));
    putOdd(kind, join(home, 'instruments', 'NSE.csv'));
    putOdd(kind, join(home, 'instruments', 'NSE.csv.tmp'));
    const lists = instrumentListFiles({ disk: realDisk(home), clock: systemClock(), home });
    onTestFinished(() => lists[Symbol.dispose]());
    expect(await lists.load('NSE')).toBeNull();
    const instrument = {
      token: 256265,
      tradingSymbol: 'NIFTY 50',
      key: 'NSE:NIFTY 50',
      name: 'NIFTY 50',
      hours: null,
      expiry: null,
      strike: 0,
      tickSize: 0,
      lotSize: 0,
      type: 'EQ',
      segment: 'INDICES',
      exchange: 'NSE',
    };
    await lists.save({ exchange: 'NSE', date, takenAtMs: 1, instruments: [instrument] });
    const loaded = await lists.load('NSE');
    expect(loaded?.instruments.map(({ key }) => key)).toEqual(['NSE:NIFTY 50']);
  });
});

const bom = '\uFEFF';
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

/** Each text door's text, as programs of other systems write it. */
const encodings: readonly (readonly [string, (text: string) => Buffer])[] = [
  ['UTF-8', (text) => Buffer.from(text)],
  ['UTF-8 with a mark', (text) => Buffer.from(bom + text)],
  ['UTF-16 as Notepad writes it', (text) => Buffer.from(bom + text, 'utf16le')],
  ['UTF-16 of the other byte order', (text) => utf16be(bom + text)],
  ['UTF-16 without a mark', (text) => Buffer.from(text, 'utf16le')],
  ['UTF-16 of the other byte order without a mark', (text) => utf16be(text)],
  ['the Western code page', (text) => Buffer.from(text, 'latin1')],
  ['Windows lines', (text) => Buffer.from(text.replaceAll('\n', '\r\n'))],
];

describe.each(encodings)('a text in %s', (_name, encoded) => {
  test('is read as settings and calendar; settings are written as every program reads them', async () => {
    const home = temporaryHome();
    const tokenFile = join(home, 'José.txt');
    const rows = { days: [{ date, session: 'closed', reason: 'Fête déclarée' }] };
    writeFileSync(join(home, 'settings.json'), encoded(JSON.stringify({ theme: 'light', tokenFile }, null, 2)));
    writeFileSync(join(home, 'calendar.json'), encoded(JSON.stringify(rows, null, 2)));
    {
      await using desk = await open(home);
      expect([desk.state.app.notices, desk.state.market.reason]).toEqual([[], 'Fête déclarée']);
      expect(desk.state.settings).toEqual({ ...defaultSettings, theme: 'light', tokenFile });
      await desk.invoke('settings.update', { theme: 'dark' });
    }
    expect(JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8'))).toMatchObject({ theme: 'dark', tokenFile });
  });

  test('is read as a token', async () => {
    const home = temporaryHome();
    const path = join(home, 'token.txt');
    for (const text of [`${TOKEN}\n`, JSON.stringify({ access_token: TOKEN })]) {
      writeFileSync(path, encoded(text));
      expect(await firstWordOf(realDisk(home), path)).toBe(TOKEN);
    }
  });

  test('is read as the key', () => {
    const path = join(temporaryHome(), 'key');
    writeFileSync(path, encoded(`${TOKEN}\n`), { mode: 0o600 });
    expect(readKeyFile(path)).toBe(TOKEN);
  });

  test('is read as an instrument list', async () => {
    const home = temporaryHome();
    mkdirSync(join(home, 'instruments'));
    const head = JSON.stringify({ format: 1, exchange: 'NSE', date, takenAtMs: 1 });
    const columns =
      'instrument_token,tradingsymbol,name,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange';
    const row = '408065,INFY,INFOSYS,,0,0.05,1,EQ,NSE,NSE';
    writeFileSync(join(home, 'instruments', 'NSE.csv'), encoded(`${head}\n${columns}\n${row}\n`));
    const lists = instrumentListFiles({ disk: realDisk(home), clock: systemClock(), home });
    onTestFinished(() => lists[Symbol.dispose]());
    expect((await lists.load('NSE'))?.instruments).toMatchObject([{ key: 'NSE:INFY', token: 408065 }]);
  });
});

describe('a text that is none', () => {
  const broken: readonly (readonly [string, Buffer])[] = [
    ['zeros', Buffer.alloc(600)],
    ['half of a UTF-16 text', Buffer.from(`${bom}{"days": [`, 'utf16le').subarray(0, 17)],
    ['a zero in the middle', Buffer.from('{"theme": "li\0ght", "days": []}')],
    ['nothing at all', Buffer.alloc(0)],
  ];
  test.each(broken)('%s: settings and calendar are set aside, whole, and the defaults used', async (_name, bytes) => {
    const home = temporaryHome();
    for (const name of ['settings.json', 'calendar.json']) writeFileSync(join(home, name), bytes);
    await using desk = await open(home);
    expect(desk.state.app.notices).toHaveLength(2);
    expect([desk.state.settings, desk.state.market.day]).toEqual([defaultSettings, 'trading']);
    for (const notice of desk.state.app.notices) {
      const [aside = ''] = /\S+\.corrupt-\d{8}T\d{6}/.exec(notice) ?? [];
      expect(readFileSync(aside)).toEqual(bytes);
    }
  });

  test.each<[string, string]>([
    ['nothing', ''],
    ['half a record', '{"date": "2026-11-23", "st'],
    ['a mark before it', `${bom}{}`],
    ['a zero in it', '{"date": "2026\0"}'],
    ['another form', '{"date": "2026-11-23"}'],
  ])('a journal with %s is not believed, is told of, and the day goes on in a new one', async (_name, json) => {
    const home = temporaryHome();
    {
      using store = openDeskStore(home, 0).store;
      store.saveJournal(date, json);
    }
    {
      await using desk = await open(home);
      expect(desk.state.activity.map(({ text }) => text)).toContain(
        `The journal of ${dayWords(date)} could not be read.`,
      );
    }
    using database = new DatabaseSync(join(home, 'desk.db'), { readOnly: true });
    const row = database.prepare('SELECT json FROM journal WHERE date = ?').get(date);
    expect(JSON.parse(String(row?.json))).toMatchObject({ date, version: 'test' });
  });
});
