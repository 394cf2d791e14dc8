import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '../../..');
/** The reader of YAML that electron-builder brings along. */
const { load }: { load(text: string): unknown } = createRequire(import.meta.url)('js-yaml');

const workflowSchema = z.object({
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(
    z.string(),
    z.object({
      if: z.string().optional(),
      needs: z.string().optional(),
      permissions: z.record(z.string(), z.string()).optional(),
      'timeout-minutes': z.number(),
      strategy: z.object({ matrix: z.object({ os: z.array(z.string()) }) }),
      steps: z.array(
        z.object({
          uses: z.string().optional(),
          run: z.string().optional(),
          if: z.string().optional(),
          shell: z.string().optional(),
          env: z.record(z.string(), z.string()).optional(),
        }),
      ),
    }),
  ),
});
const { permissions, jobs } = workflowSchema.parse(load(readFileSync(join(root, '.github/workflows/ci.yml'), 'utf8')));

/** The commands of a job on a system, one a line. */
function commandsOf(job: string, os: 'Linux' | 'Windows' | 'macOS'): readonly string[] {
  const steps = jobs[job]?.steps ?? [];
  const runsThere = (condition = ''): boolean => {
    const [, operator, wanted] = /^runner\.os (==|!=) '(\w+)'$/.exec(condition) ?? [];
    return wanted === undefined || (operator === '==') === (wanted === os);
  };
  return steps.filter((step) => runsThere(step.if)).flatMap(({ run }) => run?.trim().split('\n') ?? []);
}

describe('the workflow', () => {
  it('runs each of its jobs on the three systems, within a time', () => {
    expect(Object.keys(jobs)).toEqual(['test', 'packages', 'installers']);
    for (const job of Object.values(jobs)) {
      expect(job.strategy.matrix.os).toEqual(['ubuntu-latest', 'windows-latest', 'macos-latest']);
      expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
    }
  });

  it.each([
    'Linux',
    'Windows',
    'macOS',
  ] as const)('tests everything on %s, the desktop app on the real binary too', (os) => {
    const commands = commandsOf('test', os);
    expect(commands).toContain('npm test');
    // In CI it downloads the binary where it is missing, and fails when the specs do.
    expect(commands.filter((command) => command.endsWith('npm run test:desktop'))).toHaveLength(1);
  });

  it('does not pass when the desktop app was not tried on the real binary', () => {
    const steps = jobs.test?.steps.filter(({ run = '' }) => run.endsWith('npm run test:desktop')) ?? [];
    expect(steps.map(({ env }) => env?.MDTS_ELECTRON_REQUIRED)).toEqual(['1', '1']);
  });

  it('gives options to npm scripts in bash alone: the PowerShell of Windows would take them apart', () => {
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    const withOptions = steps.filter(({ run = '' }) => /npm run \S+ --/.test(run));
    expect(withOptions.map(({ shell }) => shell)).toEqual(['bash']);
    const posix = steps.filter(({ run = '' }) => /[$]|&&|\bsudo\b/.test(run.replaceAll(/[$][{][{].*?[}][}]/g, '')));
    for (const step of posix) expect(step.shell === 'bash' || /'(Linux|macOS)'$/.test(step.if ?? '')).toBe(true);
  });

  it('packs every change unsigned, and publishes installers of a tag only, signed, after the tests', () => {
    expect(jobs.packages?.if).toBe("!startsWith(github.ref, 'refs/tags/v')");
    expect(commandsOf('packages', 'Windows')).toEqual(['npm run dist']);
    expect(jobs.installers).toMatchObject({ if: "startsWith(github.ref, 'refs/tags/v')", needs: 'test' });
    const [publish = ''] = commandsOf('installers', 'Windows').filter((command) => command.startsWith('npm run dist'));
    expect(publish).toContain('--publish always');
    expect(publish).toContain('-c.forceCodeSigning=');
  });

  it('may write to the repository only to release, and shows its secrets to no other job', () => {
    expect(permissions).toEqual({ contents: 'read' });
    for (const [name, { permissions: own, steps }] of Object.entries(jobs)) {
      const usesSecrets = steps.some(({ env = {} }) => Object.values(env).some((value) => value.includes('secrets.')));
      expect({ name, own, usesSecrets }).toEqual({
        name,
        own: name === 'installers' ? { contents: 'write' } : undefined,
        usesSecrets: name === 'installers',
      });
    }
  });
});
