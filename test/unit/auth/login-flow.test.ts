import { describe, expect, test } from 'vitest';
import { KiteError, type KiteErrorCode } from '../../../src/kite/errors.ts';
import { instantOf } from '../../../src/market/ist.ts';
import { AuthFixture, gate, NEW, OLD, REDIRECT } from './auth-fixture.ts';

/** A configured owner with a login under way, and the callback Kite would send the browser to. */
async function loginUnderWay(): Promise<{ fixture: AuthFixture; callback: string }> {
  const fixture = new AuthFixture('08:52:00');
  await fixture.configure();
  fixture.kite.exchange = async () => ({
    userId: 'AB1234',
    userName: 'Asha Trader',
    accessToken: NEW,
    loginAtMs: fixture.clock.now(),
  });
  const started = fixture.auth.startLogin();
  if (!started.ok) throw new Error(started.error.message);
  const params = new URL(started.value.url).searchParams.get('redirect_params') ?? '';
  return { fixture, callback: `${REDIRECT}?action=login&type=login&status=success&request_token=rt123456&${params}` };
}

/** Kite's answer to the exchange of the request token waits until the gate is opened. */
function slowExchange(fixture: AuthFixture): ReturnType<typeof gate> {
  const slow = gate();
  const { exchange } = fixture.kite;
  fixture.kite.exchange = async (token) => {
    await slow.promise;
    return exchange(token);
  };
  return slow;
}

describe('a login', () => {
  test('needs credentials, and says which are missing', async () => {
    const fixture = new AuthFixture('08:52:00');
    expect(fixture.auth.startLogin()).toMatchObject({ error: { code: 'unconfigured' } });
    await fixture.auth.saveCredentials({ apiKey: 'abcd1234efghwxyz', apiSecret: null });
    expect(fixture.auth.startLogin()).toMatchObject({ error: { code: 'no-api-secret' } });
  });

  test('ends valid and usable without a further question to Kite', async () => {
    const { fixture, callback } = await loginUnderWay();
    expect(fixture.auth.state.pendingLogin).toEqual({
      startedAt: instantOf('2026-11-23', '08:52'),
      stage: 'waiting',
    });
    expect(await fixture.auth.completeCallback(callback)).toEqual({
      outcome: 'signed-in',
      userId: 'AB1234',
      userName: 'Asha Trader',
    });
    expect(fixture.auth.state).toMatchObject({
      state: 'valid',
      pendingLogin: null,
      expiresAt: instantOf('2026-11-24', '06:00'),
    });
    expect(fixture.auth.session?.accessToken).toBe(NEW);
    expect(fixture.kite.asked).toEqual([]);
  });

  test('started twice is the same login, whichever page is finished', async () => {
    const { fixture } = await loginUnderWay();
    expect(fixture.auth.startLogin()).toEqual(fixture.auth.startLogin());
  });

  test('is acted on once: a reload of the callback gets the same answer', async () => {
    const { fixture, callback } = await loginUnderWay();
    let exchanges = 0;
    const exchange = fixture.kite.exchange;
    fixture.kite.exchange = (token) => {
      exchanges++;
      return exchange(token);
    };
    const outcomes = await Promise.all([
      fixture.auth.completeCallback(callback),
      fixture.auth.completeCallback(callback),
    ]);
    expect(outcomes[0]).toEqual(outcomes[1]);
    expect(await fixture.auth.completeCallback(callback)).toEqual(outcomes[0]);
    expect(exchanges).toBe(1);
  });

  test('cannot be completed by a callback with another state, and goes on waiting', async () => {
    const { fixture, callback } = await loginUnderWay();
    const forged = callback.replace(/state=[^&]+/, 'state=forged');
    expect(await fixture.auth.completeCallback(forged)).toEqual({ outcome: 'wrong-state' });
    expect(fixture.auth.state.pendingLogin).not.toBeNull();
    expect(await fixture.auth.completeCallback(callback)).toMatchObject({ outcome: 'signed-in' });
  });

  test('is under way until its token is in force: no interface sees it ended and the trader still signed out', async () => {
    const { fixture, callback } = await loginUnderWay();
    const slow = slowExchange(fixture);
    const login = fixture.auth.completeCallback(callback);
    expect(fixture.auth.state).toMatchObject({ state: 'signed-out', pendingLogin: { stage: 'finishing' } });
    slow.open();
    await login;
    const ended = fixture.states.filter(({ pendingLogin }) => pendingLogin === null).slice(-1);
    expect(ended).toMatchObject([{ state: 'valid', loginFailure: null }]);
    const unfinished = fixture.states.slice(fixture.states.findIndex(({ pendingLogin }) => pendingLogin !== null));
    expect(unfinished.filter(({ state, pendingLogin }) => state !== 'valid' && pendingLogin === null)).toEqual([]);
  });

  test('that is begun anew while another is being finished has a page of its own, and both may end well', async () => {
    const { fixture, callback } = await loginUnderWay();
    const slow = slowExchange(fixture);
    const first = fixture.auth.startLogin();
    const login = fixture.auth.completeCallback(callback);
    const second = fixture.auth.startLogin();
    expect(second).not.toEqual(first);
    slow.open();
    expect(await login).toMatchObject({ outcome: 'signed-in' });
    expect(fixture.auth.state).toMatchObject({ state: 'valid', pendingLogin: { stage: 'waiting' } });
  });

  test('that failed says why until the next one begins', async () => {
    const { fixture } = await loginUnderWay();
    await fixture.auth.completeCallback(`${REDIRECT}?status=cancelled`);
    expect(fixture.auth.state).toMatchObject({
      pendingLogin: null,
      loginFailure: 'The login was cancelled on the Kite page.',
    });
    fixture.auth.cancelLogin();
    expect(fixture.auth.state.loginFailure).not.toBeNull();
    fixture.auth.startLogin();
    expect(fixture.auth.state.loginFailure).toBeNull();
    fixture.auth.cancelLogin('Nobody came back.');
    expect(fixture.auth.state.loginFailure).toBe('Nobody came back.');
  });

  test('that nobody started cannot be completed', async () => {
    const { fixture, callback } = await loginUnderWay();
    fixture.auth.cancelLogin();
    expect(await fixture.auth.completeCallback(callback)).toEqual({ outcome: 'wrong-state' });
    expect(await fixture.auth.completeCallback('http://127.0.0.1:7414/favicon.ico')).toEqual({ outcome: 'not-ours' });
    expect(fixture.auth.session).toBeNull();
  });

  test('can be declined again and again: each refusal ends the login that is waited for', async () => {
    const { fixture } = await loginUnderWay();
    for (let round = 0; round < 2; round++) {
      fixture.auth.startLogin();
      expect(await fixture.auth.completeCallback(`${REDIRECT}?status=cancelled`)).toEqual({ outcome: 'cancelled' });
      expect(fixture.auth.state.pendingLogin).toBeNull();
    }
  });

  test.each<[KiteErrorCode, string]>([
    ['token-rejected', 'used already or took too long'],
    ['credentials-invalid', 'does not accept the API secret'],
    ['not-permitted', 'may not use this app'],
    ['timeout', 'could not be reached'],
  ])('that Kite answers with %s leaves the present login alone', async (code, words) => {
    const { fixture, callback } = await loginUnderWay();
    await fixture.auth.setToken(OLD, 'paste');
    fixture.kite.exchange = async () => {
      throw new KiteError(code, 'scripted');
    };
    const outcome = await fixture.auth.completeCallback(callback);
    expect(outcome).toMatchObject({ outcome: 'failed', code, message: expect.stringContaining(words) });
    expect(fixture.auth.session?.accessToken).toBe(OLD);
  });

  test.each<[string, KiteErrorCode | 'ok', string]>([
    ['is taken at once when Kite has ended that one', 'token-rejected', 'signed-in'],
    ['is taken soon when Kite keeps both', 'ok', 'failed'],
    ['waits when Kite cannot be asked, and is taken then', 'network', 'failed'],
  ])('that another token was confirmed during %s', async (_case, answer, ending) => {
    const { fixture, callback } = await loginUnderWay();
    const slow = slowExchange(fixture);
    const login = fixture.auth.completeCallback(callback);
    expect((await fixture.auth.setToken(OLD, 'paste')).ok).toBe(true);
    fixture.kite.answers.set(OLD, answer);
    if (answer === 'network') fixture.kite.answer = 'network';
    const asked = fixture.kite.asked.length;
    slow.open();
    expect((await login).outcome).toBe(ending);
    expect(fixture.kite.asked[asked]).toBe(OLD);
    expect(fixture.auth.session?.accessToken).toBe(answer === 'token-rejected' ? NEW : OLD);
    if (answer === 'network') {
      await fixture.clock.advance(120_000);
      expect(fixture.auth.session?.accessToken).toBe(OLD);
      fixture.kite.answer = 'ok';
      fixture.kite.answers.set(OLD, 'token-rejected');
    }
    await fixture.clock.advance(120_000);
    expect(fixture.auth.state.state).toBe('valid');
    expect(fixture.auth.session?.accessToken).toBe(NEW);
  });

  test.each([
    'signOut',
    'cancelLogin',
  ] as const)('whose rival is being asked about when %s is called is not taken', async (end) => {
    const { fixture, callback } = await loginUnderWay();
    const slow = slowExchange(fixture);
    const login = fixture.auth.completeCallback(callback);
    await fixture.auth.setToken(OLD, 'paste');
    fixture.kite.answers.set(OLD, 'token-rejected');
    const question = gate();
    fixture.kite.gate = question.promise;
    slow.open();
    await fixture.clock.advance(0);
    await fixture.auth[end]();
    question.open();
    expect(await login).toMatchObject({ outcome: 'failed', code: 'superseded' });
  });

  test('whose answer comes after a sign-out is not taken', async () => {
    const { fixture, callback } = await loginUnderWay();
    const slow = slowExchange(fixture);
    const login = fixture.auth.completeCallback(callback);
    await fixture.auth.signOut();
    slow.open();
    expect(await login).toMatchObject({ outcome: 'failed', code: 'superseded' });
    expect(fixture.auth.state.state).toBe('signed-out');
  });

  test('says nothing of the request token or the secret, in words or states', async () => {
    const { fixture, callback } = await loginUnderWay();
    await fixture.auth.completeCallback(callback);
    for (const secret of ['rt123456', NEW, 'secret1234']) expect(fixture.said()).not.toContain(secret);
  });
});
