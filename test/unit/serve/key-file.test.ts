import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeyFileError, newKey, readKeyFile } from '../../../src/serve/key-file.ts';

const windows = process.platform === 'win32';

describe('the key file', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mdts-key-file-'));
    path = join(folder, 'key');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is made when it is missing, for its owner alone, and read when it is there', () => {
    const key = readKeyFile(path);
    expect(key).toMatch(/^[\w-]{32}$/);
    expect(readFileSync(path, 'utf8')).toBe(`${key}\n`);
    if (!windows) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readKeyFile(path)).toBe(key);
  });

  it.skipIf(windows)('is refused when others may read it', () => {
    for (const mode of [0o644, 0o640, 0o604, 0o660]) {
      writeFileSync(path, newKey());
      chmodSync(path, mode);
      expect(() => readKeyFile(path)).toThrow(/can be read by others.*chmod 600/);
    }
  });

  it.each(['', 'short', 'x'.repeat(2000), `${'x'.repeat(31)}!`])('is refused when it holds no key: %j', (text) => {
    writeFileSync(path, text, { mode: 0o600 });
    expect(() => readKeyFile(path)).toThrow(KeyFileError);
  });

  it.skipIf(windows)('does not wait for a pipe, and names what cannot be opened', () => {
    execFileSync('mkfifo', ['-m', '600', path]);
    expect(() => readKeyFile(path)).toThrow(/is not a file with a key/);
    mkdirSync(join(folder, 'sub'));
    expect(() => readKeyFile(join(folder, 'sub'))).toThrow(KeyFileError);
    expect(() => readKeyFile(join(folder, 'none', 'key'))).toThrow(/cannot be used \(ENOENT\)/);
  });
});
