import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fencedPreferences } from '../../../electron/web-preferences.ts';

const shellFolder = join(import.meta.dirname, '../../../electron');

test('pages run sandboxed and isolated, and nothing that weakens them is named', () => {
  expect(fencedPreferences({ preload: '/preload.cjs', devTools: false })).toEqual({
    preload: '/preload.cjs',
    devTools: false,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    spellcheck: false,
  });
});

test('every window of the shell takes its preferences from there', () => {
  const files = readdirSync(shellFolder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const windows = files
    .map((name) => readFileSync(join(shellFolder, name), 'utf8'))
    .filter((source) => source.includes('new BrowserWindow('));
  expect(windows).toHaveLength(2);
  for (const source of windows) expect(source).toContain('webPreferences: fencedPreferences(');
});
