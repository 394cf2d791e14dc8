import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { extractFile, listPackage } from '@electron/asar';
import { FuseV1Options } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const electronBuilder = createRequire(import.meta.url).resolve('electron-builder/cli.js');

/** How Electron's executable marks the place of its fuses. */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** The fuses of Electron 45 as it ships. */
const SHIPPED_FUSES = '101100011';

/** What is built for the app. */
const wanted = ['out/electron/main.mjs', 'out/electron/preload.cjs', 'out/renderer/index.html'];
/** What lies beside it in a checkout. */
const unwanted = [
  '.env',
  'build/run.mjs',
  'docs/adr/0001-decision.md',
  'electron/main.ts',
  'out/.setup-lock',
  'out/electron/.stamp',
  'out/electron/main.mjs.map',
  'out/renderer/.stamp',
  'out/renderer/assets/index.js.map',
  'renderer/app.tsx',
  'src/desk.ts',
  'test/exchange/main.ts',
  'test-results/trace.zip',
];

/**
 * Packs a project of the real configuration and stub bundles with electron-builder itself, around something that only
 * has the look of an Electron distribution: the files, and an executable with fuses in it.
 */
describe('the packed app', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mdts-pack-'));
  const packed = join(folder, 'release', 'linux-unpacked');
  const archive = join(packed, 'resources', 'app.asar');

  beforeAll(async () => {
    const project = stubProject(folder);
    const args = ['--projectDir', project, '--linux', 'dir', '--x64', '--publish', 'never'];
    const output = `-c.directories.output=${join(folder, 'release')}`;
    const electron = `-c.electronDist=${stubElectron(folder)}`;
    await promisify(execFile)(process.execPath, [electronBuilder, ...args, output, electron], { cwd: project });
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('holds the bundles, the icons and keytar, and nothing else', () => {
    const files = listPackage(archive, { isPack: false }).map((path) => path.replaceAll('\\', '/'));
    const topics = files.filter((path) => !path.startsWith('/build/icons/') && /\.[a-z]+$/.test(path));
    expect(topics.sort()).toEqual([
      '/node_modules/keytar/LICENSE.md',
      '/node_modules/keytar/lib/keytar.js',
      '/node_modules/keytar/package.json',
      '/node_modules/keytar/prebuilds/linux-x64/keytar.node',
      '/out/electron/main.mjs',
      '/out/electron/preload.cjs',
      '/out/renderer/index.html',
      '/package.json',
    ]);
    const icons = files.filter((path) => path.startsWith('/build/icons/'));
    expect(icons).toContain('/build/icons/tray-live@2x.png');
    expect(icons.every((path) => path.endsWith('.png'))).toBe(true);
  });

  it('has only the native file of keytar outside the archive', () => {
    const files = readdirSync(`${archive}.unpacked`, { recursive: true, withFileTypes: true });
    const names = files.filter((entry) => entry.isFile()).map(({ name }) => name);
    expect(names).toEqual(['keytar.node']);
  });

  it('starts with the main bundle', () => {
    const { main, name } = JSON.parse(extractFile(archive, 'package.json').toString());
    expect({ main, name }).toEqual({ main: 'out/electron/main.mjs', name: 'mydailytradingsignals' });
  });

  it('carries the fuses in its executable', () => {
    const executable = readFileSync(join(packed, 'mydailytradingsignals'));
    const at = executable.indexOf(FUSE_SENTINEL) + FUSE_SENTINEL.length + 2;
    const wire = executable.toString('ascii', at, at + SHIPPED_FUSES.length);
    const burnt = (fuse: FuseV1Options): boolean => wire[fuse] === '1';
    expect(wire.length).toBe(SHIPPED_FUSES.length);
    expect({
      runAsNode: burnt(FuseV1Options.RunAsNode),
      nodeOptions: burnt(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      inspect: burnt(FuseV1Options.EnableNodeCliInspectArguments),
      integrity: burnt(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      asarOnly: burnt(FuseV1Options.OnlyLoadAppFromAsar),
      file: burnt(FuseV1Options.GrantFileProtocolExtraPrivileges),
    }).toEqual({ runAsNode: false, nodeOptions: false, inspect: false, integrity: true, asarOnly: true, file: false });
  });
});

function stubProject(folder: string): string {
  const project = join(folder, 'project');
  mkdirSync(join(project, 'build'), { recursive: true });
  for (const name of [
    'package.json',
    'package-lock.json',
    'electron-builder.yml',
    'build/icons',
    'build/entitlements.mac.plist',
  ]) {
    cpSync(join(root, name), join(project, name), { recursive: true });
  }
  for (const stub of [...wanted, ...unwanted]) {
    mkdirSync(dirname(join(project, stub)), { recursive: true });
    writeFileSync(join(project, stub), 'stub');
  }
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'), 'junction');
  return project;
}

function stubElectron(folder: string): string {
  const dist = join(folder, 'electron');
  mkdirSync(join(dist, 'resources'), { recursive: true });
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox', 'version'])
    writeFileSync(join(dist, name), 'stub');
  const fuses = Buffer.concat([
    Buffer.from(FUSE_SENTINEL),
    Buffer.from([1, SHIPPED_FUSES.length]),
    Buffer.from(SHIPPED_FUSES),
  ]);
  writeFileSync(join(dist, 'electron'), Buffer.concat([Buffer.alloc(64), fuses, Buffer.alloc(64)]));
  return dist;
}
