import { request as httpRequest } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listenForCallback } from '../../../src/auth/callback-listener.ts';
import type { LoginOutcome } from '../../../src/auth/login-flow.ts';
import { freePort } from '../../support/free-port.ts';

const SIGNED_IN: LoginOutcome = { outcome: 'signed-in', userId: 'AB1234', userName: 'Asha' };

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}

function send(
  port: number,
  path: string,
  options: { method?: string; host?: string; headers?: Record<string, string> } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = { host: options.host ?? `127.0.0.1:${port}`, ...options.headers };
    const request = httpRequest(
      { port, host: '127.0.0.1', path, method: options.method ?? 'GET', headers },
      (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
      },
    );
    request.on('error', reject);
    request.end();
  });
}

async function listening(outcome: LoginOutcome | (() => Promise<LoginOutcome>)) {
  const port = await freePort();
  const seen: string[] = [];
  const result = await listenForCallback({
    redirectUrl: `http://127.0.0.1:${port}/kite/callback`,
    onCallback: async (url) => {
      seen.push(url);
      return typeof outcome === 'function' ? await outcome() : outcome;
    },
  });
  if (!result.ok) throw new Error(result.message);
  onTestFinished(() => result.listener[Symbol.dispose]());
  return { port, seen, listener: result.listener };
}

describe('the loopback listener', () => {
  test('hands over the callback, answers with a page that runs nothing, and goes on listening until it is disposed', async () => {
    const { port, seen, listener } = await listening(SIGNED_IN);
    const reply = await send(port, '/kite/callback?status=success&request_token=rt123456&state=s');
    expect(seen).toEqual([`http://127.0.0.1:${port}/kite/callback?status=success&request_token=rt123456&state=s`]);
    expect(reply.status).toBe(200);
    expect(reply.body).toContain('Signed in to Kite');
    expect(reply.body).not.toMatch(/<script|rt123456/);
    expect(reply.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(reply.headers['cache-control']).toBe('no-store');
    expect((await send(port, '/kite/callback?again')).status).toBe(200);
    listener[Symbol.dispose]();
    await expect(send(port, '/kite/callback?again')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test.each<[LoginOutcome, number, RegExp]>([
    [SIGNED_IN, 200, /Signed in to Kite.*close this tab/],
    [{ outcome: 'cancelled' }, 200, /Sign-in cancelled.*press Sign in/],
    [{ outcome: 'failed', code: 'timeout', message: 'words <b>for</b> the app' }, 200, /Sign-in failed.*press Sign in/],
    [{ outcome: 'wrong-state' }, 400, /was not used.*too late.*press Sign in/],
    [{ outcome: 'not-ours' }, 404, /press Sign in/],
    [
      {
        outcome: 'wrong-address',
        address: 'http://127.0.0.1:1/<b>',
        expected: 'http://127.0.0.1:1/k',
        endedLogin: true,
      },
      400,
      /registered at Kite is http:\/\/127\.0\.0\.1:1\/&#60;b&#62;.*here is http:\/\/127\.0\.0\.1:1\/k.*sign in again/,
    ],
  ])('answers $0.outcome with a page that says how to go on', async (outcome, status, words) => {
    const { port } = await listening(outcome);
    const reply = await send(port, '/kite/callback?status=cancelled');
    expect(reply.status).toBe(status);
    expect(reply.body).toMatch(words);
    expect(reply.body).not.toContain('<b>');
  });

  test('answers with a page also when finishing the login breaks', async () => {
    const { port } = await listening(() => Promise.reject(new Error('secret')));
    const reply = await send(port, '/kite/callback?status=cancelled');
    expect(reply.body).toContain('Sign-in failed');
    expect(reply.body).not.toContain('secret');
  });

  test.each<[string, Record<string, string>, boolean]>([
    ['an image', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }, false],
    ['a script', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }, false],
    ['a fetch', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }, false],
    ['a frame', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, false],
    ['a page', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, true],
    ['a browser that does not say', {}, true],
  ])('takes nothing but pages for an answer: %s', async (_case, headers, isTaken) => {
    const { port, seen } = await listening({ outcome: 'cancelled' });
    const reply = await send(port, '/kite/callback?status=cancelled', { headers });
    expect([reply.status, seen.length]).toEqual(isTaken ? [200, 1] : [403, 0]);
    expect(reply.body).toContain('press Sign in');
  });

  test.each(['localhost', 'LocalHost', '127.0.0.1'])('answers to the name %s', async (name) => {
    const { port, seen } = await listening(SIGNED_IN);
    expect((await send(port, '/', { host: `${name}:${port}` })).status).toBe(200);
    expect(seen).toHaveLength(1);
  });

  test.each<[string, string, { method?: string; host?: string }, number]>([
    ['the name with another port', '/kite/callback', { host: 'localhost:1' }, 403],
    ['another host name', '/kite/callback', { host: 'evil.example' }, 403],
    ['a rebound name with our port', '/kite/callback', { host: 'localhost.evil.example:7414' }, 403],
    ['a post', '/kite/callback', { method: 'POST' }, 405],
    ['a target that is another origin', 'http://evil.example/kite/callback', {}, 404],
    ['a target that begins with two slashes', '//evil.example/kite/callback', {}, 404],
  ])('turns away %s', async (_case, path, options, status) => {
    const { port, seen } = await listening(SIGNED_IN);
    const reply = await send(port, path, options);
    expect([reply.status, reply.body]).toEqual([status, expect.stringContaining('press Sign in')]);
    expect(seen).toEqual([]);
  });

  test.each([
    '//kite/callback',
    '///kite/callback',
    '/kite//callback',
    '/other',
    '//other/kite/callback',
  ])("hands over Kite's answer at %s, at this PC's address", async (path) => {
    const outcome = { outcome: 'wrong-address', address: 'a', expected: 'b', endedLogin: true } as const;
    const { port, seen } = await listening(outcome);
    const query = '?status=success&request_token=rt123456&state=s';
    const reply = await send(port, `${path}${query}`);
    expect([reply.status, seen]).toEqual([400, [`http://127.0.0.1:${port}${path}${query}`]]);
    expect(reply.body).toContain('registered at Kite is');
  });

  test('names the port when it is taken', async () => {
    const { port } = await listening(SIGNED_IN);
    const second = await listenForCallback({
      redirectUrl: `http://127.0.0.1:${port}/kite/callback`,
      onCallback: async () => SIGNED_IN,
    });
    expect(second).toMatchObject({
      ok: false,
      code: 'port-busy',
      port,
      message: expect.stringContaining(`Port ${port}`),
    });
  });
});
