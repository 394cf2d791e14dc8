/**
 * Loaded before a program (`--import`): from its `ready` line to its end, what its main thread asks of files is written into
 * the file that `FILE_CALLS` names, as JSON.
 */
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { countFileCalls } from './file-calls.ts';

const { FILE_CALLS: target } = process.env;
if (isMainThread && target !== undefined) {
  const counted = countFileCalls(() => true);
  let before = Number.POSITIVE_INFINITY;
  const write = process.stdout.write.bind(process.stdout) as (...args: unknown[]) => boolean;
  process.stdout.write = (...args: unknown[]): boolean => {
    if (String(args[0]).startsWith('ready ')) before = counted.calls.length;
    return write(...args);
  };
  process.on('exit', () => {
    const calls = counted.calls.slice(before);
    counted[Symbol.dispose]();
    writeFileSync(target, JSON.stringify(calls));
  });
}
