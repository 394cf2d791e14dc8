import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { demoUser } from '../exchange/exchange.ts';
import { logInAs } from '../exchange/login/login-robot.ts';
import { type Floor, openFloor } from '../support/trading-floor.ts';

const date = '2026-11-23';
const FIVE_MINUTES_MS = 300_000;

const warnings = (floor: Floor): readonly string[] =>
  floor.desk.state.activity.filter(({ level, area }) => level === 'warning' && area === 'auth').map(({ text }) => text);

test('a browser that comes back with the wrong state is refused and told of once; the right one signs in', async () => {
  await using floor = await openFloor({ date, at: '08:30', login: 'none' });
  await floor.run(1_000);
  const { redirectUrl } = floor.exchange;
  const { url } = await floor.command('login.start', {});
  expect(floor.desk.state.auth.pendingLogin).toEqual({ startedAt: floor.clock.now(), stage: 'waiting' });
  const before = warnings(floor);

  for (const query of [
    '?request_token=abcdefgh12345678&status=success',
    '?request_token=abcdefgh12345678&state=0',
    '',
  ]) {
    const forged = await fetch(redirectUrl + query);
    expect([forged.status, (await forged.text()).includes('abcdefgh12345678')]).toEqual([400, false]);
  }
  expect((await fetch(new URL('/elsewhere', redirectUrl))).status).toBe(404);
  expect(warnings(floor).slice(before.length)).toEqual([
    'Refused a request to the redirect URL that is not the answer to this login.',
  ]);
  expect([floor.desk.state.auth.state, floor.desk.state.auth.pendingLogin]).toEqual([
    'signed-out',
    { startedAt: expect.any(Number), stage: 'waiting' },
  ]);

  const back = await fetch(await logInAs(demoUser, url));
  expect(back.status).toBe(200);
  await floor.settle();
  expect(floor.desk.state.auth).toMatchObject({ state: 'valid', userId: demoUser.userId, pendingLogin: null });
  // A reload finds the same page.
  expect((await fetch(back.url)).status).toBe(200);
});

test('a login that is declined on the page, given up, or never finished is over, and its page says how to go on', async () => {
  await using floor = await openFloor({ date, at: '08:30', login: 'none' });
  const { redirectUrl } = floor.exchange;
  const declined = await floor.command('login.start', {});
  expect((await fetch(await logInAs(demoUser, declined.url, 'cancel'))).status).toBe(200);
  await floor.settle();
  expect(floor.desk.state.auth).toMatchObject({ state: 'signed-out', pendingLogin: null });

  const late = async (url: string): Promise<void> => {
    const page = await fetch(await logInAs(demoUser, url));
    expect([page.status, await page.text()]).toEqual([400, expect.stringMatching(/too late.*press Sign in/)]);
    expect(floor.desk.state.auth).toMatchObject({ state: 'signed-out', pendingLogin: null });
  };
  const givenUp = await floor.command('login.start', {});
  await floor.command('login.cancel', {});
  expect(floor.desk.state.auth.pendingLogin).toBeNull();
  await late(givenUp.url);

  const forgotten = await floor.command('login.start', {});
  await floor.run(FIVE_MINUTES_MS);
  expect(floor.desk.state.auth.pendingLogin).toBeNull();
  expect(warnings(floor)).toContain('Nobody came back from the login page in time: sign in again.');
  await late(forgotten.url);
  expect((await fetch(redirectUrl)).status).toBe(400);
});

test('a callback port that another program has is named, and the login is not left open', async () => {
  await using floor = await openFloor({ date, at: '08:30', login: 'none' });
  const port = Number(new URL(floor.exchange.redirectUrl).port);
  const other = createServer();
  await new Promise<void>((resolve) => {
    other.listen(port, '127.0.0.1', resolve);
  });
  try {
    expect(await floor.desk.invoke('login.start', {})).toEqual({
      ok: false,
      error: { code: 'port-busy', message: expect.stringContaining(`Port ${port} is used by another program`) },
    });
    expect(floor.desk.state.auth.pendingLogin).toBeNull();
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
  await floor.signIn();
  expect(floor.desk.state.auth.state).toBe('valid');
});
