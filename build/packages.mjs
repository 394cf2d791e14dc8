/** The packages of npm: whether they are the ones the lock file names, and how they come. Plain JavaScript: see setup.mjs. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { npmFailure } from './npm-failure.mjs';
import { findProjectNode, moveRunningNodeAway, nodePackage, packagedNode } from './project-node.mjs';

/** A set-up that cannot go on; the message says why, and what to do. */
export class SetupError extends Error {
  code = 'setup';
}

/**
 * Whether `node_modules` holds what the lock file names, by npm's own record of what it installed, and the Node of this
 * system. A folder that npm left half done, an older lock's, or one copied from another system is not.
 */
export function isInstalled(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  if (wanted === null)
    throw new SetupError(`${join(root, 'package-lock.json')} is missing or damaged: get it again from the repository.`);
  const have = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (have === null) return false;
  const isThere = ([path, { integrity, optional, link }]) =>
    path === '' ||
    (have[path] === undefined
      ? optional === true
      : have[path].integrity === integrity && (link === true || existsSync(join(root, path, 'package.json'))));
  if (!Object.entries(wanted).every(isThere)) return false;
  const name = nodePackage();
  const isNamed = name !== null && wanted[`node_modules/${name}`] !== undefined;
  return (!isNamed || existsSync(packagedNode(root))) && findProjectNode(root) !== null;
}

/** The packages a lock file names, by path; null when there is none that can be read. */
function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}

/**
 * Installs exactly what the lock file names, and runs no package's script: nothing here needs one. What makes npm leave
 * a part out (NODE_ENV, omit) is overruled. Throws `SetupError`.
 */
export function install(root) {
  moveRunningNodeAway(root);
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--prefer-offline'];
  const [command, first] = npmCommand();
  const result = spawnSync(
    command,
    [...first, ...args, '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      shell: first.length === 0 && process.platform === 'win32',
      env: withoutSecrets(process.env),
    },
  );
  const output = `${result.stderr ?? ''}\n${result.stdout ?? ''}`;
  if (result.error !== undefined || result.status !== 0) {
    process.stderr.write(result.stderr ?? '');
    throw new SetupError(npmFailure(result, output));
  }
  if (findProjectNode(root) === null) throw new SetupError(noNode(root));
}

/** The npm that runs this command, not one that happens to be first in the path; else the machine's. */
function npmCommand() {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env;
  const isNpm = cli !== undefined && /^npm-cli\.[cm]?js$/.test(basename(cli)) && existsSync(cli);
  return isNpm ? [node !== undefined && existsSync(node) ? node : process.execPath, [cli]] : ['npm', []];
}

/** npm runs no package's script here, but it is not the place for what only the app may know. */
export function withoutSecrets(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^MDTS_/i.test(name)));
}

/** Why there is no Node to run the project though npm is content. */
function noNode(root) {
  const packaged = packagedNode(root);
  const remedy = 'Install Node 24 or newer (https://nodejs.org) and run the same command again.';
  if (packaged === null) return `npm has no Node for ${process.platform}-${process.arch}. ${remedy}`;
  return existsSync(packaged)
    ? `${packaged} does not run on this system. ${remedy}`
    : `npm has left out ${packaged}, as it does with an optional package that it cannot fetch. Check the network and run the same command again. Or: ${remedy}`;
}
