import type { StorageCause } from '../contract/state.ts';

/** A call to the disk that came to nothing. */
export class DiskError extends Error {
  readonly code: StorageCause;
  /** The system's own code, or this app's for a path that is no file; null: none. */
  readonly system: string | null;

  constructor(code: StorageCause, message: string, system: string | null = null) {
    super(message);
    this.code = code;
    this.system = system;
  }
}

/** https://sqlite.org/rescode.html, by the primary code. */
const sqliteCauses: Readonly<Record<number, StorageCause>> = { 5: 'locked', 6: 'locked', 8: 'read-only', 13: 'full' };

const systemCauses: Readonly<Record<string, StorageCause>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EROFS: 'read-only',
  EACCES: 'read-only',
  EPERM: 'read-only',
  EBUSY: 'locked',
  ENOENT: 'removed',
  ENOTDIR: 'removed',
};

/** Why a call failed, by the codes of SQLite and of the system; the causes of an error are looked at too. */
export function storageCauseOf(error: unknown): StorageCause {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof DiskError) return each.code;
    if ('errcode' in each && typeof each.errcode === 'number') {
      const known = sqliteCauses[each.errcode & 0xff];
      if (known !== undefined) return known;
    }
    const known = 'code' in each && typeof each.code === 'string' ? systemCauses[each.code] : undefined;
    if (known !== undefined) return known;
  }
  return 'failed';
}

/** What there is at the path is no file (a folder, a pipe, a device, a link that leads nowhere), or one far too large. */
export function isNoFile(error: unknown): boolean {
  const code =
    error instanceof DiskError ? error.system : error instanceof Error && 'code' in error ? error.code : null;
  return code === 'not-a-file' || code === 'too-large' || code === 'ELOOP' || code === 'EISDIR';
}
