import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it, type TestContext } from 'vitest';
import { npmFailure } from '../../../build/npm-failure.mjs';

const root = join(import.meta.dirname, '../../..');
/** The npm that runs no package's script it was not allowed, and wants a newer Node than the project does. */
const NPM = '12.2.2';
const SECRET = 'not-for-a-child';
const folder = mkdtempSync(join(tmpdir(), 'mdts-fresh-'));
const copy = join(folder, 'clone');
const cli = join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js');

/** The machine's own environment: without what the npm that runs these tests, and its scripts' path, add to it. */
function machine(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE|VITEST|VITE|MDTS_|INIT_CWD|CI$)/i.test(name),
  );
  const path = (process.env.PATH ?? '').split(delimiter).filter((part) => !part.includes('node_modules'));
  return { ...Object.fromEntries(own), PATH: path.join(delimiter) };
}

/** The first Node of the machine's path; the project's own where there is no other. */
function machineNode(): string {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const found = (machine().PATH ?? '').split(delimiter).map((part) => join(part, name));
  return found.find(existsSync) ?? process.execPath;
}

function npm(
  args: readonly string[],
  cwd: string,
): { readonly ok: boolean; readonly stdout: string; readonly all: string } {
  const result = spawnSync(machineNode(), [cli, ...args], { cwd, encoding: 'utf8', env: machine() });
  const all = `${result.stderr}\n${result.stdout}`;
  return { ok: result.status === 0, stdout: result.stdout, all };
}

/** The machine's npm, which says by itself whether it reaches its registry. */
function machineNpm(args: readonly string[]): string | null {
  const shell = process.platform === 'win32';
  const quick = ['--fetch-retries=0', '--no-audit', '--no-fund', '--ignore-scripts'];
  const result = spawnSync('npm', [...args, ...quick], { cwd: folder, encoding: 'utf8', shell, env: machine() });
  return result.status === 0 ? null : npmFailure(result, `${result.stderr}\n${result.stdout}`);
}

/** Puts npm into a folder of its own; without a network says so and skips. Whatever else fails is a fault. */
function getNpm(context: TestContext): void {
  const unreachable = machineNpm(['ping']);
  if (unreachable !== null && /could not reach/.test(unreachable)) context.skip(unreachable);
  const failure = machineNpm(['install', `npm@${NPM}`, '--prefix', folder]);
  if (failure !== null) throw new Error(failure);
}

function copyTrackedFiles(): void {
  const listed = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
  if (listed.status !== 0) throw new Error(`git did not list the files: ${listed.stderr}`);
  for (const name of listed.stdout.split('\0').filter((path) => path !== ''))
    cpSync(join(root, name), join(copy, name));
}

/** The first line of a program's output that matches; rejects with all of the output when it ends before. */
async function lineOf(child: ChildProcess, pattern: RegExp): Promise<string> {
  const output: string[] = [];
  child.stderr?.on('data', (chunk) => output.push(String(chunk)));
  if (child.stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) {
    output.push(line);
    if (pattern.test(line)) return line;
  }
  throw new Error(`ended without ${pattern}: ${output.join('\n')}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const exit = once(child, 'exit');
  if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f']);
  else process.kill(-child.pid, 'SIGTERM');
  await exit;
}

describe(`a fresh machine with npm ${NPM}`, { timeout: 600_000 }, () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('starts a copy of the tracked files, and the demo to its ready line', async (context) => {
    getNpm(context);
    copyTrackedFiles();
    const help = npm(['start', '--', '--browser', '--help'], copy);
    expect(help.ok, help.all).toBe(true);
    expect(help.stdout).toContain('Usage: npm start -- [options]');

    const args = ['run', 'demo', '--', '--browser', '--no-open', '--port', '0', '--date', '2026-11-23'];
    const demo = spawn(machineNode(), [cli, ...args], {
      cwd: copy,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      env: { ...machine(), MDTS_API_SECRET: SECRET },
    });
    const ready = await lineOf(demo, /^ready http/).finally(() => end(demo));
    expect(ready).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+\/\?key=\S+$/);

    // What npm installed is not installed again, and what is half gone is.
    expect(npm(['start', '--', '--help'], copy).all).not.toContain('nstalling');
    rmSync(join(copy, 'node_modules', 'zod'), { recursive: true });
    const mended = npm(['start', '--', '--help'], copy);
    expect(mended.ok, mended.all).toBe(true);
    expect(mended.all).toContain('Packages changed: installing...');
  });
});
