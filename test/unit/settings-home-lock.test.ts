import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { acquireHomeLock } from '../../src/home-lock.ts';

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'home-lock-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

/** Another process that holds the lock until it is killed. */
async function holdElsewhere(home: string) {
  const lockModule = pathToFileURL(join(import.meta.dirname, '../../src/home-lock.ts')).href;
  const script = `
    const { acquireHomeLock } = await import(${JSON.stringify(lockModule)});
    console.log(acquireHomeLock(${JSON.stringify(home)}).ok ? 'held' : 'refused');
    process.stdin.resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = await once(child.stdout, 'data');
  expect(String(said).trim()).toBe('held');
  return child;
}

describe('the lock on the home folder', () => {
  test('is held by one at a time and given up on disposal', () => {
    const home = newHome();
    const first = acquireHomeLock(home);
    if (!first.ok) throw new Error(first.message);
    expect(acquireHomeLock(home)).toMatchObject({ ok: false, code: 'home-in-use', pid: process.pid });
    first.lock[Symbol.dispose]();
    first.lock[Symbol.dispose]();
    const second = acquireHomeLock(home);
    expect(second.ok).toBe(true);
    if (second.ok) second.lock[Symbol.dispose]();
  });

  test('names the process that holds it, and outlives no crash of that process', async () => {
    const home = newHome();
    const child = await holdElsewhere(home);
    expect(acquireHomeLock(home)).toMatchObject({
      ok: false,
      pid: child.pid,
      message: expect.stringContaining(`process ${child.pid}`),
    });
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    const taken = acquireHomeLock(home);
    expect(taken.ok).toBe(true);
    if (taken.ok) taken.lock[Symbol.dispose]();
  });

  test('throws what the file system says where no folder can be made', () => {
    expect(() => acquireHomeLock('/dev/null/home')).toThrow(/ENOTDIR|EEXIST|ENOENT/);
  });
});

test.skipIf(process.platform === 'win32')('the lock writes through no link that somebody has put in its place', () => {
  const home = newHome();
  const victim = join(newHome(), 'victim');
  writeFileSync(victim, 'precious');
  symlinkSync(victim, join(home, 'lock.pid'));
  const taken = acquireHomeLock(home);
  if (!taken.ok) throw new Error(taken.message);
  taken.lock[Symbol.dispose]();
  expect([readFileSync(victim, 'utf8'), lstatSync(join(home, 'lock.pid')).isFile()]).toEqual(['precious', true]);
});
