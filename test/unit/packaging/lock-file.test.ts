import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nodePackage } from '../../../build/project-node.mjs';

const root = join(import.meta.dirname, '../../..');
const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));
const versions = z.record(z.string(), z.string());
const manifest = z
  .object({ scripts: versions, dependencies: versions, devDependencies: versions, optionalDependencies: versions })
  .parse(read('package.json'));
const { packages } = z
  .object({
    packages: z.record(
      z.string(),
      z.object({
        version: z.string().optional(),
        integrity: z.string().optional(),
        resolved: z.string().optional(),
        optional: z.boolean().optional(),
        hasInstallScript: z.boolean().optional(),
        os: z.union([z.string(), z.array(z.string())]).optional(),
      }),
    ),
  })
  .parse(read('package-lock.json'));

const systems = ['linux-x64', 'linux-arm64', 'win32-x64', 'win32-arm64', 'darwin-x64', 'darwin-arm64'] as const;

describe('the lock file', () => {
  it.each(systems)('names the Node of %s with its checksum, as an optional package without a script', (system) => {
    const [platform = '', arch = ''] = system.split('-');
    const name = nodePackage(platform, arch) ?? '';
    expect(packages[`node_modules/${name}`]).toMatchObject({
      version: manifest.optionalDependencies[name],
      integrity: expect.stringMatching(/^sha512-/),
      optional: true,
      os: platform,
    });
    expect(packages[`node_modules/${name}`]?.hasInstallScript).toBeUndefined();
  });

  it('has a checksum for every package, and no address: it comes from the registry that npm is set to', () => {
    const named = Object.entries(packages).filter(([path]) => path !== '');
    expect(named.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'))).toEqual([]);
    expect(named.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  it('has no package whose script is needed: the two that have one come with what it would make', () => {
    const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript === true);
    // keytar is prebuilt inside its package; electron-winstaller makes an installer that is not made here.
    expect(scripted.map(([path]) => path)).toEqual(['node_modules/electron-winstaller', 'node_modules/keytar']);
    expect(readFileSync(join(root, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m);
  });

  it('pins every package that the project names to one version', () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
    expect(Object.entries(all).filter(([, version]) => !/^(npm:@?[^@]+@)?\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});

describe('the commands', () => {
  it.each([
    'start',
    'demo',
    'dev',
    'exchange',
    'build',
    'typecheck',
    'lint',
    'check',
    'format',
    'test',
    'test:long',
    'test:unit',
    'test:integration',
    'test:e2e',
    'test:desktop',
    'bench',
    'dist',
  ])('npm run %s does its own set-up', (name) => {
    expect(manifest.scripts[name]).toBe(`node build/run.mjs ${name}`);
  });
});
