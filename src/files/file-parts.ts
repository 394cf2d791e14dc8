import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';

/**
 * A large file is written in parts beside the one it replaces, each soon done, and put in its place when it is whole: who
 * reads never meets half of one.
 */
export function appendPart(path: string, text: string, isFirst: boolean): void {
  const temporary = temporaryName(path);
  if (isFirst) {
    makeFolder(dirname(path), 0o700);
    // Whatever lies there, also a link or a pipe, is not written through.
    rmSync(temporary, { force: true });
  }
  writeFileSync(temporary, text, { flag: isFirst ? 'wx' : 'a', mode: 0o600 });
}

export function putInPlace(path: string): void {
  renameSync(temporaryName(path), path);
}

function temporaryName(path: string): string {
  return `${path}.tmp`;
}
