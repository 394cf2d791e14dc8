import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, writeSync } from 'node:fs';
import { decodeText } from '../files/text.ts';

/** A key file that cannot be used; the message says which, why, and never what is in it. */
export class KeyFileError extends Error {
  readonly code = 'key-file';
}

const KEY_FORM = /^[\w-]{32,128}$/;

/** A key that nobody guesses: 192 bits, of characters that need no quoting in an address. */
export function newKey(): string {
  return randomBytes(24).toString('base64url');
}

/**
 * The key in a file that only its owner may read; made, with a new key, when it is missing. Throws `KeyFileError`. Read
 * once, at the start, before anything else runs.
 */
export function readKeyFile(path: string): string {
  try {
    return create(path) ?? existing(path);
  } catch (error) {
    if (error instanceof KeyFileError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown failure';
    throw new KeyFileError(`The key file ${path} cannot be used (${code}).`);
  }
}

/** Null when there is a file already. */
function create(path: string): string | null {
  let file: number;
  try {
    file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return null;
    throw error;
  }
  const key = newKey();
  writeSync(file, `${key}\n`);
  closeSync(file);
  return key;
}

function existing(path: string): string {
  // Not to wait for whoever writes into a pipe of that name.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(file);
    if (!stats.isFile() || stats.size > 1024) throw new KeyFileError(`The key file ${path} is not a file with a key.`);
    if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0) {
      throw new KeyFileError(`The key file ${path} can be read by others: make it yours alone (chmod 600).`);
    }
    const key = decodeText(readFileSync(file)).trim();
    if (!KEY_FORM.test(key))
      throw new KeyFileError(`The key file ${path} does not hold a key: delete it to get a new one.`);
    return key;
  } finally {
    closeSync(file);
  }
}
