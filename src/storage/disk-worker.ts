/** The disk's thread: does one task after another, so that none of them holds up the feed. */
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../clock.ts';
import { DiskError, storageCauseOf } from './disk-error.ts';
import type { DiskReply, DiskRequest } from './disk-messages.ts';
import { HomeTasks } from './disk-tasks.ts';

const reply = (message: DiskReply): void => parentPort?.postMessage(message);
const { home, abandoned } = workerData as { readonly home: string; readonly abandoned?: Int32Array };
const isAbandoned = (): boolean => abandoned !== undefined && Atomics.load(abandoned, 0) === 1;
const tasks = new HomeTasks(home, (text) => reply({ notice: text }), systemClock(), isAbandoned);

parentPort?.on('message', (request: DiskRequest) => {
  if (request === 'leave' && tasks.letGo() === 'holds-lock') {
    reply({ holdsLock: true });
    return;
  }
  if (request === 'close' || request === 'leave') {
    tasks[Symbol.dispose]();
    parentPort?.close();
    return;
  }
  const { id, task, args } = request;
  try {
    // Another thread is at work by now: what was meant to be written then would come after what is.
    if (isAbandoned()) throw new DiskError('no-answer', 'This thread was given up.');
    const run = tasks[task].bind(tasks) as (...args: readonly unknown[]) => unknown;
    reply({ id, value: run(...args) });
  } catch (error) {
    const text = error instanceof Error ? error.message : 'unknown error';
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    reply({ id, failure: { cause: storageCauseOf(error), text, code } });
  }
});
