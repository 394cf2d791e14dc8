import { join } from 'node:path';
import { build } from 'vite';
import { expect, test } from 'vitest';

test('the preload is one CommonJS file that asks for nothing but Electron', async () => {
  const configFile = join(import.meta.dirname, '../../../electron/vite.preload.config.ts');
  const result = await build({ configFile, logLevel: 'silent', build: { write: false } });
  const files = [result].flat().flatMap((bundle) => ('output' in bundle ? bundle.output : []));
  const code = files.map((file) => (file.type === 'chunk' ? file.code : '')).join('');

  expect(files.map((file) => file.fileName)).toEqual(['preload.cjs']);
  expect([...code.matchAll(/require\(([^)]*)\)/g)].map((match) => match[1])).toEqual(['"electron"']);
  expect(code).not.toMatch(/^\s*(import|export)\s/m);
  expect(code).not.toMatch(/\bprocess\.|\bBuffer\b|__dirname/);
});
