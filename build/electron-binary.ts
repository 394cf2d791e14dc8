import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'node_modules', 'electron');
const FETCH_TIMEOUT_MS = 300_000;

/** The version the project is built for. */
export const electronVersion: string = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

/** Electron's executable; null when it was not downloaded. */
export function findElectron(): string | null {
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const executable = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(executable) ? executable : null;
}

/** Why Electron cannot show a window to whoever runs this; null when it can. */
export function noWindowReason(): string | null {
  if (process.platform !== 'linux') return null;
  if (process.getuid?.() === 0) return 'it does not run as root, where its sandbox is not available';
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return (DISPLAY ?? WAYLAND_DISPLAY ?? '') === '' ? 'there is no display' : null;
}

/** The executable, downloaded when it is not here, or why it cannot be had. */
export function obtainElectron(): { readonly executable: string } | { readonly reason: string } {
  const here = findElectron();
  if (here !== null) return { executable: here };
  const install = spawnSync(process.execPath, [join(folder, 'install.js')], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: FETCH_TIMEOUT_MS,
  });
  const executable = findElectron();
  if (executable !== null) return { executable };
  const [line = ''] = (install.stderr ?? '').split('\n').filter((text) => text.trim() !== '');
  return { reason: line === '' ? 'its download did not end in time' : line.trim() };
}
