import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { DiskError, isNoFile } from '../storage/disk-error.ts';
import type { Disk } from '../storage/disk-thread.ts';
import { MAX_TOKEN_TEXT_BYTES, tokenIn } from './token-text.ts';

export interface TokenFileOptions {
  readonly path: string;
  /** A thread of its own: the file may lie on a network drive that does not answer. */
  readonly disk: Pick<Disk, 'stat' | 'readText'>;
  /** Tells when a token was found. */
  readonly clock: Pick<Clock, 'now'>;
  /** Real time, for looking: a file is written by a person or a tool, at whatever speed the market goes. */
  readonly realClock: Clock;
  readonly log: Log;
  /**
   * Called with each new token, the one found at the start included. `writtenAtMs`: when it was written, ms since the epoch;
   * null where the file found at the start does not say it believably.
   */
  readonly onToken: (accessToken: string, writtenAtMs: number | null) => void;
}

/** Polling alone: file system events differ by platform, and are missing on network drives. */
const POLL_MS = 100;

/**
 * Follows a file that another tool writes the day's token into. The file may be absent, be replaced or be written in
 * pieces: it is read once it looks the same twice in a row, so a change is acted on within two polls. Each kind of trouble
 * is told once until it has passed.
 */
export function watchTokenFile(options: TokenFileOptions): Disposable {
  const { path, disk, clock, realClock, log, onToken } = options;
  let seen: string | null = null;
  let read: string | null = null;
  let delivered: string | null = null;
  let told: string | null = null;
  let foundAtStart: string | null = null;
  let isFirstLook = true;
  let isLooking = false;
  let isDisposed = false;

  const tell = (trouble: string): void => {
    if (told === trouble) return;
    told = trouble;
    log('warning', 'auth', trouble);
  };
  const take = async (seen: FileVersion): Promise<void> => {
    const text = await disk.readText(path, MAX_TOKEN_TEXT_BYTES);
    const token = text === null ? null : tokenIn(text);
    if (isDisposed) return;
    if (token === null) {
      tell('The token file does not hold an access token.');
      return;
    }
    told = null;
    if (token === delivered) return;
    delivered = token;
    const atMs = clock.now();
    const isFromBefore = seen.version === foundAtStart;
    onToken(token, isFromBefore ? (seen.writtenAtMs <= atMs ? seen.writtenAtMs : null) : atMs);
  };
  const look = async (): Promise<void> => {
    const before = seen;
    try {
      const found = await disk.stat(path);
      seen = found?.version ?? null;
      if (isFirstLook) foundAtStart = seen;
      isFirstLook = false;
      if (found === null || seen !== before || seen === read) return;
      read = seen;
      await take(found);
    } catch (error) {
      tell(troubleWords(error));
      // What is no file of a token's size stays so until it is replaced; anything else is tried again.
      if (!isNoFile(error)) read = null;
    }
  };
  const lookOnce = (): void => {
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => {
      isLooking = false;
    });
  };

  lookOnce();
  const timer = realClock.setInterval(lookOnce, POLL_MS);
  return {
    [Symbol.dispose]: () => {
      isDisposed = true;
      timer[Symbol.dispose]();
    },
  };
}

interface FileVersion {
  readonly version: string;
  readonly writtenAtMs: number;
}

function troubleWords(error: unknown): string {
  if (isNoFile(error)) return 'The token file does not hold an access token.';
  if (error instanceof DiskError && error.code === 'no-answer') return 'The token file does not respond.';
  return `The token file cannot be read (${codeOf(error)}).`;
}

/** The system's own code, also where another thread has met with it. */
function codeOf(error: unknown): string {
  if (error instanceof DiskError && error.system !== null) return error.system;
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown failure';
}
