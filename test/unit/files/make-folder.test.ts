import { spawnSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { makeFolder } from '../../../src/files/make-folder.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

describe('a folder that is to be made', () => {
  test('is made with all above it that are missing, once or again', () => {
    const path = join(temporaryHome(), 'a', 'b', 'c');
    makeFolder(path, 0o700);
    makeFolder(path, 0o700);
    expect(statSync(path).isDirectory()).toBe(true);
    if (process.platform !== 'win32') expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
  });

  test('below a file, or in its place, is refused', () => {
    const file = join(temporaryHome(), 'file');
    writeFileSync(file, '');
    expect(() => makeFolder(file)).toThrow(/EEXIST/);
    expect(() => makeFolder(join(file, 'below'))).toThrow(/ENOTDIR|ENOENT|EEXIST/);
  });

  // In a process of its own: what went wrong here once did so without end.
  test.skipIf(process.platform !== 'linux')('is refused at once where the file system has no place for folders', () => {
    const module = fileURLToPath(new URL('../../../src/files/make-folder.ts', import.meta.url));
    const code = `import('${module}').then((m) => m.makeFolder('/proc/mdts/home')).catch((e) => console.log(e.code))`;
    const run = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8', timeout: 60_000 });
    expect(run.stdout.trim()).toBe('ENOENT');
  });
});
