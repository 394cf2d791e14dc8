import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '../../..');
/** The reader of YAML that electron-builder brings along. */
const { load }: { load(text: string): unknown } = createRequire(import.meta.url)('js-yaml');

const stepSchema = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  if: z.string().optional(),
  shell: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.string()).optional(),
});
const workflowSchema = z.object({
  permissions: z.record(z.string(), z.string()),
  env: z.record(z.string(), z.string()).optional(),
  jobs: z.record(
    z.string(),
    z.object({
      if: z.string().optional(),
      needs: z.string().optional(),
      permissions: z.record(z.string(), z.string()).optional(),
      env: z.record(z.string(), z.string()).optional(),
      'timeout-minutes': z.number(),
      strategy: z.object({ matrix: z.record(z.string(), z.array(z.unknown())) }).optional(),
      steps: z.array(stepSchema),
    }),
  ),
});
const folder = join(root, '.github/workflows');
/** Every workflow, by its file's name: what holds for one holds for all. */
const workflows = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(join(folder, name), 'utf8'),
  ...workflowSchema.parse(load(readFileSync(join(folder, name), 'utf8'))),
}));
const allJobs = workflows.flatMap((workflow) =>
  Object.entries(workflow.jobs).map(([job, content]) => ({ name: `${workflow.name} ${job}`, ...content })),
);
const jobs = workflows.find(({ name }) => name === 'ci.yml')?.jobs ?? {};
const mentionsSecret = (step: z.infer<typeof stepSchema>): boolean =>
  /secrets\.|github\.token/.test(JSON.stringify([step.env, step.with, step.run]));

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
    expect(Object.keys(jobs)).toEqual(['test', 'fresh-machine', 'packages', 'installers', 'publish']);
    for (const name of ['test', 'packages', 'installers']) {
      expect(jobs[name]?.strategy?.matrix.os).toEqual(['ubuntu-latest', 'windows-latest', 'macos-latest']);
    }
    for (const job of allJobs) expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
  });

  it('starts, plays and checks the project with every npm that its machines may have, the newest among them', () => {
    expect(jobs['fresh-machine']?.strategy?.matrix.include).toEqual([
      { node: 20, npm: 10 },
      { node: 20, npm: 11 },
      { node: 20, npm: 12 },
      { node: 22, npm: 10 },
      { node: 24, npm: 11 },
      { node: 24, npm: 'latest' },
    ]);
    const commands = commandsOf('fresh-machine', 'Linux');
    expect(commands[0]).toMatch(/^npm install --global npm@.*matrix\.npm/);
    expect(commands.slice(1).map((command) => command.replace(/ -- .*/, ''))).toEqual([
      'npm start',
      'npm run demo',
      'npm run check',
    ]);
  });

  it('names every action by its commit, with the version it is beside it', () => {
    for (const { text } of workflows) {
      const uses = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
      expect(uses.length).toBeGreaterThan(0);
      for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
    // One commit an action, wherever it is used.
    const pins = new Set(workflows.flatMap(({ text }) => [...text.matchAll(/uses: (\S+@\S+)/g)].map(([, pin]) => pin)));
    expect(new Set([...pins].map((pin) => pin?.split('@')[0])).size).toBe(pins.size);
  });

  it('leaves no credentials of the checkout behind', () => {
    const checkouts = allJobs.flatMap(({ steps }) => steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')));
    expect(checkouts.length).toBeGreaterThan(3);
    for (const step of checkouts) expect(step.with).toMatchObject({ 'persist-credentials': false });
  });

  it('shows no secret to a step that installs, builds or tests, nor to a whole job', () => {
    for (const { env } of [...workflows, ...allJobs]) expect(JSON.stringify(env ?? {})).not.toContain('secrets');
    const secret = allJobs.flatMap(({ steps }) => steps.filter(mentionsSecret));
    for (const { run = '' } of secret) expect(run).not.toMatch(/\bnpm\b|\bnpx\b|vite|vitest|tsc|--bundles-only/);
    expect(secret.map(({ run = '' }) => run.split(' ').slice(0, 3).join(' '))).toEqual([
      `printf '%s' "$APPLE_API_KEY_P8"`,
      'node build/run.mjs dist',
      'gh release create',
    ]);
    const [, sign] = secret;
    expect(sign?.run).toContain('--packing-only');
    expect(Object.keys(sign?.env ?? {}).filter((name) => /TOKEN/.test(name))).toEqual([]);
  });

  it('releases nothing that came out of a cache of other runs', () => {
    const setUps = jobs.installers?.steps.filter(({ uses }) => uses?.startsWith('actions/setup-node@')) ?? [];
    expect(setUps.map((step) => step.with)).toEqual([{ 'node-version': 24, 'package-manager-cache': false }]);
    expect(jobs.installers?.steps.filter(({ uses }) => uses?.startsWith('actions/cache'))).toEqual([]);
  });

  it('publishes with checksums and a proof of origin, by a job that runs nothing else', () => {
    const steps = jobs.publish?.steps ?? [];
    expect(steps.map(({ uses, run }) => (uses ?? run ?? '').split(/[@ ]/)[0])).toEqual([
      'actions/download-artifact',
      'sha256sum',
      'actions/attest-build-provenance',
      'gh',
    ]);
    expect(steps[2]?.with).toEqual({ 'subject-path': 'release/*' });
    expect(steps[3]?.run).toMatch(/--draft --verify-tag .*release\/\*$/);
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
    const withOptions = steps.filter(({ run = '' }) => /npm (run )?\S+ -- --/.test(run) && !/^npm start/.test(run));
    expect(withOptions.map(({ shell }) => shell)).toEqual(['bash', 'bash']);
    const posix = steps.filter(({ run = '' }) => /[$]|&&|\bsudo\b/.test(run.replaceAll(/[$][{][{].*?[}][}]/g, '')));
    const onLinux = jobs.publish?.steps ?? [];
    for (const step of posix) {
      expect(step.shell === 'bash' || /'(Linux|macOS)'$/.test(step.if ?? '') || onLinux.includes(step)).toBe(true);
    }
  });

  it('packs every change unsigned, and publishes installers of a tag only, signed, after the tests', () => {
    expect(jobs.packages?.if).toBe("!startsWith(github.ref, 'refs/tags/v')");
    expect(commandsOf('packages', 'Windows')).toEqual(['npm run dist']);
    expect(jobs.installers).toMatchObject({ if: "startsWith(github.ref, 'refs/tags/v')", needs: 'test' });
    const commands = commandsOf('installers', 'Windows').filter((command) => command.includes('dist'));
    expect(commands).toEqual([
      'npm run dist -- --bundles-only',
      expect.stringMatching(/^node build\/run\.mjs dist --packing-only -c\.forceCodeSigning=/),
    ]);
    expect(jobs.publish).toMatchObject({ if: "startsWith(github.ref, 'refs/tags/v')", needs: 'installers' });
  });

  it('may write to the repository only to release, and to its security page only what an analysis found', () => {
    for (const { permissions } of workflows) expect(permissions).toEqual({ contents: 'read' });
    const own = allJobs.filter(({ permissions }) => permissions !== undefined);
    expect(own.map(({ name, permissions }) => [name, permissions])).toEqual([
      ['ci.yml publish', { contents: 'write', 'id-token': 'write', attestations: 'write' }],
      ['codeql.yml analyze', { contents: 'read', 'security-events': 'write' }],
    ]);
  });
});
