import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');

/**
 * The only modules that go to a disk. A new one either belongs to the disk's thread, or has a reason to stand here: the
 * feed's thread must never wait for a disk.
 */
const allowed: Readonly<Record<string, string>> = {
  'src/doctor/system/disk.ts': 'the disk’s thread',
  'src/files/file-parts.ts': 'the disk’s thread',
  'src/files/make-folder.ts': 'the disk’s thread',
  'src/files/read-text.ts': 'the disk’s thread',
  'src/files/set-aside.ts': 'the disk’s thread',
  'src/history/store.ts': 'the disk’s thread',
  'src/home-lock.ts': 'the disk’s thread',
  'src/settings-file.ts': 'the disk’s thread',
  'src/storage/disk-tasks.ts': 'the disk’s thread',
  'src/serve/key-file.ts': 'before the start',
  'src/serve/main.ts': 'before the start',
  'src/serve/static-files.ts': 'before the start',
  'electron/window/window-memory.ts': 'before the start; written by a thread of its own',
  'electron/power/login-item.ts': 'asynchronous, once for each change of the setting',
  'electron/power/wake-timer.ts': 'asynchronous, when asked for',
};

const modules = /['"`](?:node:)?(?:fs|fs\/promises|sqlite)['"`]|['"`](?:conf|electron-store|atomically)['"`]/;
/** By its name, however it is imported; and whatever can load a module by a name that is put together. */
const touching = new RegExp(
  `(?:from|import|import\\()\\s*(?:${modules.source})|\\brequire\\(|createRequire|getBuiltinModule|\\bimport\\((?!\\s*['"\`])`,
);

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('vite.') && name !== 'disk-worker-source.ts')
    .map((name) => join(folder, name).split(sep).join('/'));
}

test('no other module goes to a disk', () => {
  const found = [...sources('src'), ...sources('electron')].filter((path) =>
    touching.test(readFileSync(join(root, path), 'utf8')),
  );
  expect(found.sort()).toEqual(Object.keys(allowed).sort());
});

test.each([
  "import { readFileSync } from 'node:fs';",
  'import * as files from "fs/promises";',
  "import 'node:sqlite';",
  "export { stat } from 'node:fs/promises';",
  "const { readFileSync } = await import('node:fs');",
  "void import(\n  'fs/promises'\n);",
  'const files = await import(`node:fs`);',
  'const files = await import(name);',
  "const files = process.getBuiltinModule('node:fs');",
  "const files = process['getBuiltinModule']('fs');",
  "const files = createRequire(import.meta.url)('node:fs');",
  "const files = require('fs');",
  "const Store = (await import('electron-store')).default;",
])('a module goes to a disk by %s', (source) => {
  expect(source).toMatch(touching);
});

test.each([
  "import { ok } from './fs.ts';",
  "const page = await import('./page.ts');",
  "const folder = 'fs';",
  'const isRequired = true;',
])('a module does not go to a disk by %s', (source) => {
  expect(source).not.toMatch(touching);
});

test('what the shell does after the start, it does without waiting', () => {
  for (const path of Object.keys(allowed).filter((name) => name.startsWith('electron/power/'))) {
    expect(readFileSync(join(root, path), 'utf8')).not.toMatch(/from 'node:fs'|Sync\(/);
  }
});
