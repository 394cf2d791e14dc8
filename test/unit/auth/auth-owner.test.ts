import { describe, expect, test } from 'vitest';
import { memorySecretStore, SecretStoreError } from '../../../src/auth/secret-store.ts';
import type { AuthStateName } from '../../../src/contract/states.ts';
import type { KiteErrorCode } from '../../../src/kite/errors.ts';
import { instantOf } from '../../../src/market/ist.ts';
import { API_KEY, AuthFixture, gate, NEW, OLD, storedLogin } from './auth-fixture.ts';

const today = (time: string): number => instantOf('2026-11-23', time);

describe('starting', () => {
  test('without anything stored it is unconfigured and asks nobody', async () => {
    const fixture = new AuthFixture('08:00:00');
    await fixture.auth.restore();
    expect(fixture.auth.state.state).toBe('unconfigured');
    expect(fixture.kite.asked).toEqual([]);
  });

  test('a stored login is restored at once and proven by one question', async () => {
    const secrets = await storedLogin({ adoptedAtMs: today('07:50'), loginAtMs: today('07:50') });
    const fixture = new AuthFixture('08:00:00', secrets);
    await fixture.auth.restore();
    expect(fixture.auth.state).toMatchObject({ state: 'unverified', userId: 'AB1234', apiKeyHint: 'abcd…wxyz' });
    await fixture.clock.advance(0);
    expect(fixture.auth.state.state).toBe('valid');
    expect(fixture.kite.asked).toEqual([OLD]);
  });

  test("yesterday's login is suspect until Kite has answered", async () => {
    const secrets = await storedLogin({ adoptedAtMs: instantOf('2026-11-22', '09:00') });
    const fixture = new AuthFixture('08:00:00', secrets);
    fixture.kite.answer = 'token-rejected';
    await fixture.auth.restore();
    expect(fixture.auth.state.state).toBe('suspect');
    expect(fixture.auth.session).toBeNull();
    await fixture.clock.advance(0);
    expect(fixture.auth.state.state).toBe('expired');
  });

  test('a stored login that cannot be understood is deleted, and that is said', async () => {
    const secrets = await storedLogin({ adoptedAtMs: 0 });
    await secrets.set('session', '{"accessToken":');
    const fixture = new AuthFixture('08:00:00', secrets);
    await fixture.auth.restore();
    await fixture.clock.advance(0);
    expect(fixture.auth.state.state).toBe('signed-out');
    expect(await secrets.get('session')).toBeNull();
    expect(fixture.log.join()).toContain('could not be understood');
  });

  test('a secret store that fails leaves a working app that says so', async () => {
    const fail = async (): Promise<never> => {
      throw new SecretStoreError('The system keychain could not be read: it does not answer.');
    };
    const fixture = new AuthFixture('08:00:00', {
      kind: 'keychain',
      recovery: null,
      get: fail,
      set: fail,
      delete: fail,
    });
    await fixture.auth.restore();
    await fixture.signIn();
    await fixture.clock.advance(0);
    expect(fixture.auth.state.state).toBe('valid');
    expect(fixture.log.join()).toContain('lasts for this run only');
  });
});

describe('a new token', () => {
  test('swaps in everywhere within the turn of Kite’s answer, without a restart', async () => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.signIn(OLD);
    const before = fixture.clock.now();
    await fixture.auth.setToken(NEW, 'api');
    expect(fixture.sessions.at(-1)).toEqual({ atMs: before, session: { apiKey: API_KEY, accessToken: NEW } });
    expect(fixture.auth.session?.accessToken).toBe(NEW);
  });

  test('is told to the users of the session before the state changes', async () => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.configure();
    const order: string[] = [];
    fixture.auth.onSession(() => order.push('session'));
    fixture.auth.onChange((state) => order.push(state.state));
    await fixture.auth.setToken(NEW, 'file');
    expect(order).toEqual(['session', 'valid']);
  });

  test('that Kite refuses leaves a valid login as it was', async () => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.signIn(OLD);
    fixture.kite.answers.set(NEW, 'token-rejected');
    expect(await fixture.auth.setToken(NEW, 'paste')).toMatchObject({ ok: false, error: { code: 'token-rejected' } });
    expect(fixture.auth.state.state).toBe('valid');
    expect(fixture.auth.session?.accessToken).toBe(OLD);
    expect(fixture.sessions).toHaveLength(1);
  });

  test('that Kite refuses while signed out is the reason shown', async () => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.configure();
    fixture.kite.answer = 'token-rejected';
    await fixture.auth.setToken(NEW, 'file');
    expect(fixture.auth.state).toMatchObject({
      state: 'signed-out',
      reason: 'Kite does not accept the token from the token file.',
    });
  });

  test('that cannot be checked is taken as unverified when there is nothing to lose, and proven later', async () => {
    const fixture = new AuthFixture('08:40:00');
    await fixture.configure();
    fixture.kite.answer = 'network';
    expect((await fixture.auth.setToken(NEW, 'api')).ok).toBe(true);
    expect(fixture.auth.state.state).toBe('unverified');
    expect(fixture.auth.session?.accessToken).toBe(NEW);
    fixture.kite.answer = 'ok';
    await fixture.clock.advance(35_000);
    expect(fixture.auth.state).toMatchObject({ state: 'valid', userId: 'AB1234' });
  });

  test('that cannot be checked waits behind a valid login until Kite answers', async () => {
    const fixture = new AuthFixture('08:40:00');
    await fixture.signIn(OLD);
    fixture.kite.answer = 'timeout';
    expect(await fixture.auth.setToken(NEW, 'file')).toMatchObject({ ok: false, error: { code: 'unverified' } });
    expect(fixture.auth.session?.accessToken).toBe(OLD);
    await fixture.clock.advance(12_000);
    fixture.kite.answer = 'ok';
    await fixture.clock.advance(20_000);
    expect(fixture.auth.session?.accessToken).toBe(NEW);
    const asked = fixture.kite.asked.length;
    await fixture.clock.advance(600_000);
    expect(fixture.kite.asked).toHaveLength(asked);
  });

  test('a late answer about an older token never displaces a newer one', async () => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.configure();
    const slow = gate();
    fixture.kite.gate = slow.promise;
    const older = fixture.auth.setToken(OLD, 'api');
    fixture.kite.gate = null;
    await fixture.auth.setToken(NEW, 'api');
    slow.open();
    expect(await older).toMatchObject({ ok: false, error: { code: 'superseded' } });
    expect(fixture.auth.session?.accessToken).toBe(NEW);
  });

  test('an older token is still taken when the newer one turns out to be bad', async () => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.configure();
    const slow = gate();
    fixture.kite.gate = slow.promise;
    const older = fixture.auth.setToken(OLD, 'api');
    fixture.kite.gate = null;
    fixture.kite.answers.set(NEW, 'token-rejected');
    await fixture.auth.setToken(NEW, 'api');
    slow.open();
    expect((await older).ok).toBe(true);
    expect(fixture.auth.session?.accessToken).toBe(OLD);
  });

  test.each<[string, KiteErrorCode]>([
    ['a late 403', 'token-rejected'],
    ['a late failure', 'timeout'],
  ])('%s about the old token does not touch the new one', async (_case, code) => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.signIn(OLD);
    fixture.kite.answers.set(OLD, code);
    const slow = gate();
    fixture.kite.gate = slow.promise;
    const check = fixture.auth.verify('test');
    fixture.kite.gate = null;
    await fixture.auth.setToken(NEW, 'api');
    slow.open();
    expect(await check).toBe('superseded');
    expect(fixture.auth.state).toMatchObject({ state: 'valid', reason: null });
  });

  test('what is not a token is refused without asking Kite', async () => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.configure();
    expect(await fixture.auth.setToken('has spaces in it', 'paste')).toMatchObject({ error: { code: 'bad-token' } });
    expect(fixture.kite.asked).toEqual([]);
  });

  test('survives a restart through the secret store, and a sign-out does not', async () => {
    const first = new AuthFixture('09:20:00');
    await first.signIn(NEW);
    await first.clock.advance(0);
    const second = new AuthFixture('09:30:00', first.secrets);
    await second.auth.restore();
    expect(second.auth.session?.accessToken).toBe(NEW);
    await second.auth.signOut();
    const third = new AuthFixture('09:40:00', first.secrets);
    await third.auth.restore();
    expect(third.auth.state.state).toBe('signed-out');
  });

  test('appears in no state, reason or log line, whatever goes wrong', async () => {
    const fixture = new AuthFixture('09:20:00');
    const codes: readonly KiteErrorCode[] = ['timeout', 'token-rejected', 'credentials-invalid', 'bad-response'];
    for (const code of codes) {
      await fixture.signIn(OLD);
      fixture.kite.answer = code;
      await fixture.auth.setToken(NEW, 'stdin');
      await fixture.auth.verify('test');
      fixture.kite.answer = 'ok';
    }
    await fixture.auth.signOut();
    expect(fixture.log.length).toBeGreaterThan(4);
    for (const secret of [OLD, NEW, API_KEY, 'secret1234']) expect(fixture.said()).not.toContain(secret);
  });
});

describe('validation', () => {
  test.each<[KiteErrorCode, AuthStateName]>([
    ['token-rejected', 'expired'],
    ['credentials-invalid', 'expired'],
    ['not-permitted', 'valid'],
    ['rate-limited', 'valid'],
    ['server-error', 'valid'],
    ['bad-response', 'valid'],
    ['network', 'valid'],
    ['timeout', 'valid'],
  ])('one answer of %s to a confirmed token leaves it %s', async (code, expected) => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.signIn();
    fixture.kite.answer = code;
    await fixture.auth.verify('test');
    expect(fixture.auth.state.state).toBe(expected);
    expect(fixture.auth.session === null).toBe(expected === 'expired');
  });

  test('happens once however many ask at the same time', async () => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.signIn();
    const asked = fixture.kite.asked.length;
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => fixture.auth.verify('test')));
    expect(new Set(outcomes)).toEqual(new Set(['confirmed']));
    expect(fixture.kite.asked).toHaveLength(asked + 1);
  });

  test('over a whole day asks every 30 seconds while needed, never twice at once, and stops when not', async () => {
    const fixture = new AuthFixture('08:49:00');
    await fixture.signIn();
    fixture.auth.keepValidated(true);
    await fixture.clock.advanceTo('2026-11-23T15:45:00+05:30');
    const calls = fixture.kite.asked.length;
    expect(calls).toBeGreaterThanOrEqual(830);
    expect(calls).toBeLessThanOrEqual(835);
    expect(fixture.kite.mostOutstanding).toBe(1);
    fixture.auth.keepValidated(false);
    await fixture.clock.advanceTo('2026-11-24T05:59:00+05:30');
    expect(fixture.kite.asked).toHaveLength(calls);
  });

  test('a slow Kite is never asked a second time before it has answered', async () => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.signIn();
    const slow = gate();
    fixture.kite.gate = slow.promise;
    fixture.auth.keepValidated(true);
    await fixture.clock.advance(600_000);
    expect(fixture.kite.outstanding).toBe(1);
    slow.open();
    await fixture.clock.advance(0);
    expect(fixture.auth.state.state).toBe('valid');
  });

  test('a network that flaps all day makes no storm, and a 403 in between is heard', async () => {
    const fixture = new AuthFixture('08:50:00');
    await fixture.signIn();
    fixture.auth.keepValidated(true);
    fixture.kite.answer = 'network';
    await fixture.clock.advance(3_600_000);
    expect(fixture.auth.state).toMatchObject({ state: 'unverified', checkedAt: today('08:50') });
    expect(fixture.auth.session).not.toBeNull();
    expect(fixture.kite.asked.length).toBeLessThanOrEqual(70);
    fixture.kite.answer = 'ok';
    await fixture.clock.advance(67_000);
    expect(fixture.auth.state.state).toBe('valid');
    fixture.kite.answer = 'network';
    await fixture.clock.advance(60_000);
    fixture.kite.answer = 'token-rejected';
    await fixture.clock.advance(67_000);
    expect(fixture.auth.state.state).toBe('expired');
    const asked = fixture.kite.asked.length;
    fixture.kite.answer = 'network';
    await fixture.clock.advance(3_600_000);
    expect(fixture.kite.asked).toHaveLength(asked);
    expect(fixture.auth.state.state).toBe('expired');
  });

  test('a rate limit is answered with the longest wait at once', async () => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.signIn();
    fixture.auth.keepValidated(true);
    fixture.kite.answer = 'rate-limited';
    await fixture.clock.advance(30_000);
    const asked = fixture.kite.asked.length;
    await fixture.clock.advance(59_000);
    expect(fixture.kite.asked).toHaveLength(asked);
    await fixture.clock.advance(2_000);
    expect(fixture.kite.asked).toHaveLength(asked + 1);
  });
});

describe('the 06:00 deadline', () => {
  test('makes a valid token suspect at 06:00:00, and a yes from Kite makes it valid again', async () => {
    const fixture = new AuthFixture('05:30:00');
    await fixture.signIn();
    await fixture.clock.advanceTo('2026-11-23T05:59:59+05:30');
    expect(fixture.auth.state.state).toBe('valid');
    await fixture.clock.advance(1_000);
    expect(fixture.auth.state.state).toBe('suspect');
    expect(fixture.sessions.at(-1)?.session).toBeNull();
    await fixture.auth.verify('06:05 check');
    expect(fixture.auth.state.state).toBe('valid');
    expect(fixture.sessions.at(-1)?.session?.accessToken).toBe(OLD);
  });

  test('is found out after a sleep, and taken back when the clock is set right', async () => {
    const fixture = new AuthFixture('01:00:00');
    await fixture.signIn();
    fixture.clock.jump(8 * 3_600_000);
    fixture.auth.reevaluate();
    expect(fixture.auth.state.state).toBe('suspect');
    fixture.clock.jump(-8 * 3_600_000);
    fixture.auth.reevaluate();
    expect(fixture.auth.state.state).toBe('valid');
    await fixture.clock.advanceTo('2026-11-23T06:00:00+05:30');
    expect(fixture.auth.state.state).toBe('suspect');
  });
});

describe('a 403 reported from elsewhere', () => {
  test('with a token that Kite confirms means the token is fine', async () => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.signIn();
    expect(await fixture.auth.reportRejected('socket')).toBe('token-fine');
    expect(fixture.auth.state.state).toBe('valid');
  });

  test('with a token that Kite refuses means it is dead, told within the same moment', async () => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.signIn();
    fixture.kite.answer = 'token-rejected';
    expect(await fixture.auth.reportRejected('rest')).toBe('token-dead');
    expect(fixture.sessions.at(-1)?.session).toBeNull();
    const asked = fixture.kite.asked.length;
    expect(await fixture.auth.reportRejected('socket')).toBe('token-dead');
    expect(fixture.kite.asked).toHaveLength(asked);
  });

  test('while Kite cannot be reached means nothing', async () => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.signIn();
    fixture.kite.answer = 'network';
    expect(await fixture.auth.reportRejected('socket')).toBe('unknown');
    expect(fixture.auth.state.state).toBe('valid');
  });

  test('is not put down to a yes that was asked for before it', async () => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.signIn();
    const slow = gate();
    fixture.kite.gate = slow.promise;
    void fixture.auth.verify('regular check');
    fixture.kite.answer = 'token-rejected';
    const reports = Array.from({ length: 20 }, () => fixture.auth.reportRejected('socket'));
    const asked = fixture.kite.asked.length;
    fixture.kite.gate = null;
    slow.open();
    expect(new Set(await Promise.all(reports))).toEqual(new Set(['token-dead']));
    expect(fixture.kite.asked).toHaveLength(asked + 1);
  });
});

describe('credentials and signing out', () => {
  test('another api key ends the login here; the same key keeps it', async () => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.signIn();
    await fixture.auth.saveCredentials({ apiKey: API_KEY, apiSecret: 'changed9876' });
    expect(fixture.auth.state.state).toBe('valid');
    await fixture.auth.saveCredentials({ apiKey: 'other9876key54321', apiSecret: 'changed9876' });
    expect(fixture.auth.state.state).toBe('signed-out');
    expect(await fixture.secrets.get('session')).toBeNull();
  });

  test('forgetting removes every secret', async () => {
    const secrets = memorySecretStore();
    const fixture = new AuthFixture('09:20:00', secrets);
    await fixture.signIn();
    await fixture.auth.forgetCredentials();
    expect(fixture.auth.state).toMatchObject({ state: 'unconfigured', apiKeyHint: null });
    expect([await secrets.get('api-key'), await secrets.get('api-secret'), await secrets.get('session')]).toEqual([
      null,
      null,
      null,
    ]);
  });

  test('signing out takes effect here at once, and without Kite too', async () => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.signIn();
    fixture.kite.answer = 'network';
    const done = fixture.auth.signOut();
    expect(fixture.auth.state.state).toBe('signed-out');
    expect(fixture.auth.session).toBeNull();
    await done;
    expect(fixture.kite.ended).toEqual([OLD]);
    expect(fixture.log.at(-1)).toContain('could not be told');
  });

  test('disposing leaves no timer behind and ignores what is still to come', async () => {
    const fixture = new AuthFixture('09:20:00');
    await fixture.signIn();
    fixture.auth.keepValidated(true);
    const slow = gate();
    fixture.kite.gate = slow.promise;
    const check = fixture.auth.verify('test');
    fixture.auth[Symbol.dispose]();
    slow.open();
    expect(await check).toBe('superseded');
    expect(fixture.clock.pending).toBe(0);
  });
});
