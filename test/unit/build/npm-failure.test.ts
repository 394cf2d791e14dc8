import { describe, expect, test } from 'vitest';
import { npmFailure } from '../../../build/npm-failure.mjs';

/** What npm 10 to 12 write on their standard error for it. */
const failed = (code: string, message: string): string =>
  `npm error code ${code}\nnpm error errno ${code}\nnpm error ${message}\nnpm error A complete log of this run can be found in: x.log\n`;

const get = 'request to https://registry.example.org/zod failed, reason: ';

describe('a failure of npm is said by its cause', () => {
  test.each([
    [failed('ENOTFOUND', `network ${get}getaddrinfo ENOTFOUND`), 'could not reach registry.example.org (ENOTFOUND)'],
    [failed('EAI_AGAIN', `network ${get}getaddrinfo EAI_AGAIN`), 'could not reach registry.example.org (EAI_AGAIN)'],
    [failed('ECONNREFUSED', get), 'could not reach registry.example.org (ECONNREFUSED)'],
    [failed('ETIMEDOUT', get), 'could not reach registry.example.org (ETIMEDOUT)'],
    [failed('SELF_SIGNED_CERT_IN_CHAIN', get), 'does not trust the certificate of registry.example.org'],
    [failed('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', get), 'does not trust the certificate of registry.example.org'],
    [
      failed('E404', '404 Not Found - GET https://registry.example.org/zod'),
      'registry.example.org refused to give a package (E404): 404 Not Found',
    ],
    [
      failed('E403', '403 Forbidden - GET https://registry.example.org/zod'),
      'registry.example.org refused to give a package (E403)',
    ],
    [failed('E503', '503 - GET https://registry.example.org/zod'), 'refused to give a package (E503)'],
    [failed('EINTEGRITY', 'sha512-x integrity checksum failed'), 'not the one that package-lock.json names'],
    [failed('ENOSPC', 'nospc no space left on device'), 'the disk is full (ENOSPC)'],
    [
      failed('EACCES', "permission denied, mkdir '/x'"),
      "may not be written (EACCES). npm says: permission denied, mkdir '/x'",
    ],
    [failed('EROFS', 'read-only file system'), 'read-only disk (EROFS)'],
    [failed('EBUSY', 'resource busy'), 'has a file open (EBUSY)'],
    [failed('EUSAGE', '`npm ci` can only install packages when they are in sync'), 'do not belong together (EUSAGE)'],
    [failed('EWHATEVER', 'the moon is full'), 'npm failed (EWHATEVER): the moon is full'],
    [
      'npm ERR! code ENOTFOUND\nnpm ERR! request to https://r.example/x failed\n',
      'could not reach r.example (ENOTFOUND)',
    ],
    ['npm error Exit handler never called!\n', 'npm failed: Exit handler never called!'],
    ['', 'npm failed: it ended with 1 and said nothing.'],
  ])('%j', (output, words) => {
    expect(npmFailure({ status: 1, signal: null }, output)).toContain(words);
  });

  test('npm that is missing, does not start, or was ended', () => {
    const missing = Object.assign(new Error('spawn npm ENOENT'), { code: 'ENOENT' });
    expect(npmFailure({ error: missing, status: null, signal: null }, '')).toContain('npm was not found');
    const denied = Object.assign(new Error('spawn npm EACCES'), { code: 'EACCES' });
    expect(npmFailure({ error: denied, status: null, signal: null }, '')).toContain('spawn npm EACCES');
    expect(npmFailure({ status: null, signal: 'SIGKILL' }, '')).toContain('ended by SIGKILL');
  });
});
