import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AlertState } from '../../src/contract/state.ts';
import { instantOf } from '../../src/market/ist.ts';
import { demoUser } from '../exchange/exchange.ts';
import { serveLocally } from '../support/local-server.ts';
import { watchState } from '../support/state-watch.ts';
import { openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const HALF_PAST_ELEVEN = instantOf(date, '11:30');
const TEN_MINUTES_MS = 600_000;

test('a token killed at 11:30 blocks the feed, is told at once, and a new one by the local API ends it', async () => {
  const shown: { readonly at: number; readonly alert: AlertState }[] = [];
  const withdrawn: string[] = [];
  const channel = {
    name: 'test',
    show: (alert: AlertState) => void shown.push({ at: floor.clock.now(), alert }),
    withdraw: (id: string) => void withdrawn.push(id),
  };
  await using floor = await openFloor({ date, at: '11:29:30', channels: [channel] });
  await floor.to('11:30');
  using watch = watchState(floor.desk, floor.clock);
  floor.exchange.control.apply({ kind: 'killToken' });

  await floor.run(2_000);
  const { feed, auth, alerts } = floor.desk.state;
  expect([feed.state, feed.cause, feed.source, auth.state]).toEqual([
    'blocked',
    'logged-in-elsewhere',
    'none',
    'expired',
  ]);
  expect(alerts.map(({ id, severity, action }) => [id, severity, action])).toEqual([['token', 'action', 'sign-in']]);
  expect(shown.map(({ at, alert }) => [at - HALF_PAST_ELEVEN <= 2_000, alert.id, alert.action])).toEqual([
    [true, 'token', 'sign-in'],
  ]);
  expect(floor.desk.health().status).toBe('degraded');

  // One refusal is the proof; after it nothing more is tried.
  const attempts = floor.exchange.stats.upgrades.filter(({ atMs }) => atMs >= HALF_PAST_ELEVEN);
  expect(attempts.map(({ outcome }) => outcome)).toEqual([403]);
  const quotes = floor.exchange.stats.requests['GET /quote'] ?? 0;
  await floor.run(TEN_MINUTES_MS);
  expect(floor.exchange.stats.upgrades.filter(({ atMs }) => atMs >= HALF_PAST_ELEVEN)).toHaveLength(1);
  expect(floor.exchange.stats.requests['GET /quote'] ?? 0).toBe(quotes);
  expect(watch.firstAt(({ feed }) => feed.state !== 'live')).toBe(HALF_PAST_ELEVEN);
  expect(watch.seen.filter(({ state }) => state.feed.source === 'rest')).toEqual([]);
  expect(shown).toHaveLength(1);
  expect(floor.desk.health().status).toBe('down');

  await using local = await serveLocally(floor.desk);
  const { startedAt } = floor.desk.state.app;
  const post = (accessToken: string): Promise<Response> =>
    local.fetch('/api/token', { method: 'POST', body: JSON.stringify({ access_token: accessToken }) });
  const dead = await post('0123456789abcdefABCDEF0123456789');
  expect([dead.status, await dead.json()]).toEqual([
    403,
    { error: 'Kite does not accept the token from the local API.', code: 'token-rejected' },
  ]);
  expect(floor.desk.state.auth.state).toBe('expired');

  const swappedAt = floor.clock.now();
  const fresh = floor.exchange.issueToken({ userId: demoUser.userId, mintedAtMs: swappedAt });
  const answer = await post(fresh);
  expect([answer.status, await answer.json()]).toEqual([
    200,
    expect.objectContaining({ state: 'valid', userId: demoUser.userId }),
  ]);
  await floor.run(300);
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', source: 'websocket', cause: null });
  expect((floor.desk.state.feed.lastTickAt ?? 0) - swappedAt).toBeGreaterThanOrEqual(0);
  expect(floor.desk.health().instruments.map(({ ageMs }) => (ageMs ?? Number.NaN) <= 300)).toEqual(Array(6).fill(true));
  expect([floor.desk.state.alerts, withdrawn]).toEqual([[], ['token']]);
  expect(floor.desk.state.app.startedAt).toBe(startedAt);
  expect(floor.journal().gaps).toEqual([
    { from: expect.any(Number), to: swappedAt, cause: 'logged-in-elsewhere', keys: [] },
  ]);
});

test('a plan without market data is not a dead token: blocked, said as such, and the login stays', async () => {
  await using floor = await openFloor({ date, at: '08:54' });
  floor.exchange.control.apply({ kind: 'wrongPlan' });
  await floor.to('08:56');
  const { feed, auth, alerts } = floor.desk.state;
  expect([feed.state, feed.cause, auth.state]).toEqual(['blocked', 'plan-without-data', 'valid']);
  expect(alerts.map(({ id, severity }) => [id, severity])).toEqual([['feed', 'action']]);
  // Put right at Zerodha: it comes back by itself, without another login.
  floor.exchange.control.clear();
  await floor.to('09:01:30');
  expect([floor.desk.state.feed.state, floor.desk.state.alerts]).toEqual(['live', []]);
});

test.each(['pasted', 'from the token file'])('a token %s gives ticks within 300 ms', async (door) => {
  const folder = mkdtempSync(join(tmpdir(), 'mdts-token-'));
  const tokenFile = join(folder, 'token.txt');
  try {
    await using floor = await openFloor({ date, at: '11:29:30', login: 'dead', settings: { tokenFile } });
    await floor.run(1_000);
    expect([floor.desk.state.auth.state, floor.desk.state.feed.state]).toEqual(['expired', 'blocked']);
    const accessToken = floor.exchange.issueToken({ userId: demoUser.userId, mintedAtMs: floor.clock.now() });
    if (door === 'pasted') await floor.command('token.set', { accessToken });
    else writeFileSync(tokenFile, `${accessToken}\n`);
    await floor.run(300);
    expect(floor.desk.state.feed).toMatchObject({ state: 'live', source: 'websocket' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
