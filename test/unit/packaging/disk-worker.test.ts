import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { diskWorkerSource } from '../../../electron/disk-worker-source.ts';
import type { DiskReply, DiskRequest } from '../../../src/storage/disk-messages.ts';

test('the disk’s thread runs from the one text that is packed into the main program', async () => {
  const home = mkdtempSync(join(tmpdir(), 'disk-worker-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const worker = new Worker(await diskWorkerSource(), { eval: true, workerData: { home } });
  onTestFinished(async () => void (await worker.terminate()));
  const ask = (request: Exclude<DiskRequest, 'close'>): Promise<DiskReply> =>
    new Promise((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', resolve);
      worker.postMessage(request);
    });
  expect(await ask({ id: 1, task: 'open', args: [] })).toEqual({ id: 1, value: null });
  expect(await ask({ id: 2, task: 'saveSettings', args: [{ theme: 'dark' }] })).toEqual({ id: 2, value: undefined });
  expect(existsSync(join(home, 'desk.db'))).toBe(true);
  expect(JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8'))).toEqual({ theme: 'dark' });
});
