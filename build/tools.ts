import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The project's folder. */
export const root = join(import.meta.dirname, '..');

/** One line of progress, on stderr: stdout belongs to the command itself. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Runs a package's script under the project's Node and returns its exit code. */
export function runTool(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): number {
  const result = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  return result.status ?? 1;
}

/** Bundles main process and preload into `out/electron/`. False when it failed; vite has said why. */
export function buildShell(): boolean {
  return ['electron/vite.main.config.ts', 'electron/vite.preload.config.ts'].every(
    (config) => runTool('vite/bin/vite.js', ['build', '--config', config, '--logLevel', 'warn']) === 0,
  );
}

/** Bundles the interface into `out/renderer/`. */
export function buildInterface(): boolean {
  return runTool('vite/bin/vite.js', ['build', '--config', 'renderer/vite.config.ts', '--logLevel', 'warn']) === 0;
}
