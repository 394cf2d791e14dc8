import { request as httpRequest } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { LoginOutcome } from '../../../src/auth/login-flow.ts';
import { listenForCallback } from '../../../src/auth/loopback-callback.ts';
import { freePort } from '../../support/free-port.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const SIGNED_IN: LoginOutcome = { outcome: 'signed-in', userId: 'AB1234', userName: 'Asha' };

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}

function send(port: number, path: string, options: { method?: string; host?: string } = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = { host: options.host ?? `127.0.0.1:${port}` };
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

async function listening(outcome: LoginOutcome) {
  const port = await freePort();
  const clock = new VirtualClock('2026-11-23T08:52:00+05:30');
  const seen: string[] = [];
  let timeouts = 0;
  const result = await listenForCallback({
    redirectUrl: `http://127.0.0.1:${port}/kite/callback`,
    clock,
    onCallback: async (url) => {
      seen.push(url);
      return outcome;
    },
    onTimeout: () => {
      timeouts++;
    },
  });
  if (!result.ok) throw new Error(result.message);
  onTestFinished(() => result.listener[Symbol.dispose]());
  return { port, clock, seen, listener: result.listener, timeouts: () => timeouts };
}

describe('the loopback listener', () => {
  test('hands over the callback, answers with a page that runs nothing, and closes', async () => {
    const { port, seen, clock } = await listening(SIGNED_IN);
    const reply = await send(port, '/kite/callback?status=success&request_token=rt123456&state=s');
    expect(seen).toEqual([`http://127.0.0.1:${port}/kite/callback?status=success&request_token=rt123456&state=s`]);
    expect(reply.status).toBe(200);
    expect(reply.body).toContain('Signed in to Kite');
    expect(reply.body).not.toMatch(/<script|rt123456/);
    expect(reply.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(reply.headers['cache-control']).toBe('no-store');
    await expect(send(port, '/kite/callback?again')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(clock.pending).toBe(0);
  });

  test.each<[LoginOutcome, string]>([
    [{ outcome: 'cancelled' }, 'Sign-in cancelled'],
    [{ outcome: 'failed', code: 'timeout', message: 'words <b>for</b> the app' }, 'Sign-in failed'],
  ])('ends after $0.outcome with a page of fixed words', async (outcome, title) => {
    const { port } = await listening(outcome);
    const reply = await send(port, '/kite/callback?status=cancelled');
    expect(reply.body).toContain(title);
    expect(reply.body).not.toContain('<b>');
    await expect(send(port, '/kite/callback')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('goes on waiting after a callback with the wrong state', async () => {
    const { port, seen } = await listening({ outcome: 'wrong-state' });
    expect((await send(port, '/kite/callback?state=forged')).status).toBe(400);
    expect((await send(port, '/kite/callback?state=forged')).status).toBe(400);
    expect(seen).toHaveLength(2);
  });

  test.each<[string, string, { method?: string; host?: string }, number]>([
    ['another path', '/favicon.ico', {}, 404],
    ['a path below it', '/kite/callback/more', {}, 404],
    ['another host name', '/kite/callback', { host: 'evil.example' }, 403],
    ['a rebound name with our port', '/kite/callback', { host: 'localhost.evil.example:7414' }, 403],
    ['a post', '/kite/callback', { method: 'POST' }, 405],
    ['a target that is another origin', 'http://evil.example/kite/callback', {}, 404],
    ['a target that begins with two slashes', '//evil.example/kite/callback', {}, 404],
  ])('turns away %s', async (_case, path, options, status) => {
    const { port, seen } = await listening(SIGNED_IN);
    expect((await send(port, path, options)).status).toBe(status);
    expect(seen).toEqual([]);
  });

  test('gives up after five minutes and says so', async () => {
    const { port, clock, timeouts } = await listening(SIGNED_IN);
    await clock.advance(299_999);
    expect(timeouts()).toBe(0);
    await clock.advance(1);
    expect(timeouts()).toBe(1);
    await expect(send(port, '/kite/callback')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('names the port when it is taken', async () => {
    const { port } = await listening(SIGNED_IN);
    const second = await listenForCallback({
      redirectUrl: `http://127.0.0.1:${port}/kite/callback`,
      clock: new VirtualClock(0),
      onCallback: async () => SIGNED_IN,
      onTimeout: () => {},
    });
    expect(second).toMatchObject({
      ok: false,
      code: 'port-busy',
      port,
      message: expect.stringContaining(`Port ${port}`),
    });
  });
});
