import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InterfaceFiles, securityHeaders, staticPath } from '../../../src/serve/static-files.ts';

const root = join(sep, 'srv', 'interface');

describe('the path of a static file', () => {
  it.each([
    ['/', join(root, 'index.html')],
    ['/index.html', join(root, 'index.html')],
    ['/assets/app-12ab.js', join(root, 'assets', 'app-12ab.js')],
    ['/a%20file.js', join(root, 'a file.js')],
    ['/assets/../index.html', join(root, 'index.html')],
  ])('%s is below the root', (pathname, expected) => {
    expect(staticPath(root, pathname)).toBe(expected);
  });

  it.each([
    '/..',
    '/../interface-other/secret',
    '/%2e%2e/secret',
    '/..%2fsecret',
    '/assets/../../secret',
    '/..\\secret',
    '/%5c..%5csecret',
    '/file%00.js',
    '/%',
    '/%ff',
    '/.',
  ])('%s is nothing', (pathname) => {
    expect(staticPath(root, pathname)).toBeNull();
  });

  it('never leaves the root, whatever is asked for', () => {
    const piece = fc.oneof(fc.constantFrom('..', '.', '/', '\\', '%2e', '%2f', '%5c', '%00', '%', '//'), fc.string());
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const path = staticPath(root, `/${pieces.join('')}`);
        expect(path === null || path.startsWith(root + sep)).toBe(true);
        expect(path?.includes(`${sep}..${sep}`) ?? false).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});

it('lets the page run its own script only, and be framed by nobody', () => {
  const policy = securityHeaders['content-security-policy'];
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\*/);
});

it('is the interface as it was at the start, whatever becomes of its files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'interface-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), 'first');
  writeFileSync(join(folder, 'assets', 'app.js'), 'run();');
  writeFileSync(join(folder, 'notes.txt'), 'no type of ours');
  const files = await InterfaceFiles.read(folder);
  writeFileSync(join(folder, 'index.html'), 'second');
  rmSync(folder, { recursive: true });
  expect(files.at('/')?.body.toString()).toBe('first');
  expect(files.at('/assets/app.js')).toMatchObject({ type: 'text/javascript; charset=utf-8' });
  expect(['/notes.txt', '/assets', '/other.js'].map((path) => files.at(path))).toEqual([null, null, null]);
});
