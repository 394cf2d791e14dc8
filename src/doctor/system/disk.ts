import { randomBytes } from 'node:crypto';
import { statfs, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../check.ts';
import type { DiskFacts } from '../probes.ts';

/** More than fits beside an inode: a full disk takes empty files. */
const PROBE_BYTES = 8_192;

/** Free space where `folder` is, and whether a file can be written there. Rejects when the folder is not there. */
export async function examineDisk(folder: string): Promise<DiskFacts> {
  const { bavail, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, writeError: await writeProbe(folder) };
}

async function writeProbe(folder: string): Promise<string | null> {
  const file = join(folder, `.doctor-${randomBytes(6).toString('hex')}`);
  try {
    await writeFile(file, randomBytes(PROBE_BYTES), { flag: 'wx', mode: 0o600, flush: true });
    return null;
  } catch (error) {
    return codeOf(error);
  } finally {
    await unlink(file).catch(() => undefined);
  }
}
