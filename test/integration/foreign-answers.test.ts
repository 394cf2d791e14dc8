import { expect, test } from 'vitest';
import { demoUser } from '../exchange/exchange.ts';
import { serveLocally } from '../support/local-server.ts';
import { openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const MADE_UP = '0123456789abcdefABCDEF0123456789';
const WEB_PAGE = /web page came instead of Kite's answer/;

/** A firewall that answers everything with its page. */
const firewall = { kind: 'refuse', where: 'both', status: 403, html: true } as const;

test('a firewall that answers in the place of Kite costs no login; the feed goes on within seconds of its end', async () => {
  await using floor = await openFloor({ date, at: '10:00' });
  await floor.run(30_000);
  await using local = await serveLocally(floor.desk);
  const post = async (accessToken: string): Promise<[number, string | undefined]> => {
    const answer = await local.fetch('/api/token', {
      method: 'POST',
      body: JSON.stringify({ access_token: accessToken }),
    });
    return [answer.status, ((await answer.json()) as { code?: string }).code];
  };
  floor.exchange.control.apply(firewall);
  expect(await post(MADE_UP)).toEqual([409, 'unverified']);
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', source: 'websocket' });

  floor.exchange.control.apply({ kind: 'drop' });
  await floor.run(180_000);
  const { auth, feed, alerts } = floor.desk.state;
  expect(auth).toMatchObject({ state: 'unverified', userId: demoUser.userId, reason: expect.stringMatching(WEB_PAGE) });
  expect(feed).toMatchObject({ state: expect.stringMatching(/backoff|connecting/), cause: 'network' });
  expect(feed.causeText).toMatch(WEB_PAGE);
  expect(alerts.map(({ title }) => title)).toEqual([expect.stringMatching(WEB_PAGE)]);

  floor.exchange.control.clear();
  await floor.run(12_000);
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', source: 'websocket', cause: null });
  expect(floor.desk.state.auth).toMatchObject({ state: 'valid', userId: demoUser.userId });
  expect(floor.desk.state.alerts).toEqual([]);
  expect(await post('short')).toEqual([400, 'bad-token']);
});

test('a token posted while Kite cannot be asked is kept as unverified where there is nothing better, and says so', async () => {
  await using floor = await openFloor({ date, at: '08:30', login: 'none' });
  await floor.run(1_000);
  await using local = await serveLocally(floor.desk);
  const accessToken = floor.exchange.issueToken({ userId: demoUser.userId, mintedAtMs: floor.clock.now() });
  floor.exchange.control.apply(firewall);
  const kept = await local.fetch('/api/token', { method: 'POST', body: JSON.stringify({ access_token: accessToken }) });
  expect([kept.status, await kept.json()]).toEqual([202, expect.objectContaining({ state: 'unverified' })]);
  floor.exchange.control.clear();
  await floor.run(40_000);
  expect(floor.desk.state.auth).toMatchObject({ state: 'valid', userId: demoUser.userId });
});

test('a socket that refuses a login which Kite confirms has its own words, and a new login cures it', async () => {
  await using floor = await openFloor({ date, at: '08:54' });
  floor.exchange.control.apply({ kind: 'refuse', where: 'socket', status: 403 });
  await floor.to('08:56');
  const { feed, auth, alerts } = floor.desk.state;
  expect([feed.state, feed.cause, auth.state]).toEqual(['blocked', 'socket-refused', 'valid']);
  expect(alerts.map(({ id, title, action }) => [id, title, action])).toEqual([
    ['fallback', expect.any(String), 'sign-in'],
  ]);
  expect(feed.causeText).toMatch(/Sign in again; then try without a VPN; then check the app's plan/);
  floor.exchange.control.clear();
  await floor.signIn();
  await floor.run(1_000);
  expect(floor.desk.state.feed).toMatchObject({ state: 'live', cause: null });
});
