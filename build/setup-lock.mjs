/** One set-up at a time: two commands on a fresh clone would install and build into the same folders at once. */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const LOOK_EVERY_MS = 200;

/** Runs `work` while no other process runs its own under the same lock file; `wait` is called once if that takes a while. */
export function withSetupLock(path, wait, work) {
  for (let looks = 0; !take(path); looks++) {
    if (looks === 0) wait();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_EVERY_MS);
  }
  const release = () => rmSync(path, { force: true });
  // A set-up that fails ends the process in the midst of it.
  process.once('exit', release);
  try {
    return work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

function take(path) {
  mkdirSync(dirname(path), { recursive: true });
  try {
    const file = openSync(path, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isHeld(path)) rmSync(path, { force: true });
    return false;
  }
}

/** Whether the process that took the lock still runs; one that was killed leaves its file behind. */
function isHeld(path) {
  const pid = readPid(path);
  // Taken this moment, or given up this moment: looked at again.
  if (pid === null) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readPid(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}
