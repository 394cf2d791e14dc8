import { randomBytes } from 'node:crypto';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../check.ts';
import type { DiskFacts } from '../probes.ts';

/** More than fits beside an inode: a full disk takes empty files. */
const PROBE_BYTES = 8_192;

/**
 * Free space where `folder` is, and whether a file can be written there. Throws when the folder is not there. Blocks for as
 * long as the disk does not answer: only for the disk's thread.
 */
export function examineDisk(folder: string): DiskFacts {
  const { bavail, bsize } = statfsSync(folder);
  return { freeBytes: bavail * bsize, writeError: writeProbe(folder) };
}

function writeProbe(folder: string): string | null {
  const file = join(folder, `.doctor-${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(file, randomBytes(PROBE_BYTES), { flag: 'wx', mode: 0o600, flush: true });
    return null;
  } catch (error) {
    return codeOf(error);
  } finally {
    rmSync(file, { force: true });
  }
}
