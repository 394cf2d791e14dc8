import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const shellFolder = join(import.meta.dirname, '../../../electron');

// The linter refuses the imports by name; a namespace would get round it.
test('ipcMain and ipcRenderer are named in one file each: the ends of the contract', () => {
  const files = readdirSync(shellFolder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const naming = (word: RegExp): readonly string[] =>
    files
      .filter((name) => word.test(readFileSync(join(shellFolder, name), 'utf8')))
      .map((name) => name.replace('\\', '/'));
  expect(naming(/\bipcMain\b/)).toEqual(['ipc/main-ipc.ts']);
  expect(naming(/\bipcRenderer\b/)).toEqual(['ipc/preload-ipc.ts']);
  expect(naming(/import \* as \w+ from 'electron/)).toEqual([]);
});
