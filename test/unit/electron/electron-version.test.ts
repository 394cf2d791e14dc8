import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '../../..');
const manifest = z
  .object({ devDependencies: z.object({ electron: z.string() }) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
const installed = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')));

/** The major the shell was written for; Electron supports its three latest (electronjs.org/docs/latest/tutorial/electron-timelines). */
const OLDEST_MAJOR = 45;

test('Electron is pinned to one exact version of a major that gets fixes, and that version is what is installed', () => {
  const { electron } = manifest.devDependencies;
  expect(electron).toMatch(/^\d+\.\d+\.\d+$/);
  expect(Number(electron.split('.')[0])).toBeGreaterThanOrEqual(OLDEST_MAJOR);
  expect(installed.version).toBe(electron);
});
