import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import { electronUpdaterSource } from '../../../electron/update/electron-updater-source.ts';

const updater = vi.hoisted(() => ({ current: null as unknown, cancelled: 0 }));

vi.mock('electron-updater', () => ({
  default: {
    get autoUpdater() {
      return updater.current;
    },
    CancellationToken: class {
      cancel(): void {
        updater.cancelled++;
      }
    },
  },
}));

/** As much of electron-updater as is used, with its own defaults. */
class AutoUpdater extends EventEmitter {
  autoDownload = true;
  autoInstallOnAppQuit = true;
  allowDowngrade = true;
  disableWebInstaller = false;
  logger: unknown = console;
  readonly calls: string[] = [];
  found: unknown = null;

  async checkForUpdates(): Promise<unknown> {
    this.calls.push('check');
    return this.found;
  }

  async downloadUpdate(): Promise<void> {
    this.calls.push('download');
  }

  quitAndInstall(): void {
    this.calls.push('install');
  }
}

function startSource() {
  const auto = new AutoUpdater();
  updater.current = auto;
  updater.cancelled = 0;
  return { auto, source: electronUpdaterSource() };
}

test('electron-updater does nothing by itself: no download, no installation at a quit, no older version', () => {
  const { auto } = startSource();
  expect(auto).toMatchObject({ autoDownload: false, autoInstallOnAppQuit: false, allowDowngrade: false, logger: null });
  expect(auto.disableWebInstaller).toBe(true);
  expect(auto.calls).toEqual([]);
  // An emitter without a listener for it would throw.
  expect(() => auto.emit('error', new Error('no network'))).not.toThrow();
});

test('a version is offered only when it is newer', async () => {
  const { auto, source } = startSource();
  expect(await source.check()).toBeNull();
  auto.found = { isUpdateAvailable: false, updateInfo: { version: '0.1.0' } };
  expect(await source.check()).toBeNull();
  auto.found = { isUpdateAvailable: true, updateInfo: { version: '0.2.0' } };
  expect(await source.check()).toBe('0.2.0');
  expect(auto.calls).toEqual(['check', 'check', 'check']);
});

test.each([
  'linux',
  'win32',
  'darwin',
] as const)('on %s updates are installed only where a signature proves them', (system) => {
  vi.stubGlobal('process', Object.create(process, { platform: { value: system } }));
  expect(startSource().source.canInstall).toBe(system !== 'linux');
  vi.unstubAllGlobals();
});

test('it is downloaded and installed when asked for, and a download can be given up', async () => {
  const { auto, source } = startSource();
  const giving = new AbortController();
  await source.download(giving.signal);
  giving.abort();
  expect(updater.cancelled).toBe(1);
  source.install();
  expect(auto.calls).toEqual(['download', 'install']);
});
