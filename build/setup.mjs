/**
 * What every npm command needs before it can run, on a clean clone with nothing but Node 20 and npm: packages installed,
 * the project's own Node (the one Electron embeds), the interface built. Plain JavaScript, because the Node that runs
 * this file may not read TypeScript.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install, isInstalled, SetupError, withoutSecrets } from './packages.mjs';
import { findProjectNode } from './project-node.mjs';
import { withSetupLock } from './setup-lock.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** One line of progress, on stderr: stdout belongs to the command itself. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Runs one step of the set-up; what it cannot do ends the command with the step's own words. */
function step(work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof SetupError) say(error.message);
    else if (typeof error.syscall === 'string') say(`The project could not be set up in ${root}: ${error.message}.`);
    else throw error;
    process.exit(1);
  }
}

export function requireNode20() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 20) return;
  say(`Node ${process.versions.node} is too old: MyDailyTradingSignals needs Node 20 or newer (https://nodejs.org).`);
  process.exit(1);
}

/** Installs the packages when they are missing or are not those of the lock file. */
export function ensureInstalled() {
  step(() => isInstalled(root) || oneAtATime(() => isInstalled(root) || installNow()));
}

function installNow() {
  const isFirst = !existsSync(join(root, 'node_modules'));
  say(isFirst ? 'Installing packages (first run, a minute or two)...' : 'Packages changed: installing...');
  install(root);
}

/** The executable that runs the project, once packages are installed. */
export function projectNode() {
  return findProjectNode(root);
}

/** Builds the interface when its sources are newer than its last build. */
export function ensureInterface() {
  const output = join(root, 'out', 'renderer');
  buildWhenStale('interface', ['renderer', 'src/contract', 'src/market'], join(output, '.stamp'), () =>
    runTool('vite/bin/vite.js', ['build', '--config', 'renderer/vite.config.ts', '--logLevel', 'warn']),
  );
}

/** Bundles the desktop shell when its sources are newer than its last build. */
export function ensureShell() {
  buildWhenStale('desktop shell', ['electron', 'src'], join(root, 'out', 'electron', '.stamp'), () =>
    ['electron/vite.main.config.ts', 'electron/vite.preload.config.ts'].reduce(
      (code, config) => code || runTool('vite/bin/vite.js', ['build', '--config', config, '--logLevel', 'warn']),
      0,
    ),
  );
}

function buildWhenStale(what, sources, stamp, build) {
  const wanted = digest(['package-lock.json', 'tsconfig.json', ...sources].map((source) => join(root, source)));
  const isCurrent = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (!isCurrent()) step(() => oneAtATime(() => isCurrent() || buildNow(what, stamp, wanted, build)));
}

function buildNow(what, stamp, wanted, build) {
  say(`Building the ${what}...`);
  if (build() !== 0) {
    throw new SetupError(`The ${what} could not be built: what is wrong stands above.`);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

function oneAtATime(work) {
  const path = join(root, 'out', '.setup-lock');
  withSetupLock(path, () => say('Another command is setting up the project: waiting for it...'), work);
}

/**
 * Runs a package's script under the project's Node and returns its exit code. Only the tests get the variables of the
 * app: what builds has no use for them.
 */
export function runTool(script, args, env = withoutSecrets(process.env)) {
  const result = spawnSync(projectNode(), [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
    env,
  });
  return result.status ?? 1;
}

/** A hash of the files (folders: all below) that does not depend on time stamps. */
function digest(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(filesBelow)) hash.update(path.slice(root.length)).update(readFileSync(path));
  return hash.digest('hex');
}

function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

/** Electron's executable, fetched when it can be; null when it cannot be had, or could not show a window here. */
export function electronExecutable() {
  if (!canShowWindows()) return null;
  const folder = join(root, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  const executable = () =>
    existsSync(pathFile)
      ? join(folder, 'dist', readFileSync(pathFile, 'utf8').trim())
      : join(folder, 'dist', 'electron');
  if (existsSync(executable())) return executable();
  say('Fetching Electron (first run)...');
  spawnSync(projectNode(), [join(folder, 'install.js')], {
    cwd: root,
    stdio: 'ignore',
    timeout: 300_000,
    env: withoutSecrets(process.env),
  });
  return existsSync(executable()) ? executable() : null;
}

/** On Linux, Electron needs a display, and does not run as root: its sandbox is not to be had there. */
function canShowWindows() {
  if (process.platform !== 'linux') return true;
  return process.getuid() !== 0 && (process.env.DISPLAY || process.env.WAYLAND_DISPLAY || '') !== '';
}
