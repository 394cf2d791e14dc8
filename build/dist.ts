/**
 * `npm run dist [-- options of electron-builder]`: checks and builds everything, then makes the installers of this
 * system in `release/`. Without options they are not published. A release makes it in two steps, of which the second alone
 * may see what signs: `--bundles-only`, all that comes before the packing, and `--packing-only`, nothing else.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingFromMain, missingFromPreload } from './bundle-imports.ts';
import { electronVersion, obtainElectron } from './electron-binary.ts';
import { buildInterface, buildShell, root, runTool, say } from './tools.ts';

const [bundlesOnly, packingOnly] = ['--bundles-only', '--packing-only'].map((part) => process.argv.includes(part));
const options = process.argv.slice(2).filter((option) => !/^--(bundles|packing)-only$/.test(option));

if (!packingOnly) {
  step('Types and style', () => {
    const types = runTool('typescript/bin/tsc', ['-p', '.']);
    return types === 0 && runTool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']) === 0;
  });
  step('Building interface and shell', () => buildInterface() && buildShell());
}
step('Looking at what the bundles need', bundlesAreComplete);

const electron = obtainElectron();
if ('reason' in electron) {
  say(
    `No installers: they are made around Electron ${electronVersion} for ${process.platform}-${process.arch}, which is ` +
      `not on this machine and could not be downloaded (${electron.reason}). All that comes before is done.`,
  );
  process.exit(1);
}

if (bundlesOnly) process.exit(0);
step('Packing', () => {
  const publishing = options.some((option) => option.startsWith('--publish') || option === '-p');
  return runTool('electron-builder/cli.js', [...(publishing ? [] : ['--publish', 'never']), ...options]) === 0;
});
say(`Installers are in ${join(root, 'release')}`);

function step(what: string, run: () => boolean): void {
  say(`${what}...`);
  if (run()) return;
  say(`${what}: failed. No installers were made.`);
  process.exit(1);
}

/** A module that is in neither a bundle nor the installer would only be missed on the trader's machine. */
function bundlesAreComplete(): boolean {
  const read = (name: string): string => readFileSync(join(root, 'out', 'electron', name), 'utf8');
  const missing = [...missingFromMain(read('main.mjs')), ...missingFromPreload(read('preload.cjs'))];
  if (missing.length > 0) say(`The bundles need ${missing.join(', ')}, which the installers do not have.`);
  return missing.length === 0;
}
