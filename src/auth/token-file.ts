import { closeSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { MAX_TOKEN_TEXT_BYTES, tokenIn } from './token-text.ts';

export interface TokenFileOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Called with each new token, the one found at the start included. `writtenAtMs`: when it was written, ms since the epoch;
   * null where the file found at the start does not say it believably.
   */
  readonly onToken: (accessToken: string, writtenAtMs: number | null) => void;
}

/** Real time. Polling alone: file system events differ by platform, and are missing on network drives. */
const POLL_MS = 100;

/**
 * Follows a file that another tool writes the day's token into. The file may be absent, be replaced or be written in
 * pieces: it is read once it looks the same twice in a row, so a change is acted on within two polls. One look at a small
 * local file costs microseconds, so it is made synchronously. Each kind of trouble is told once until it has passed.
 */
export function watchTokenFile(options: TokenFileOptions): Disposable {
  const { path, clock, log, onToken } = options;
  let seen: string | null = null;
  let read: string | null = null;
  let delivered: string | null = null;
  let told: string | null = null;
  let foundAtStart: string | null = null;

  const tell = (trouble: string): void => {
    if (told === trouble) return;
    told = trouble;
    log('warning', 'auth', trouble);
  };
  const look = (): void => {
    const before = seen;
    try {
      const stats = statSync(path, { throwIfNoEntry: false });
      seen = stats === undefined ? null : versionOf(stats);
      if (stats === undefined || seen !== before || seen === read) return;
      read = seen;
      const token = stats.size > MAX_TOKEN_TEXT_BYTES ? null : tokenIn(readStart(path));
      if (token === null) {
        tell('The token file does not hold an access token.');
        return;
      }
      told = null;
      if (token === delivered) return;
      delivered = token;
      const atMs = clock.now();
      const isFromBefore = seen === foundAtStart;
      onToken(token, isFromBefore ? (stats.mtimeMs <= atMs ? stats.mtimeMs : null) : atMs);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown failure';
      tell(`The token file cannot be read (${code}).`);
      read = null;
    }
  };

  look();
  foundAtStart = seen;
  return clock.setInterval(look, POLL_MS * clock.speed);
}

/** Differs whenever the file was written or replaced. */
function versionOf({ ino, size, mtimeMs }: Stats): string {
  return `${ino}:${size}:${mtimeMs}`;
}

function readStart(path: string): string {
  const buffer = Buffer.alloc(MAX_TOKEN_TEXT_BYTES);
  const file = openSync(path, 'r');
  try {
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(file);
  }
}
