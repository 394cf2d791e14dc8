/** The disk's thread: does one task after another, so that none of them holds up the feed. */
import { parentPort, workerData } from 'node:worker_threads';
import { storageCauseOf } from './disk-error.ts';
import type { DiskReply, DiskRequest } from './disk-messages.ts';
import { HomeTasks } from './disk-tasks.ts';

const reply = (message: DiskReply): void => parentPort?.postMessage(message);
const { home } = workerData as { readonly home: string };
const tasks = new HomeTasks(home, (text) => reply({ notice: text }));

parentPort?.on('message', (request: DiskRequest) => {
  if (request === 'close') {
    tasks[Symbol.dispose]();
    parentPort?.close();
    return;
  }
  const { id, task, args } = request;
  try {
    const run = tasks[task].bind(tasks) as (...args: readonly unknown[]) => unknown;
    reply({ id, value: run(...args) });
  } catch (error) {
    const text = error instanceof Error ? error.message : 'unknown error';
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    reply({ id, failure: { cause: storageCauseOf(error), text, code } });
  }
});
