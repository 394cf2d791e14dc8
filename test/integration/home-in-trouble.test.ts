import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Health } from '../../src/contract/health.ts';
import { startLiveExchange } from '../bench/support/live-exchange.ts';
import { canMount, onSmallDisk } from '../support/odd-files.ts';
import { type RealApp, startRealApp } from '../support/real-app.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/** The app as a process of its own, on homes that real systems have; each step is waited for by what the app tells. */

const SPEED = 60;
const NO_NAME_SPACES = 'this system gives no name spaces to mount in';

/** The app on the simulated exchange at 10:00 of a trading day, a minute in a second. */
async function tradingApp(home: string, within: readonly string[] = []) {
  const live = await startLiveExchange({ at: '10:00', speed: SPEED });
  onTestFinished(() => live[Symbol.asyncDispose]());
  const start = (): Promise<RealApp> =>
    startRealApp({
      home,
      within,
      exchange: { exchange: live.exchange, spec: live.spec, accessToken: live.issueToken() },
    });
  return { live, start, desk: join(home, 'simulated') };
}

const health = async ({ client }: RealApp): Promise<Health> => (await client.get('/api/health')) as Health;

/** Asks the app, or looks at its files, until it is so. */
async function until<Value>(ask: () => Promise<Value> | Value, is: (value: Value) => boolean): Promise<void> {
  await vi.waitUntil(async () => is(await ask()), { interval: 20, timeout: 55_000 });
}

const isLive = ({ feed }: Health): boolean => feed.state === 'live';

/** The notices that stand or stood in this run, as its record has them. */
async function alertsOf({ client }: RealApp, id: string) {
  return (await client.journal()).alerts.filter((alert) => alert.id === id);
}

/** Another program, which holds a lock on a database until it is ended. */
async function lockElsewhere(path: string): Promise<ChildProcess> {
  const script = `
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(${JSON.stringify(path)});
    database.exec('PRAGMA busy_timeout = 10000; BEGIN EXCLUSIVE');
    console.log('locked');
    process.stdin.resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

/** 0 while the database is not made yet, or is being written. */
function candleCount(folder: string): number {
  try {
    using database = new DatabaseSync(join(folder, 'desk.db'), { readOnly: true });
    return Number(database.prepare('SELECT COUNT(*) AS n FROM candle').get()?.n);
  } catch {
    return 0;
  }
}

describe('the app on a home folder', () => {
  test.each([
    'full',
    'read-only',
  ] as const)('on a disk that is %s starts, trades, tells and ends in order', async (kind) => {
    if (!canMount()) return expect(process.platform, NO_NAME_SPACES).not.toBe('linux');
    const home = temporaryHome();
    const { start } = await tradingApp(home, onSmallDisk(home, kind));
    await using app = await start();
    await until(() => health(app), isLive);
    await until(
      () => alertsOf(app, 'storage'),
      (alerts) => alerts.length > 0,
    );
    expect(await health(app)).toMatchObject({ status: 'degraded' });
    expect(await app.client.invoke('settings.update', { theme: 'light' })).toMatchObject({ ok: true });
    expect(app.errors()).not.toMatch(/at .*\.ts:\d+/);
    expect(await app.stop()).toBe(0);
  });

  test('it may not write to starts, trades and tells', async () => {
    const own = temporaryHome();
    chmodSync(own, 0o500);
    onTestFinished(() => chmodSync(own, 0o700));
    // An administrator may write anywhere but here.
    const { start } = await tradingApp(process.getuid?.() === 0 ? '/proc/mdts' : own);
    await using app = await start();
    await until(() => health(app), isLive);
    await until(
      () => alertsOf(app, 'storage'),
      (alerts) => alerts.length > 0,
    );
    expect(app.errors()).not.toMatch(/at .*\.ts:\d+/);
  });

  test('that is removed under it makes it anew, goes on, and keeps every other copy out of the new one too', async () => {
    const home = temporaryHome();
    const { start, desk } = await tradingApp(home);
    await using app = await start();
    await until(() => health(app), isLive);
    await until(
      () => candleCount(desk),
      (count) => count > 6,
    );
    rmSync(home, { recursive: true });
    await until(
      () => candleCount(desk),
      (count) => count > 6,
    );
    expect(statSync(desk).mode & 0o777).toBe(0o700);
    await expect(start()).rejects.toThrow(`already running with ${desk} (process ${app.child.pid})`);
    expect(isLive(await health(app))).toBe(true);
  });

  test('whose database another program has locked trades, tells which fault it is, and writes when it is free', async () => {
    const home = temporaryHome();
    const { start, desk } = await tradingApp(home);
    await using app = await start();
    await until(
      () => candleCount(desk),
      (count) => count > 6,
    );
    const other = await lockElsewhere(join(desk, 'desk.db'));
    await until(
      () => alertsOf(app, 'storage'),
      (alerts) => alerts.length > 0,
    );
    expect((await alertsOf(app, 'storage'))[0]?.title).toContain('Another program has locked the app’s files');
    expect(isLive(await health(app))).toBe(true);
    const { clock } = await health(app);
    other.kill('SIGKILL');
    await until(
      () => alertsOf(app, 'storage'),
      (alerts) => alerts.every(({ withdrawnAt }) => withdrawnAt !== null),
    );
    await until(
      () => keptMinutes(desk, Date.parse(clock.now) - 5 * 60_000, Date.parse(clock.now)),
      (minutes) => minutes >= 4,
    );
  });

  test('that another program locks before the start is taken when it is free', async () => {
    const home = temporaryHome();
    const { start, desk } = await tradingApp(home);
    mkdirSync(desk, { recursive: true });
    const other = await lockElsewhere(join(desk, 'desk.db'));
    await using app = await start();
    await until(() => health(app), isLive);
    await until(
      () => alertsOf(app, 'storage'),
      (alerts) => alerts.length > 0,
    );
    other.kill('SIGKILL');
    await until(
      () => alertsOf(app, 'storage'),
      (alerts) => alerts.every(({ withdrawnAt }) => withdrawnAt !== null),
    );
    await until(
      () => candleCount(desk),
      (count) => count > 6,
    );
  });

  test('writes files that are its owner’s alone, whatever the system’s default is', async () => {
    const home = temporaryHome();
    chmodSync(home, 0o755);
    const { start, desk } = await tradingApp(home, ['sh', '-c', 'umask 000; exec "$@"', 'sh']);
    await using app = await start();
    await app.client.invoke('settings.update', { theme: 'light' });
    await until(
      () => candleCount(desk),
      (count) => count > 6,
    );
    await until(() => existsSync(join(desk, 'settings.json')), Boolean);
    const modes = readdirSync(desk, { recursive: true, encoding: 'utf8' }).map((name) => {
      const stats = statSync(join(desk, name));
      return [name, stats.mode & 0o077];
    });
    expect(modes.length).toBeGreaterThanOrEqual(4);
    expect(modes.filter(([, others]) => others !== 0)).toEqual([]);
    expect(statSync(desk).mode & 0o777).toBe(0o700);
    // The folder was there before the app: it may be others' too.
    expect(statSync(home).mode & 0o777).toBe(0o755);
  });

  test('is whole after each of several kills in the middle of writing', async () => {
    const home = temporaryHome();
    const { start, desk } = await tradingApp(home);
    let kept = 0;
    for (const theme of ['light', 'dark', 'light', 'dark'] as const) {
      const app = await start();
      await until(() => health(app), isLive);
      expect((await app.client.journal()).steps.length).toBeGreaterThan(0);
      await until(
        () => candleCount(desk),
        (count) => count > kept,
      );
      // On its way when the process goes: written whole, or not at all.
      void app.client.invoke('settings.update', { theme }).catch(() => undefined);
      await app.kill();
      using database = new DatabaseSync(join(desk, 'desk.db'));
      expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
      expect(candleCount(desk)).toBeGreaterThan(kept);
      kept = candleCount(desk);
      const settings = join(desk, 'settings.json');
      if (existsSync(settings)) {
        expect(['light', 'dark']).toContain((JSON.parse(readFileSync(settings, 'utf8')) as { theme: string }).theme);
      }
    }
    await using app = await start();
    await until(() => health(app), isLive);
    expect(readdirSync(desk).filter((name) => /tmp|corrupt/.test(name))).toEqual([]);
  });

  test('is swept of what a run that was killed in the middle of writing has left', async () => {
    const home = temporaryHome();
    const { start, desk } = await tradingApp(home);
    mkdirSync(join(desk, 'instruments'), { recursive: true });
    const left = [
      'settings.json.tmp-1234567890',
      'calendar.json.tmp-12',
      '.doctor-0123456789ab',
      'instruments/MCX.csv.tmp',
    ];
    for (const name of left) writeFileSync(join(desk, name), 'half');
    writeFileSync(join(desk, 'settings.json.corrupt-20261123T084930'), 'kept');
    await using app = await start();
    await until(() => health(app), isLive);
    expect(left.filter((name) => existsSync(join(desk, name)))).toEqual([]);
    expect(existsSync(join(desk, 'settings.json.corrupt-20261123T084930'))).toBe(true);
  });
});

/** How many minutes with a candle the database has between two instants. */
function keptMinutes(folder: string, fromMs: number, toMs: number): number {
  using database = new DatabaseSync(join(folder, 'desk.db'), { readOnly: true });
  const count = database.prepare('SELECT COUNT(DISTINCT start) AS n FROM candle WHERE start >= ? AND start < ?');
  return Number(count.get(fromMs, toMs)?.n);
}
