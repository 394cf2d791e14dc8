import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerInterfaceRequest } from '../../../electron/interface-files.ts';
import { InterfaceFiles } from '../../../src/serve/static-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'interface-'));
const root = join(folder, 'renderer');

beforeAll(() => {
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<!doctype html>');
  writeFileSync(join(root, 'assets', 'main.js'), 'run();');
  writeFileSync(join(root, 'notes.txt'), 'no type of ours');
  writeFileSync(join(folder, 'secret.js'), 'outside');
  mkdirSync(join(folder, 'renderer-old'));
  writeFileSync(join(folder, 'renderer-old', 'main.js'), 'outside');
});
afterAll(() => rmSync(folder, { recursive: true }));

const get = async (url: string, method = 'GET') =>
  answerInterfaceRequest(await InterfaceFiles.read(root), { method, url });

test.each([
  ['app://main/', 'text/html; charset=utf-8', '<!doctype html>'],
  ['app://main/index.html?x=1#y', 'text/html; charset=utf-8', '<!doctype html>'],
  ['app://main/assets/main.js', 'text/javascript; charset=utf-8', 'run();'],
])('%s is served', async (url, type, body) => {
  const response = await get(url);
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, type, body]);
});

test.each([
  'app://main/../secret.js',
  'app://main/%2e%2e/secret.js',
  'app://main/..%2fsecret.js',
  'app://main/%2e%2e%2fsecret.js',
  'app://main/assets/..%2f..%2fsecret.js',
  'app://main/..%5csecret.js',
  'app://main/..%2frenderer-old/main.js',
  'app://main/index.html%00.js',
  'app://main/%ff',
  'app://main/assets',
  'app://main/notes.txt',
  'app://main/missing.js',
  'app://other/index.html',
])('%s is not found', async (url) => {
  const response = await get(url);
  expect([response.status, await response.text()]).toEqual([404, 'Not found\n']);
});

test('only reading is served', async () => {
  expect((await get('app://main/index.html', 'POST')).status).toBe(404);
});

test('every answer carries the policy: own scripts only, nothing else by default', async () => {
  for (const url of ['app://main/index.html', 'app://main/missing.js']) {
    const policy = (await get(url)).headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  }
});
