import { describe, expect, it } from 'vitest';
import { demoApp, demoUser, strangerUser } from '../../exchange/exchange.ts';
import { logInAs } from '../../exchange/login/login-robot.ts';
import { totpCode } from '../../exchange/login/totp.ts';
import { expiryOf } from '../../exchange/sessions.ts';
import { ExchangeBench } from './exchange-bench.ts';

const MORNING = '2026-11-23T08:50:00+05:30';

function loginUrl(bench: ExchangeBench, redirectParams = ''): string {
  const query = new URLSearchParams({ v: '3', api_key: demoApp.apiKey });
  if (redirectParams !== '') query.set('redirect_params', redirectParams);
  return `${bench.exchange.loginRoot}/connect/login?${query}`;
}

async function requestToken(bench: ExchangeBench): Promise<string> {
  return new URL(await logInAs(demoUser, loginUrl(bench))).searchParams.get('request_token') ?? '';
}

/** Sends one of the login's forms; the answer's page, redirect and status. */
async function post(bench: ExchangeBench, fields: Record<string, string>) {
  const body = new URLSearchParams(fields);
  const response = await fetch(loginUrl(bench), { method: 'POST', redirect: 'manual', body });
  return { status: response.status, text: await response.text(), location: response.headers.get('location') };
}

async function firstPage(bench: ExchangeBench): Promise<string> {
  const page = await (await fetch(loginUrl(bench))).text();
  return /name="login_id" value="(\w+)"/.exec(page)?.[1] ?? '';
}

describe('the login', () => {
  it('redirects with a request token, the fixed parameters and those of the app', async () => {
    await using bench = await ExchangeBench.at(MORNING);
    bench.exchange.redirectUrl = 'http://127.0.0.1:5001/kite/callback?app=1';
    const target = new URL(await logInAs(demoUser, loginUrl(bench, 'state=a%26b&x=1')));
    expect(`${target.origin}${target.pathname}`).toBe('http://127.0.0.1:5001/kite/callback');
    expect(Object.fromEntries(target.searchParams)).toEqual({
      app: '1',
      action: 'login',
      type: 'login',
      status: 'success',
      request_token: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
      state: 'a&b',
      x: '1',
    });
  });

  it('redirects a refusal without a token and without the parameters of the app', async () => {
    await using bench = await ExchangeBench.at(MORNING);
    const target = await logInAs(demoUser, loginUrl(bench, 'state=secret'), 'cancel');
    expect(target).toBe('http://127.0.0.1:8765/kite/callback?status=cancelled');
  });

  it('can be made with what is filled in, and says so', async () => {
    await using bench = await ExchangeBench.at(MORNING);
    const filled = (page: string): Record<string, string> =>
      Object.fromEntries(
        [...page.matchAll(/<input [^>]*name="(\w+)"[^>]* value="([^"]*)"/g)].map(([, name = '', value = '']) => [
          name,
          value,
        ]),
      );
    const first = await (await fetch(loginUrl(bench))).text();
    expect(first).toContain('The simulated user DEMO01 is filled in');
    const second = await post(bench, filled(first));
    expect(second.text).toContain('is filled in: press Continue');
    const third = await post(bench, filled(second.text));
    expect(third.text).toContain('Authorise the app');
    const last = await post(bench, { ...filled(third.text), decision: 'authorise' });
    expect(new URL(last.location ?? '').searchParams.get('status')).toBe('success');
  });

  it('stays on the page after a wrong password and after a wrong code, and says so', async () => {
    await using bench = await ExchangeBench.at(MORNING);
    const id = await firstPage(bench);
    const wrong = await post(bench, { login_id: id, step: 'password', user_id: demoUser.userId, password: 'no' });
    expect(wrong).toMatchObject({ status: 200, location: null });
    expect(wrong.text).toContain('Invalid user ID or password.');
    const right = await post(bench, {
      login_id: id,
      step: 'password',
      user_id: demoUser.userId.toLowerCase(),
      password: demoUser.password,
    });
    const code = /<code id="totp">(\d{6})</.exec(right.text)?.[1] ?? '';
    expect(code).toBe(totpCode(demoUser.totpSecret, bench.clock.now()));
    const other = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    const wrongCode = await post(bench, { login_id: id, step: 'totp', totp: other });
    expect(wrongCode.text).toContain('Invalid one-time code.');
    const accepted = await post(bench, { login_id: id, step: 'totp', totp: code });
    expect(accepted.text).toContain('Authorise the app');
  });

  it('takes the code of the user’s authenticator at the market time, and the one shown however old it is', async () => {
    await using bench = await ExchangeBench.at(MORNING);
    const id = await firstPage(bench);
    const credentials = { user_id: demoUser.userId, password: demoUser.password };
    const page = await post(bench, { login_id: id, step: 'password', ...credentials });
    const shown = /<code id="totp">(\d{6})</.exec(page.text)?.[1] ?? '';
    await bench.advance(600_000);
    expect((await post(bench, { login_id: id, step: 'totp', totp: shown })).text).toContain('Authorise');
    const again = await firstPage(bench);
    await post(bench, { login_id: again, step: 'password', ...credentials });
    const own = totpCode(demoUser.totpSecret, bench.clock.now() + 30_000);
    expect((await post(bench, { login_id: again, step: 'totp', totp: own })).text).toContain('Authorise');
  });

  it('cannot skip a step', async () => {
    await using bench = await ExchangeBench.at(MORNING);
    const id = await firstPage(bench);
    const decided = await post(bench, { login_id: id, step: 'authorise', decision: 'authorise' });
    expect(decided).toMatchObject({ status: 400, location: null });
    expect(await post(bench, { login_id: id, step: 'totp', totp: '000000' })).toMatchObject({ status: 400 });
    await post(bench, { login_id: id, step: 'password', user_id: demoUser.userId, password: demoUser.password });
    const unproved = await post(bench, { login_id: id, step: 'authorise', decision: 'authorise' });
    expect(unproved).toMatchObject({ status: 400, location: null });
    expect(await post(bench, { login_id: 'unknown', step: 'totp', totp: '000000' })).toMatchObject({ status: 400 });
  });

  it('tells a user who may not use the app so, as JSON and without a redirect', async () => {
    await using bench = await ExchangeBench.at(MORNING);
    await expect(logInAs(strangerUser, loginUrl(bench))).rejects.toThrow('HTTP 403');
  });

  it('refuses another api key, and marks every page as simulated under a strict content policy', async () => {
    await using bench = await ExchangeBench.at(MORNING);
    expect(await bench.call('/connect/login?v=3&api_key=nope')).toMatchObject({
      status: 400,
      body: { error_type: 'InputException', message: 'Invalid `api_key`.' },
    });
    const page = await fetch(loginUrl(bench));
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' http://127.0.0.1:8765");
    expect(await page.text()).toContain('SIMULATED');
  });

  it('shows what was typed without letting it become markup', async () => {
    await using bench = await ExchangeBench.at(MORNING);
    const id = await firstPage(bench);
    const page = await post(bench, { login_id: id, step: 'password', user_id: '"><script>', password: 'x' });
    expect(page.text).not.toContain('<script>');
  });
});

describe('a request token', () => {
  it('is worth one session, with the login time in IST text and no expiry', async () => {
    await using bench = await ExchangeBench.at(MORNING);
    const token = await requestToken(bench);
    const { status, body } = await bench.createSession(token);
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      user_id: demoUser.userId,
      user_name: demoUser.name,
      api_key: demoApp.apiKey,
      refresh_token: '',
      login_time: '2026-11-23 08:50:00',
    });
    expect(body.data).not.toHaveProperty('expires_at');
    expect(await bench.createSession(token)).toMatchObject({
      status: 403,
      body: { error_type: 'TokenException', message: 'Token is invalid or has expired.' },
    });
  });

  it('survives a wrong checksum, and dies after a few minutes', async () => {
    await using bench = await ExchangeBench.at(MORNING);
    const token = await requestToken(bench);
    expect(await bench.createSession(token, 'wrong')).toMatchObject({
      status: 403,
      body: { error_type: 'TokenException', message: 'Invalid `checksum`.' },
    });
    expect(await bench.createSession(token)).toMatchObject({ status: 200 });
    const late = await requestToken(bench);
    await bench.advance(301_000);
    expect(await bench.createSession(late)).toMatchObject({ status: 403 });
  });

  it('needs every field of its exchange', async () => {
    await using bench = await ExchangeBench.at(MORNING);
    const answer = await bench.call('/session/token', undefined, {
      method: 'POST',
      body: new URLSearchParams({ api_key: demoApp.apiKey, request_token: 'x' }),
    });
    expect(answer).toMatchObject({ status: 400, body: { error_type: 'InputException' } });
  });
});

describe('an access token', () => {
  it.each([
    ['2026-11-23T08:50:00+05:30', '2026-11-24T06:00:00+05:30'],
    ['2026-11-23T23:59:59+05:30', '2026-11-24T06:00:00+05:30'],
    ['2026-11-24T00:30:00+05:30', '2026-11-24T06:00:00+05:30'],
    ['2026-11-24T06:00:00+05:30', '2026-11-25T06:00:00+05:30'],
  ])('minted at %s dies at %s', (minted, dies) => {
    expect(expiryOf(Date.parse(minted))).toBe(Date.parse(dies));
  });

  it('is good until 06:00 IST and dead from then on, for REST and for its open socket', async () => {
    await using bench = await ExchangeBench.at('2026-11-24T05:59:58+05:30');
    const token = bench.exchange.issueToken({ userId: demoUser.userId, mintedAtMs: bench.clock.now() - 3_600_000 });
    const client = await bench.connect(token);
    expect(await bench.call('/user/profile', token)).toMatchObject({ status: 200 });
    await bench.advance(1_900);
    expect(client.closeCode).toBeNull();
    await bench.advance(350);
    expect(await bench.call('/user/profile', token)).toMatchObject({
      status: 403,
      body: { error_type: 'TokenException', message: 'Incorrect `api_key` or `access_token`.' },
    });
    expect(client.closeCode).toBe(1006);
    expect(await bench.tryConnect(token)).toBe(403);
  });

  it('dies by logout, by a new session and by a master logout', async () => {
    await using bench = await ExchangeBench.at(MORNING);
    const open = async (): Promise<string> =>
      (await bench.createSession(await requestToken(bench))).body.data.access_token;
    const first = await open();
    const second = await open();
    expect(await bench.call('/user/profile', first)).toMatchObject({ status: 403 });
    expect(await bench.call('/user/profile', second)).toMatchObject({ status: 200 });
    const query = new URLSearchParams({ api_key: demoApp.apiKey, access_token: second });
    expect(await bench.call(`/session/token?${query}`, undefined, { method: 'DELETE' })).toMatchObject({
      status: 200,
      body: { status: 'success', data: true },
    });
    expect(await bench.call('/user/profile', second)).toMatchObject({ status: 403 });
    const third = await open();
    const client = await bench.connect(third);
    bench.exchange.control.apply({ kind: 'masterLogout' });
    await bench.settle();
    expect(client.closeCode).toBe(1006);
    expect(await bench.call('/user/profile', third)).toMatchObject({ status: 403 });
  });

  it('outlives a new session when the exchange is told so', async () => {
    await using bench = await ExchangeBench.at(MORNING, { oneSessionAtATime: false });
    const first = (await bench.createSession(await requestToken(bench))).body.data.access_token;
    await bench.createSession(await requestToken(bench));
    expect(await bench.call('/user/profile', first)).toMatchObject({ status: 200 });
  });
});

describe('one-time codes', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [20_000_000_000, '353130'],
  ])('at second %i are those of RFC 6238', (second, code) => {
    // The RFC's secret "12345678901234567890" in Base32; its eight-digit codes end in these six.
    expect(totpCode('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', second * 1000)).toBe(code);
  });
});
