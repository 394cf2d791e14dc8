import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { Access } from '../../../src/serve/access.ts';

const KEY = 'a-key-of-thirty-two-characters-00';
const PORT = 7413;
const access = new Access(KEY, PORT);

/** `origin`, `authorization` and `host` as they would come, and the path asked for. */
function check(headers: IncomingMessage['headers'], path = '/api/health'): number | null {
  const request = { headers } as IncomingMessage;
  return access.check(request, new URL(path, `http://127.0.0.1:${PORT}`))?.status ?? null;
}

const host = `127.0.0.1:${PORT}`;
const authorization = `Bearer ${KEY}`;

describe('access to the local API', () => {
  it.each<[number | null, IncomingMessage['headers'], string]>([
    [null, { host, authorization }, '/api/health'],
    [null, { host: `localhost:${PORT}`, authorization }, '/api/health'],
    [null, { host }, `/api/health?key=${KEY}`],
    [null, { host, authorization, origin: `http://${host}` }, '/api/health'],
    [null, { host, authorization, origin: `http://localhost:${PORT}` }, '/api/health'],
    // The header decides: a good parameter does not mend a bad header.
    [401, { host, authorization: 'Bearer wrong' }, `/api/health?key=${KEY}`],
    [null, { host, authorization, 'sec-fetch-site': 'same-origin' }, '/api/health'],
    [null, { host, authorization, 'sec-fetch-site': 'none' }, '/api/health'],
    [403, { host, authorization, 'sec-fetch-site': 'cross-site' }, '/api/health'],
    [401, { host }, '/api/health'],
    [401, { host }, '/api/health?key='],
    [401, { host, authorization: '' }, '/api/health'],
    [401, { host, authorization: `Basic ${KEY}` }, '/api/health'],
    [401, { host, authorization: KEY }, '/api/health'],
    [401, { host, authorization: `Bearer ${KEY} ` }, '/api/health'],
    [401, { host, authorization: `Bearer ${KEY.slice(1)}` }, '/api/health'],
    [403, { authorization }, '/api/health'],
    [403, { host: '127.0.0.1', authorization }, '/api/health'],
    [403, { host: '127.0.0.1:7414', authorization }, '/api/health'],
    [403, { host: `evil.example:${PORT}`, authorization }, '/api/health'],
    [403, { host: `127.0.0.1.evil.example:${PORT}`, authorization }, '/api/health'],
    [403, { host, authorization, origin: 'http://evil.example' }, '/api/health'],
    [403, { host, authorization, origin: 'null' }, '/api/health'],
    [403, { host, authorization, origin: '' }, '/api/health'],
    [403, { host, authorization, origin: `https://${host}` }, '/api/health'],
    [403, { host, authorization, origin: `http://${host}.evil.example` }, '/api/health'],
    [403, { host, authorization, origin: `http://evil.example@${host}` }, '/api/health'],
    // Whoever is foreign does not learn whether a key is right.
    [403, { host: 'evil.example', authorization: 'Bearer wrong' }, '/api/health'],
  ])('answers %s to %j for %s', (expected, headers, path) => {
    expect(check(headers, path)).toBe(expected);
  });

  it('asks no key of the interface’s own files, but the same origin', () => {
    const of = (headers: IncomingMessage['headers']) =>
      access.checkOrigin({ headers } as IncomingMessage)?.status ?? null;
    expect([of({ host }), of({ host, origin: 'http://evil.example' }), of({ host: 'evil.example' })]).toEqual([
      null,
      403,
      403,
    ]);
  });
});
