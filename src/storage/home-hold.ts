import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Disk } from './disk-thread.ts';

/** Another copy of the app has the home folder. The message says what to do. */
export class HomeInUseError extends Error {
  readonly code = 'home-in-use';
}

/** The home folder cannot be used at all. The message says what to do. */
export class HomePathError extends Error {
  readonly code = 'home-path';
}

/** SQLite's limit for a path is 512 bytes, its companions' endings included. */
const LONGEST_HOME_BYTES = 490;

/** Throws `HomePathError`. */
export function refuseLongPath(home: string): void {
  const bytes = Buffer.byteLength(home);
  if (bytes <= LONGEST_HOME_BYTES) return;
  throw new HomePathError(
    `The path of the app's folder is ${bytes} bytes long, and no database opens beyond ${LONGEST_HOME_BYTES}: choose a shorter one with --home.`,
  );
}

/**
 * Takes the home for this process: by a lock in the folder, or, on a disk that takes or answers nothing, by a name that the
 * system keeps for as long as this process runs. Throws `HomeInUseError`.
 */
export async function holdHome(disk: Pick<Disk, 'open'>, home: string): Promise<AsyncDisposable> {
  let inUse: { readonly message: string } | null;
  try {
    inUse = await disk.open();
  } catch {
    return await holdName(home);
  }
  if (inUse !== null) throw new HomeInUseError(inUse.message);
  return { [Symbol.asyncDispose]: async () => undefined };
}

async function holdName(home: string): Promise<AsyncDisposable> {
  const server = createServer((socket) => socket.destroy()).unref();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(nameOf(home), resolve);
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new HomeInUseError(
        `MyDailyTradingSignals is already running with ${home}: use that one, or give this one another folder with --home.`,
      );
    }
    // Nothing here can tell whether another copy runs.
    return { [Symbol.asyncDispose]: async () => undefined };
  }
  return { [Symbol.asyncDispose]: async () => void server.close() };
}

/** On Linux a socket without a file, on Windows a pipe; elsewhere a socket in the temporary folder. */
function nameOf(home: string): string {
  const name = `mdts-${createHash('sha256').update(home).digest('hex').slice(0, 24)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}
