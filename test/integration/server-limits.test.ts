import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { type DeskServer, serveDesk, usualRequestLimits } from '../../src/serve/server.ts';
import { hostOf } from '../support/local-server.ts';
import { type Floor, openFloor } from '../support/trading-floor.ts';

/** As the app's own, a hundred times as short: what is tested is that they are kept. */
const limits = { headers: 100, request: 300, silence: 600, lookEvery: 50 };

/** Sends this much of a request and waits until the server ends the connection; what it said meanwhile. */
function begun(port: number, start: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(start));
    socket.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    socket.on('error', reject).on('close', () => resolve(said));
  });
}

describe('the local server', () => {
  let floor: Floor;
  let server: DeskServer;
  beforeEach(async () => {
    floor = await openFloor({ date: '2026-11-24', at: '10:00' });
    server = await serveDesk({
      host: hostOf(floor.desk),
      port: 0,
      interfaceRoot: null,
      clock: systemClock(),
      log: () => {},
      limits,
    });
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await floor[Symbol.asyncDispose]();
  });

  const post = (length: number, body: string): string =>
    [
      'POST /api/token HTTP/1.1',
      `Host: 127.0.0.1:${server.port}`,
      `Authorization: Bearer ${server.key}`,
      'Content-Type: application/json',
      `Content-Length: ${length}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n');

  it.each([
    ['nothing at all', () => '', /^HTTP\/1\.1 408/],
    ['half a head', () => 'GET /api/health HTTP/1.1\r\nHost:', /^HTTP\/1\.1 408/],
    ['half a body', () => post(1_000, '{"access_token'), /^HTTP\/1\.1 408/],
  ])('lets go of who has connected and sent %s', async (_what, start, answer) => {
    expect(await begun(server.port, start())).toMatch(answer);
  });

  it('reads no head beyond its bound', async () => {
    const head = `GET /api/health HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`;
    expect(await begun(server.port, head)).toMatch(/^HTTP\/1\.1 431/);
  });

  it('reads no body beyond its bound, and takes nothing of it', async () => {
    const body = JSON.stringify({ access_token: `good${'a'.repeat(20_000)}` });
    expect(await begun(server.port, post(body.length, body))).toMatch(/^HTTP\/1\.1 400[\s\S]*"code":"bad-token"/);
    expect(floor.desk.state.auth.state).toBe('valid');
  });

  it('has limits of a minute and less in the app', () => {
    const { headers, request, silence, lookEvery } = usualRequestLimits;
    for (const limit of [headers, request, silence, lookEvery]) expect(limit).toBeLessThanOrEqual(60_000);
    expect(Math.min(headers, request, silence, lookEvery)).toBeGreaterThan(0);
  });
});
