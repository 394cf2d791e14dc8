import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What a second start tells the first. */
const noticeSchema = z.object({ argv: z.array(z.string()), workingDirectory: z.string(), additionalData: z.unknown() });
export type SecondStart = z.infer<typeof noticeSchema>;

/** The lock of a folder while this process holds it. Disposing gives it back. */
export type InstanceLock = Disposable;

/**
 * Takes the lock of a folder, or tells the process that has it about `start` and returns null. A lock left by a process
 * that is gone is taken over. Synchronous, as `app.requestSingleInstanceLock` is: hence files, not a socket.
 */
export function takeInstanceLock(
  folder: string,
  start: SecondStart,
  onSecondStart: (start: SecondStart) => void,
): InstanceLock | null {
  const lock = join(folder, 'StandInLock');
  const inbox = join(folder, 'StandInStarts');
  mkdirSync(inbox, { recursive: true });
  if (!claim(lock)) {
    const notice = join(inbox, randomUUID());
    // Renamed into place, so that it is read whole.
    writeFileSync(`${notice}.part`, JSON.stringify(start));
    renameSync(`${notice}.part`, `${notice}.json`);
    return null;
  }
  const read = (): void => {
    for (const name of readdirSync(inbox).filter((entry) => entry.endsWith('.json'))) {
      const file = join(inbox, name);
      const notice = noticeSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
      rmSync(file);
      onSecondStart(notice);
    }
  };
  const watcher = watch(inbox, read);
  const release = (): void => {
    watcher.close();
    rmSync(lock, { force: true });
  };
  process.once('exit', release);
  return {
    [Symbol.dispose]: () => {
      process.off('exit', release);
      release();
    },
  };
}

function claim(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const holder = Number(readFileSync(lock, 'utf8'));
    if (holder === process.pid || isAlive(holder)) return false;
    rmSync(lock, { force: true });
    return claim(lock);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
