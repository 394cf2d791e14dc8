import { existsSync, renameSync } from 'node:fs';
import { formatIst } from '../market/ist.ts';

/**
 * Renames a file that cannot be used, so that nothing of it is lost and the original name is free:
 * `desk.db.corrupt-20261123T084930`, the time in IST. `companions` are endings of files that belong to it (`-wal`) and go
 * along where they exist. Returns the new path; file system errors are thrown as they come.
 */
export function setAside(path: string, nowMs: number, companions: readonly string[] = []): string {
  const target = freeName(`${path}.corrupt-${compactIst(nowMs)}`);
  renameSync(path, target);
  for (const ending of companions) {
    if (existsSync(path + ending)) renameSync(path + ending, target + ending);
  }
  return target;
}

/** `20261123T084930`. */
function compactIst(instantMs: number): string {
  return formatIst(instantMs).slice(0, 19).replaceAll(/[-:]/g, '');
}

function freeName(wanted: string): string {
  let name = wanted;
  for (let count = 2; existsSync(name); count++) name = `${wanted}-${count}`;
  return name;
}
