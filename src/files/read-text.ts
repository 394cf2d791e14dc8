import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import { decodeText } from './text.ts';

/** A path that is no file of a sensible size. */
export class UnreadableFileError extends Error {
  readonly code: 'not-a-file' | 'too-large';

  constructor(code: 'not-a-file' | 'too-large') {
    super(code === 'not-a-file' ? 'This is not a file.' : 'The file is too large.');
    this.code = code;
  }
}

/**
 * The text of a small file, null when there is none. Never waits for a pipe or a device: what is no regular file is refused
 * (`UnreadableFileError`), and so is one of more than `mostBytes`. Other failures are thrown as they come.
 */
export function readTextFile(path: string, mostBytes: number): string | null {
  const file = openedFile(path);
  if (file === null) return null;
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new UnreadableFileError('not-a-file');
    if (stats.size > mostBytes) throw new UnreadableFileError('too-large');
    // Some files say 0 and hold more, and one may grow while it is read.
    const bytes = Buffer.alloc(Math.min(mostBytes, Math.max(stats.size * 2, 64 * 1024)) + 1);
    const size = readSync(file, bytes, 0, bytes.length, 0);
    if (size === bytes.length) throw new UnreadableFileError('too-large');
    return decodeText(bytes.subarray(0, size));
  } finally {
    closeSync(file);
  }
}

/** Whether there is something at a path that is no file: a folder, a pipe, a device, or a link that leads to one or nowhere. */
export function isSomethingElse(path: string): boolean {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return false;
  try {
    return !statSync(path).isFile();
  } catch {
    // A link that leads nowhere or in a circle.
    return true;
  }
}

function openedFile(path: string): number | null {
  try {
    // Windows has no such flag, and no pipes among its files.
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
