import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';

/** What can lie where a file is expected and is none: reading from it does not end, fails, or is endless. */
export const oddKinds = ['pipe', 'folder', 'endless device', 'link in a circle', 'link to nowhere'] as const;
export type OddKind = (typeof oddKinds)[number];

/** Puts one at `path`, in the place of whatever is there. Devices are linked to: making one takes an administrator. */
export function putOdd(kind: OddKind, path: string): void {
  rmSync(path, { force: true, recursive: true });
  switch (kind) {
    case 'pipe':
      execFileSync('mkfifo', [path]);
      break;
    case 'folder':
      mkdirSync(path);
      break;
    case 'endless device':
      symlinkSync('/dev/zero', path);
      break;
    case 'link in a circle':
      symlinkSync(path, path);
      break;
    case 'link to nowhere':
      symlinkSync(`${path}-is-not-there`, path);
      break;
  }
}

/** A folder inside another where whatever is written fills it up: takes an administrator's rights in a name space. */
export function canMount(): boolean {
  try {
    execFileSync('unshare', ['--user', '--map-root-user', '--mount', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A command line that runs another one with `folder` as a small disk of its own, read-only if so wished. */
export function onSmallDisk(folder: string, options: 'full' | 'read-only'): readonly string[] {
  const prepare =
    options === 'full'
      ? `mount -t tmpfs -o size=64k none "$0" && { head -c 70000 /dev/zero > "$0/filler" || true; } 2>/dev/null`
      : `mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"`;
  return ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', `${prepare}; exec "$@"`, folder];
}
