import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { install, isInstalled, SetupError, withoutSecrets } from '../../../build/packages.mjs';
import { findProjectNode, moveRunningNodeAway, nodePackage, packagedNode } from '../../../build/project-node.mjs';

const windows = process.platform === 'win32';
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mdts-packages-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const node = nodePackage() ?? '';
const lock = {
  '': {},
  'node_modules/zod': { integrity: 'sha512-zod' },
  'node_modules/for-another-system': { integrity: 'sha512-other', optional: true },
  [`node_modules/${node}`]: { integrity: 'sha512-node', optional: true },
};

/** A folder as npm leaves it when it has installed all that is meant for this system. */
function installed(): void {
  const { 'node_modules/for-another-system': _, ...here } = lock;
  write('package-lock.json', JSON.stringify({ packages: lock }));
  write('node_modules/.package-lock.json', JSON.stringify({ packages: here }));
  write('node_modules/zod/package.json', '{}');
  write(`node_modules/${node}/package.json`, '{}');
  write(packagedNode(root)?.slice(root.length) ?? '', '#!/bin/sh\necho v24.0.0\n');
  chmodSync(packagedNode(root) ?? '', 0o755);
}

describe.skipIf(windows)('installed packages', () => {
  test('are enough when they are what the lock names, by whichever command they came', () => {
    installed();
    expect(isInstalled(root)).toBe(true);
    expect(findProjectNode(root)).toBe(join(root, 'node_modules', 'node', 'bin', 'node'));
    expect(readFileSync(findProjectNode(root) ?? '', 'utf8')).toContain('v24.0.0');
  });

  test.each([
    ['nothing installed', () => rmSync(join(root, 'node_modules'), { recursive: true })],
    ['an install that npm did not finish', () => rmSync(join(root, 'node_modules/.package-lock.json'))],
    ['a record that was cut off', () => write('node_modules/.package-lock.json', '{"packages":')],
    ['a package that was deleted', () => rmSync(join(root, 'node_modules/zod'), { recursive: true })],
    ['a lock that names another version', () => change('node_modules/zod', { integrity: 'sha512-newer' })],
    ['a lock that names one more', () => change('node_modules/vite', { integrity: 'sha512-vite' })],
    ['a folder from another system', () => rmSync(join(root, 'node_modules', node), { recursive: true })],
  ])('are not enough: %s', (_, spoil) => {
    installed();
    spoil();
    expect(isInstalled(root)).toBe(false);
  });

  test('a checkout without its lock file says so', () => {
    expect(() => isInstalled(root)).toThrow(/package-lock\.json is missing or damaged/);
  });
});

function change(path: string, entry: object): void {
  write('package-lock.json', JSON.stringify({ packages: { ...lock, [path]: entry } }));
}

describe.skipIf(windows)('the Node that runs the project', () => {
  test("is the machine's own where the package's does not run, if that is new enough", () => {
    installed();
    write(packagedNode(root)?.slice(root.length) ?? '', '#!/missing/interpreter\n');
    expect(findProjectNode(root, '/usr/bin/node', '24.3.0')).toBe('/usr/bin/node');
    expect(findProjectNode(root, '/usr/bin/node', '26.0.0')).toBe('/usr/bin/node');
    expect(findProjectNode(root, '/usr/bin/node', '22.23.5')).toBe(null);
  });

  test("is not the package's when that runs this very file out of a folder npm has emptied", () => {
    const gone = join(root, 'node_modules', 'node', 'bin', 'node');
    expect(findProjectNode(root, gone, '24.3.0')).toBe(null);
  });

  test('a link of an earlier version or a moved project is made anew', () => {
    installed();
    write('node_modules/node/bin/node', 'an older package of that name');
    expect(readFileSync(findProjectNode(root) ?? '', 'utf8')).toContain('v24.0.0');
  });

  test('Windows: the one that runs is moved out of the folder npm is about to empty', () => {
    installed();
    mkdirSync(join(root, 'out'));
    const running = packagedNode(root) ?? '';
    moveRunningNodeAway(root, running, 'linux');
    expect(existsSync(running)).toBe(true);
    moveRunningNodeAway(root, running, 'win32');
    expect(existsSync(running)).toBe(false);
    expect(existsSync(join(root, 'out', 'old-node.exe'))).toBe(true);
    moveRunningNodeAway(root, process.execPath, 'win32');
    expect(existsSync(process.execPath)).toBe(true);
  });
});

describe.skipIf(windows)('installing', () => {
  /** Puts a program in npm's place, which writes down how it was called. */
  function npmThat(body: string): void {
    write('bin/npm', `#!/bin/sh\necho "$@" > "${root}/arguments"\nenv > "${root}/environment"\n${body}\n`);
    chmodSync(join(root, 'bin/npm'), 0o755);
    vi.stubEnv('PATH', `${join(root, 'bin')}${delimiter}${process.env.PATH}`);
    vi.stubEnv('npm_execpath', undefined);
    vi.stubEnv('MDTS_API_SECRET', 'planted');
    vi.stubEnv('mdts_access_token', 'planted');
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  }

  test('runs no script of a package, leaves out no part, and gives npm nothing that only the app may know', () => {
    npmThat('exit 0');
    // Without a package npm is content and there is no Node: of this machine's, only a new enough one will do.
    const machine = Number(process.versions.node.split('.')[0]);
    if (machine >= 24) install(root);
    const args = readFileSync(join(root, 'arguments'), 'utf8').trim().split(' ');
    expect(args).toEqual(expect.arrayContaining(['ci', '--ignore-scripts', '--include=dev', '--include=optional']));
    expect(readFileSync(join(root, 'environment'), 'utf8')).not.toContain('planted');
  });

  test('says what npm said', () => {
    npmThat('echo "npm error code ENOTFOUND\nnpm error request to https://r.example/zod failed" >&2; exit 1');
    expect(() => install(root)).toThrow(new SetupError('x').constructor as ErrorConstructor);
    expect(() => install(root)).toThrow('npm could not reach r.example (ENOTFOUND)');
  });

  test("says that an optional package was left out, not that the network is down, when npm's own exit code was 0", () => {
    npmThat('exit 0');
    vi.stubGlobal('process', Object.create(process, { execPath: { value: join(root, 'node_modules', 'x') } }));
    expect(() => install(root)).toThrow(/npm has left out .*bin[/\\]node/);
    vi.unstubAllGlobals();
  });
});

test('whatever is the app alone is taken out of an environment, and nothing else', () => {
  expect(withoutSecrets({ PATH: 'p', MDTS_API_SECRET: 's', Mdts_Home: 'h', HTTPS_PROXY: 'x' })).toEqual({
    PATH: 'p',
    HTTPS_PROXY: 'x',
  });
});
