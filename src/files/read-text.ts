import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
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
    const bytes = Buffer.alloc(mostBytes + 1);
    const size = readSync(file, bytes, 0, bytes.length, 0);
    if (size > mostBytes) throw new UnreadableFileError('too-large');
    return decodeText(bytes.subarray(0, size));
  } finally {
    closeSync(file);
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
