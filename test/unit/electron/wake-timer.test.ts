import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type WakePlan, windowsTask } from '../../../electron/power/wake-plan.ts';
import { systemWakeTimer } from '../../../electron/power/wake-timer.ts';
import { instantOf } from '../../../src/market/ist.ts';

const date = '2026-11-23';
const plan: WakePlan = { date, time: '08:40', atMs: instantOf(date, '08:40') };

it('macOS leaves the wake-up to an administrator', () => {
  expect(systemWakeTimer('darwin')).toBeNull();
});

// The programs of another system are scripts here, found by their names as the real ones are.
describe.skipIf(process.platform === 'win32')('the wake-up of Windows', () => {
  let folder: string;
  const program = (script: string): void => {
    const file = join(folder, 'schtasks.exe');
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  };
  const called = (): readonly string[] => readFileSync(join(folder, 'called'), 'utf8').trim().split('\n');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mdts-schtasks-'));
    vi.stubEnv('PATH', `${folder}:${process.env.PATH ?? ''}`);
    vi.stubEnv('CALLED_IN', folder);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is a task of the user’s own, given in the encoding that the program reads', async () => {
    program('printf "%s\\n" "$@" > "$CALLED_IN/called"; cp "$5" "$CALLED_IN/task.xml"');
    expect(await systemWakeTimer('win32')?.set(plan)).toMatchObject({ ok: true });
    const [create, name, task, xml, file = '', force] = called();
    expect([create, name, task, xml, force]).toEqual(['/Create', '/TN', 'MyDailyTradingSignals wake-up', '/XML', '/F']);
    const text = readFileSync(join(folder, 'task.xml'));
    expect(text.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xfe]));
    expect(text.toString('utf16le', 2)).toBe(windowsTask(plan));
    // Nothing is left of the way it was given.
    expect(() => readFileSync(file)).toThrow('ENOENT');
  });

  it('is taken away by its name', async () => {
    program('printf "%s\\n" "$@" > "$CALLED_IN/called"');
    expect(await systemWakeTimer('win32')?.remove()).toMatchObject({ ok: true });
    expect(called()).toEqual(['/Delete', '/TN', 'MyDailyTradingSignals wake-up', '/F']);
  });

  it('that is not accepted says so', async () => {
    program('exit 1');
    expect(await systemWakeTimer('win32')?.set(plan)).toMatchObject({
      ok: false,
      error: { message: 'The Task Scheduler did not accept the wake-up.' },
    });
  });
});
