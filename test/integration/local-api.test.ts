import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { MarketTick } from '../../src/contract/health.ts';
import { PortBusyError, serveDesk } from '../../src/serve/server.ts';
import { demoUser } from '../exchange/exchange.ts';
import { hostOf, type LocalServer, serveLocally } from '../support/local-server.ts';
import { openSocket, UpgradeRefusedError } from '../support/socket-client.ts';
import { type Floor, openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';

/** Every key of a value, as paths; the elements of an array count once. */
function shapeOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((element) => shapeOf(element, `${path}[]`)))];
  if (value === null || typeof value !== 'object') return [path];
  return Object.entries(value).flatMap(([key, inner]) => shapeOf(inner, path === '' ? key : `${path}.${key}`));
}

const healthShape = [
  ...['status', 'version', 'uptimeSeconds', 'simulated', 'clock.now', 'clock.skewMs'],
  ...['market.day', 'market.reason', 'market.phase', 'market.next.phase', 'market.next.at'],
  ...['auth.state', 'auth.userId', 'auth.expiresAt', 'auth.checkedAt', 'auth.reason'],
  ...['feed.desired', 'feed.source', 'feed.state', 'feed.cause', 'feed.attempt', 'feed.since'],
  ...['feed.frames', 'feed.ticks', 'feed.reconnects', 'feed.lastFrameAgeMs', 'feed.lastTickAgeMs'],
  ...['key', 'token', 'role', 'underlying', 'lastPrice', 'kind', 'ageMs', 'lagMs', 'stale'].map(
    (key) => `instruments[].${key}`,
  ),
];

/** A request as raw as it gets: any method, any header, Host included. */
function raw(
  port: number,
  path: string,
  options: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, setHost: false, agent: false, ...options }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('the local API in session', () => {
  let floor: Floor;
  let local: LocalServer;
  beforeAll(async () => {
    floor = await openFloor({ date, at: '10:59:30' });
    await floor.to('11:00');
    local = await serveLocally(floor.desk);
  });
  afterAll(async () => {
    await local[Symbol.asyncDispose]();
    await floor[Symbol.asyncDispose]();
  });

  it('answers /api/health with exactly the documented keys, and true values', async () => {
    const response = await local.fetch('/api/health');
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    const health = (await response.json()) as Record<string, unknown>;
    expect(shapeOf(health).sort()).toEqual([...healthShape].sort());
    expect(health).toMatchObject({
      status: 'ok',
      version: 'test',
      uptimeSeconds: 30,
      simulated: true,
      clock: { now: '2026-11-23T11:00:00+05:30' },
      market: {
        day: 'trading',
        phase: 'live',
        next: { phase: 'closing-auction', at: '2026-11-23T15:15:00+05:30' },
      },
      auth: { state: 'valid', userId: demoUser.userId, expiresAt: '2026-11-24T06:00:00+05:30' },
      feed: { desired: 'on', source: 'websocket', state: 'live', cause: null, attempt: 0, reconnects: 0 },
    });
    const instruments = health.instruments as Record<string, unknown>[];
    expect(instruments.map(({ key, token, role, kind }) => [key, token, role, kind])).toEqual([
      ['NSE:NIFTY 50', 256265, 'spot', 'live'],
      [expect.stringMatching(/^NFO:NIFTY26NOVFUT$/), expect.any(Number), 'future', 'live'],
      ['NSE:NIFTY BANK', 260105, 'spot', 'live'],
      [expect.stringMatching(/^NFO:BANKNIFTY26NOVFUT$/), expect.any(Number), 'future', 'live'],
      ['BSE:SENSEX', 265, 'spot', 'live'],
      [expect.stringMatching(/^BFO:SENSEX26NOVFUT$/), expect.any(Number), 'future', 'live'],
    ]);
    for (const { lastPrice, ageMs, lagMs } of instruments) {
      expect([Number(lastPrice) > 1_000, Number(ageMs) >= 0, Number(lagMs) < 3_000]).toEqual([true, true, true]);
    }
  });

  it('tells ages as they are now, not as an interface was last told', async () => {
    const ages: number[] = [];
    for (let look = 0; look < 20; look++) {
      await floor.run(100);
      ages.push(floor.desk.health().feed.lastFrameAgeMs ?? Number.POSITIVE_INFINITY);
    }
    // Four frames a second, and the feed looks at its own figures as often.
    expect(Math.max(...ages)).toBeLessThanOrEqual(550);
  });

  it('takes the key as a parameter too', async () => {
    const { port, key } = local.server;
    expect((await fetch(`http://localhost:${port}/api/token-status?key=${key}`)).status).toBe(200);
  });

  it('answers /api/token-status', async () => {
    const response = await local.fetch('/api/token-status');
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        state: 'valid',
        userId: demoUser.userId,
        expiresAt: '2026-11-24T06:00:00+05:30',
        checkedAt: '2026-11-23T11:00:00+05:30',
        reason: null,
      },
    ]);
  });

  it('answers /api/journal for today and by date', async () => {
    const today = await (await local.fetch('/api/journal')).json();
    expect(today).toMatchObject({ date, day: { kind: 'trading' }, steps: expect.any(Array), gaps: [] });
    expect(await (await local.fetch(`/api/journal?date=${date}`)).json()).toMatchObject({ date });
    expect((await local.fetch('/api/journal?date=2026-11-20')).status).toBe(404);
  });

  it.each([
    '2026-13-01',
    '2026-02-30',
    'yesterday',
    '',
    '20261123',
    "2026-11-23' OR 1=1",
  ])('refuses the date "%s"', async (text) => {
    expect((await local.fetch(`/api/journal?date=${encodeURIComponent(text)}`)).status).toBe(400);
  });

  it.each([
    ['POST', '/api/health', 405],
    ['DELETE', '/api/token', 405],
    ['GET', '/api/token', 405],
    ['GET', '/api/nothing', 404],
    ['GET', '/api/', 404],
    ['GET', '/nothing', 404],
  ])('answers %s %s with %d', async (method, path, status) => {
    expect((await local.fetch(path, { method })).status).toBe(status);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'access_token=abc'],
    ['another field', '{"token": "abcdefgh"}'],
    ['no text', '{"access_token": 5}'],
    ['a token too short', '{"access_token": "abc"}'],
    ['a token with other characters', '{"access_token": "abcd efgh\\nijkl"}'],
    ['too much', `{"access_token": "${'a'.repeat(20_000)}"}`],
  ])('refuses %s as a token, and changes nothing', async (_what, body) => {
    const response = await local.fetch('/api/token', { method: 'POST', body });
    expect(response.status).toBe(400);
    expect(floor.desk.state.auth.state).toBe('valid');
  });

  it('refuses who has no key, a wrong key, another Host or another Origin, and says each once', async () => {
    const { port, key } = local.server;
    const own = { host: `127.0.0.1:${port}`, authorization: `Bearer ${key}` };
    for (let repeat = 0; repeat < 3; repeat++) {
      expect(await raw(port, '/api/health', { headers: { host: own.host } })).toBe(401);
      expect(await raw(port, '/api/health', { headers: { ...own, authorization: 'Bearer no' } })).toBe(401);
      expect(await raw(port, `/api/health?key=${key}x`, { headers: { host: own.host } })).toBe(401);
      for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', '127.0.0.1:1']) {
        expect(await raw(port, '/api/health', { headers: { ...own, host } })).toBe(403);
      }
      for (const origin of ['http://evil.example', 'null', `https://127.0.0.1:${port}`, 'http://127.0.0.1:1']) {
        expect(await raw(port, '/api/health', { headers: { ...own, origin } })).toBe(403);
        // Even what needs no key is not for other pages.
        expect(await raw(port, '/', { headers: { host: own.host, origin } })).toBe(403);
      }
      expect(await raw(port, '/api/health', { headers: { authorization: own.authorization } })).not.toBe(200);
    }
    expect(await raw(port, '/api/health', { headers: { ...own, origin: `http://127.0.0.1:${port}` } })).toBe(200);
    expect([...local.log].sort()).toEqual([
      'warning: A local request was refused: foreign Origin.',
      'warning: A local request was refused: missing or wrong key.',
      'warning: A local request was refused: wrong Host.',
    ]);
  });

  it.each(['/ws/desk', '/ws/market'])('guards %s in the same way', async (path) => {
    const { port } = local.server;
    const refused = async (url: string, headers: Readonly<Record<string, string>>): Promise<number> => {
      try {
        await using _socket = await openSocket(url, headers);
        return 101;
      } catch (error) {
        return error instanceof UpgradeRefusedError ? error.status : 0;
      }
    };
    expect(await refused(`ws://127.0.0.1:${port}${path}`, {})).toBe(401);
    expect(await refused(local.socketUrl(path), { origin: 'http://evil.example' })).toBe(403);
    expect(await refused(local.socketUrl(path), { host: 'evil.example' })).toBe(403);
    expect(await refused(local.socketUrl('/ws/nothing'), {})).toBe(404);
    expect(await refused(local.socketUrl(path), { origin: `http://localhost:${port}` })).toBe(101);
  });

  it.each([
    'GET // HTTP/1.1',
    'GET http://[ HTTP/1.1',
    'GET * HTTP/1.1',
  ])('outlives the upgrade "%s", and a client that hangs up on the answer', async (line) => {
    const { port } = local.server;
    const head = `${line}\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`;
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(`${head}Sec-WebSocket-Version: 13\r\n\r\n`));
      socket.once('data', (data) => {
        resolve(data.toString('latin1'));
        socket.resetAndDestroy();
      });
      socket.once('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect((await local.fetch('/api/health')).status).toBe(200);
  });

  it('streams the market: a snapshot like the health, ticks as they come, and what changes of the state', async () => {
    await using client = await openSocket(local.socketUrl('/ws/market'));
    await client.until(() => client.messages.length > 0, 'the snapshot');
    const { type, ...health } = client.messages[0] ?? {};
    expect([type, shapeOf(health).sort()]).toEqual(['snapshot', [...healthShape].sort()]);

    const frames = floor.desk.state.feed.frames;
    await floor.run(5_000);
    await client.until(() => client.messages.filter(({ type }) => type === 'ticks').length >= 15, 'ticks');
    expect(floor.desk.state.feed.frames - frames).toBeGreaterThanOrEqual(15);
    const ticks = client.messages.flatMap((message) =>
      message.type === 'ticks' ? (message.ticks as readonly MarketTick[]) : [],
    );
    expect(shapeOf(ticks)).toEqual(
      ['key', 'token', 'lastPrice', 'volume', 'oi', 'exchangeTime', 'receivedAt', 'kind'].map((key) => `[].${key}`),
    );
    expect(new Set(ticks.map(({ key }) => key)).size).toBe(6);
    expect(ticks[0]).toMatchObject({
      exchangeTime: expect.stringMatching(/^2026-11-23T1\d:\d\d:\d\d\+05:30$/),
      receivedAt: expect.stringMatching(/^2026-11-23T1\d:\d\d:\d\d\.\d{3}\+05:30$/),
      kind: 'live',
    });

    floor.exchange.control.apply({ kind: 'refuse', where: 'socket', status: 503, forMs: 8_000 });
    floor.exchange.control.apply({ kind: 'drop' });
    await floor.run(3_000);
    const patches = (): unknown[] => client.messages.flatMap(({ type, patch }) => (type === 'state' ? [patch] : []));
    await client.until(() => patches().length > 0, 'a state message');
    expect(patches()).toContainEqual(expect.objectContaining({ feed: expect.objectContaining({ source: 'rest' }) }));
    expect(patches()).toContainEqual(expect.objectContaining({ status: 'degraded' }));
    await floor.run(20_000);
    expect(floor.desk.state.feed.source).toBe('websocket');
  });
});

test('the health is 200 while prices come, however, and 503 when the feed should run and there is nothing', async () => {
  await using floor = await openFloor({ date, at: '10:59:30' });
  await using local = await serveLocally(floor.desk);
  const status = async (): Promise<unknown[]> => {
    const response = await local.fetch('/api/health');
    return [response.status, ((await response.json()) as { readonly status: string }).status];
  };
  await floor.to('11:00');
  expect(await status()).toEqual([200, 'ok']);
  floor.exchange.control.apply({ kind: 'refuse', where: 'socket', status: 503, forMs: 15_000 });
  floor.exchange.control.apply({ kind: 'drop' });
  await floor.run(5_000);
  expect(await status()).toEqual([200, 'degraded']);
  await floor.run(25_000);
  expect(await status()).toEqual([200, 'ok']);
  floor.exchange.control.apply({ kind: 'killToken' });
  await floor.run(5_000);
  expect(await status()).toEqual([200, 'degraded']);
  await floor.run(6_000);
  expect(await status()).toEqual([503, 'down']);
});

test('outside the session, and on a paused feed, nothing is down', async () => {
  await using floor = await openFloor({ date, at: '08:20' });
  await floor.run(2_000);
  expect(floor.desk.health()).toMatchObject({ status: 'ok', feed: { desired: 'off', state: 'off', source: 'none' } });
  await floor.to('09:20');
  await floor.command('feed.pause', {});
  await floor.run(60_000);
  expect(floor.desk.health()).toMatchObject({ status: 'degraded', feed: { desired: 'off' } });
  expect(floor.desk.state.alerts.map(({ id, action }) => [id, action])).toEqual([['paused', 'resume-feed']]);
  await floor.command('feed.resume', {});
  await floor.run(300);
  expect(floor.desk.health()).toMatchObject({ status: 'ok', feed: { state: 'live' } });
});

test('a port that is taken is named together with one that is free', async () => {
  await using floor = await openFloor({ date: '2026-11-24', at: '10:00' });
  await using local = await serveLocally(floor.desk);
  const { port } = local.server;
  const options = { host: hostOf(floor.desk), port, interfaceRoot: null, clock: systemClock(), log: () => {} };
  const refused = await serveDesk(options).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(PortBusyError);
  if (!(refused instanceof PortBusyError)) return;
  expect([refused.port, refused.message]).toEqual([
    port,
    `Port ${port} is in use by another program; ${refused.free} is free.`,
  ]);
  await using other = await serveDesk({ ...options, port: refused.free });
  expect(other.port).toBe(refused.free);
});

test('the interface is served from its folder and nowhere else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mdts-interface-'));
  const root = join(folder, 'interface');
  await using floor = await openFloor({ date: '2026-11-24', at: '10:00' });
  try {
    mkdirSync(root);
    writeFileSync(join(root, 'index.html'), '<!doctype html><title>desk</title>');
    writeFileSync(join(folder, 'secret.json'), '{}');
    await using local = await serveLocally(floor.desk, root);
    const { port } = local.server;
    const page = await fetch(`http://127.0.0.1:${port}/?key=${local.server.key}`);
    expect([page.status, await page.text()]).toEqual([200, '<!doctype html><title>desk</title>']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const host = `127.0.0.1:${port}`;
    for (const path of [
      '/../secret.json',
      '/%2e%2e/secret.json',
      '/..%2fsecret.json',
      '/%5c..%5csecret.json',
      '/%00',
    ]) {
      expect([path, await raw(port, path, { headers: { host } })]).toEqual([path, 404]);
    }
    expect(await raw(port, '/', { method: 'POST', headers: { host } })).toBe(404);
    expect(await raw(port, '//', { headers: { host } })).toBe(404);
    expect(local.log).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
