import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveDesk } from '../../src/serve/server.ts';
import { hostOf } from '../support/local-server.ts';
import { openFloor } from '../support/trading-floor.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'mdts-entry-'));

/** A desk behind its server, whose real time is a virtual clock. */
async function open() {
  const floor = await openFloor({ date: '2026-11-24', at: '10:00' });
  const clock = new VirtualClock(0);
  const options = { host: hostOf(floor.desk), port: 0, interfaceRoot: folder, log: () => {}, clock };
  const server = await serveDesk(options);
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
    fetch(new URL(path, server.origin), { method, headers, redirect: 'manual' });
  return {
    server,
    clock,
    get,
    session: (cookie: string, headers: Record<string, string> = {}) =>
      get('/session', { cookie, origin: server.origin, ...headers }, 'POST'),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await floor[Symbol.asyncDispose]();
    },
  };
}

const ticketOf = (answer: Response): string => answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
const allOf = async (answer: Response): Promise<string> =>
  JSON.stringify([...answer.headers]) + answer.url + (await answer.text());

beforeAll(() => writeFileSync(join(folder, 'index.html'), '<!doctype html><title>desk</title>'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the way of a browser to the interface', () => {
  it('goes by a code that is good once and by a ticket that is good once; the key is in the last answer alone', async () => {
    await using app = await open();
    const address = new URL(app.server.issueBrowserUrl());
    expect(address.href).not.toContain(app.server.key);

    const first = await app.get(address.href);
    expect([first.status, first.headers.get('location')]).toEqual([303, '/']);
    expect(first.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^desk-ticket-\d+=[\w-]{32}; Path=\/session; Max-Age=60; HttpOnly; SameSite=Strict$/),
    ]);
    expect(first.headers.get('referrer-policy')).toBe('no-referrer');
    const ticket = ticketOf(first);
    expect(await allOf(first)).not.toContain(app.server.key);

    const page = await app.get('/', { cookie: ticket });
    expect(page.status).toBe(200);
    expect(await allOf(page)).not.toContain(app.server.key);

    const answer = await app.session(ticket);
    expect([answer.status, await answer.json()]).toEqual([200, { key: app.server.key }]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    // Whoever reads the code or the ticket afterwards has nothing.
    expect((await app.session(ticket)).status).toBe(401);
    const again = await app.get(address.href);
    expect([again.status, again.headers.getSetCookie()]).toEqual([401, []]);
    expect(await allOf(again)).toContain('no longer opens the app');
  });

  it('ends after a minute, for the code as for the ticket', async () => {
    await using app = await open();
    const [early, late] = [app.server.issueBrowserUrl(), app.server.issueBrowserUrl()];
    await app.clock.advance(60_000);
    const opened = await app.get(early);
    expect(opened.status).toBe(303);
    await app.clock.advance(1);
    expect((await app.get(late)).status).toBe(401);
    await app.clock.advance(60_000);
    expect((await app.session(ticketOf(opened))).status).toBe(401);
  });

  it('takes the printed address too, out of whose page the key is gone', async () => {
    await using app = await open();
    const opened = await app.get(app.server.url);
    expect([opened.status, opened.headers.get('location')]).toEqual([303, '/']);
    expect(await (await app.session(ticketOf(opened))).json()).toEqual({ key: app.server.key });
    for (const path of ['/?key=wrong', '/?key=', '/?code=', '/?code=wrong', `/?code=${app.server.key}`]) {
      const refused = await app.get(path);
      expect([path, refused.status, refused.headers.getSetCookie()]).toEqual([path, 401, []]);
    }
  });

  it('is closed to other pages, and to cookies of another port', async () => {
    await using app = await open();
    const ticket = async (): Promise<string> => ticketOf(await app.get(app.server.issueBrowserUrl()));
    const foreign = { origin: 'http://evil.example' };
    expect((await app.session(await ticket(), foreign)).status).toBe(403);
    expect((await app.session(await ticket(), { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await app.session((await ticket()).replace(/-\d+=/, '-1='))).status).toBe(401);
    expect((await app.session('')).status).toBe(401);
    expect((await app.get('/session', { cookie: await ticket() })).status).toBe(404);
  });
});

describe('what a foreign page and an idle caller meet', () => {
  it('every answer and refusal carries the policy, and none is for other sites to read', async () => {
    await using app = await open();
    const answers = [
      await app.get('/'),
      await app.get('/nothing.js'),
      await app.get('/api/health'),
      await app.get('/api/nothing', { authorization: `Bearer ${app.server.key}` }),
      await app.get('/', { origin: 'http://evil.example' }),
      await app.get('/', { 'sec-fetch-site': 'cross-site' }),
      await app.get('/icon.svg', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }),
      await app.get('/?code=x'),
      await app.session(''),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 401, 404, 403, 403, 403, 401, 401]);
    for (const { headers } of answers) {
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    }
  });

  it('there is an end to connections', async () => {
    await using app = await open();
    const { port } = app.server;
    const sockets = Array.from({ length: 1_010 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    // Those beyond the bound are closed by the server; the rest stay.
    const closed = await new Promise<number>((resolve) => {
      let count = 0;
      for (const socket of sockets) {
        socket.resume().on('close', () => {
          count++;
          if (count === 10) resolve(count);
        });
      }
    });
    expect(closed).toBe(10);
    expect(sockets.filter((socket) => !socket.destroyed)).toHaveLength(1_000);
    for (const socket of sockets) socket.destroy();
  });
});
