import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { defaultSettings } from '../../../src/contract/settings.ts';
import { HomeStorage } from '../../../src/storage/home-storage.ts';
import { type DiskFault, TestDisk } from '../../support/test-disk.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

function homeStorage() {
  const home = mkdtempSync(join(tmpdir(), 'home-storage-'));
  const clock = new VirtualClock('2026-11-23T11:00:00+05:30');
  const disk = new TestDisk(clock, home);
  const storage = new HomeStorage({ home, clock, start: disk.start, onNotice: () => undefined });
  const told: unknown[] = [];
  storage.onChange(() => told.push(storage.trouble?.cause ?? null));
  onTestFinished(() => {
    disk[Symbol.dispose]();
    rmSync(home, { recursive: true, force: true });
  });
  const theme = (): unknown => JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8')).theme;
  return { home, clock, disk, storage, told, theme };
}

describe('what is kept in the home folder', () => {
  test.each<[DiskFault, string]>([
    ['full', 'full'],
    ['read-only', 'read-only'],
    ['locked', 'locked'],
    ['removed', 'removed'],
    ['failed', 'failed'],
    ['hangs', 'no-answer'],
    [{ lateMs: 60_000 }, 'no-answer'],
  ])('is told of as not kept while the disk has a fault, settings as well as history: %j', async (fault, cause) => {
    const { clock, disk, storage, told, theme } = homeStorage();
    disk.fault = fault;
    storage.saveSettings({ ...defaultSettings, theme: 'dark' });
    await clock.advance(120_000);
    expect([told, storage.trouble?.cause]).toEqual([[cause], cause]);
    disk.fault = null;
    await clock.advance(30_000);
    expect([told, storage.trouble, theme()]).toEqual([[cause, null], null, 'dark']);
  });

  test('is told of until the last of it is written', async () => {
    const { clock, disk, storage, told } = homeStorage();
    disk.fault = 'locked';
    storage.saveSettings({ ...defaultSettings, theme: 'dark' });
    void storage.history.saveJournal('2026-11-23', '{}');
    await clock.advance(1);
    expect(new Set(told)).toEqual(new Set(['locked']));
    disk.fault = null;
    await clock.advance(15_000);
    expect(told.at(-1)).toBeNull();
    expect(storage.history.waiting).toBe(0);
  });

  test('is the latest settings, also when a thread that hung with earlier ones comes back after them', async () => {
    const { clock, disk, storage, theme } = homeStorage();
    storage.saveSettings({ ...defaultSettings, theme: 'dark' });
    await clock.advance(1);
    disk.fault = 'hangs';
    storage.saveSettings({ ...defaultSettings, theme: 'light' });
    await clock.advance(6_000);
    storage.saveSettings({ ...defaultSettings, theme: 'system' });
    await clock.advance(6_000);
    disk.fault = null;
    await clock.advance(60_000);
    expect(theme()).toBe('system');
  });

  test('is given up within seconds at the end, whatever hangs', async () => {
    const { clock, disk, storage } = homeStorage();
    disk.fault = 'hangs';
    storage.saveSettings({ ...defaultSettings, theme: 'dark' });
    void storage.history.saveJournal('2026-11-23', '{}');
    let isOver = false;
    void storage[Symbol.asyncDispose]().then(() => {
      isOver = true;
    });
    await clock.advance(15_000);
    expect([isOver, clock.pending]).toEqual([true, 0]);
    disk.fault = null;
  });
});
