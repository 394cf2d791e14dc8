import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const module = pathToFileURL(join(import.meta.dirname, '..', '..', '..', 'build', 'setup-lock.mjs')).href;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mdts-setup-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process that takes the lock, runs `body` and says so in the log before and after. */
function program(body: string): string[] {
  const [lock, log] = [join(folder, 'lock'), join(folder, 'log')].map((path) => JSON.stringify(path));
  return [
    '--input-type=module',
    '--eval',
    `import { appendFileSync } from 'node:fs';
     import { withSetupLock } from '${module}';
     withSetupLock(${lock}, () => {}, () => {
       appendFileSync(${log}, 'begin ');
       ${body}
       appendFileSync(${log}, 'end ');
     });`,
  ];
}

const written = (): string => (existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : '');

test('commands that start together set the project up one after the other', async () => {
  const hold = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);';
  const children = Array.from({ length: 3 }, () => spawn(process.execPath, program(hold), { stdio: 'inherit' }));
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0]);
  expect(written()).toBe('begin end begin end begin end ');
  expect(existsSync(join(folder, 'lock'))).toBe(false);
});

test('a set-up that ends its process gives the lock up, and so does one that throws', () => {
  for (const body of ['process.exit(3);', "throw new Error('no');"]) {
    expect(spawnSync(process.execPath, program(body), { stdio: 'ignore' }).status).not.toBe(0);
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  }
});

test('the lock of a process that was killed holds nobody up', () => {
  const gone = spawnSync(process.execPath, ['--eval', '']).pid;
  writeFileSync(join(folder, 'lock'), String(gone));
  expect(spawnSync(process.execPath, program('')).status).toBe(0);
  expect(written()).toBe('begin end ');
});
