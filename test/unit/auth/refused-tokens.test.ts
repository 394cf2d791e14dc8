import { describe, expect, test } from 'vitest';
import { memorySecretStore } from '../../../src/auth/secret-store.ts';
import { MOST_REFUSED } from '../../../src/auth/token-checks.ts';
import type { KiteErrorCode } from '../../../src/kite/errors.ts';
import { API_KEY, AuthFixture, NEW, OLD } from './auth-fixture.ts';

const away: readonly KiteErrorCode[] = ['network', 'timeout', 'server-error', 'bad-response', 'not-permitted'];
const refusals: readonly KiteErrorCode[] = ['token-rejected', 'credentials-invalid'];

/** Signed in with `OLD`, which Kite has refused since. */
async function refused(refusal: KiteErrorCode, secrets = memorySecretStore()): Promise<AuthFixture> {
  const fixture = new AuthFixture('09:20:00', secrets);
  await fixture.signIn(OLD);
  fixture.kite.answers.set(OLD, refusal);
  await fixture.auth.verify('test');
  await fixture.clock.advance(0);
  expect(fixture.auth.state.state).toBe('expired');
  fixture.kite.answers.clear();
  return fixture;
}

/** The app started anew on the same secrets. */
async function restarted(secrets: ReturnType<typeof memorySecretStore>, answer: 'ok' | KiteErrorCode) {
  const fixture = new AuthFixture('09:25:00', secrets);
  fixture.kite.answer = answer;
  await fixture.auth.restore();
  await fixture.clock.advance(0);
  return fixture;
}

const rejected = { ok: false, error: { code: 'token-rejected', message: expect.stringContaining('cannot be asked') } };

describe.each(refusals)("Kite's no (%s) to a token stands", (refusal) => {
  describe.each(away)('while it cannot be asked (%s)', (answer) => {
    test('when the token is offered again', async () => {
      const fixture = await refused(refusal);
      fixture.kite.answer = answer;
      for (const source of ['file', 'api', 'paste'] as const) {
        expect(await fixture.auth.setToken(OLD, source)).toMatchObject(rejected);
      }
      expect(fixture.auth.state.state).toBe('expired');
      expect(fixture.auth.session).toBeNull();
    });

    test('when another that is not proven is in use', async () => {
      const fixture = await refused(refusal);
      fixture.kite.answer = answer;
      expect((await fixture.auth.setToken(NEW, 'api')).ok).toBe(true);
      await fixture.clock.advance(1_000);
      expect(await fixture.auth.setToken(OLD, 'api')).toMatchObject(rejected);
      expect(fixture.auth.session?.accessToken).toBe(NEW);
      await fixture.clock.advance(600_000);
      expect(fixture.auth.session?.accessToken).toBe(NEW);
    });

    test('after a restart, and a fresh one takes its place', async () => {
      const secrets = memorySecretStore();
      await refused(refusal, secrets);
      const next = await restarted(secrets, answer);
      expect([next.auth.state.state, next.auth.session]).toEqual(['expired', null]);
      expect(await next.auth.setToken(OLD, 'environment')).toMatchObject(rejected);
      expect((await next.auth.setToken(NEW, 'api')).ok).toBe(true);
      expect([next.auth.state.state, next.auth.session?.accessToken]).toEqual(['unverified', NEW]);
    });

    test('after a sign-out and a restart', async () => {
      const secrets = memorySecretStore();
      const first = await refused(refusal, secrets);
      await first.auth.signOut();
      const next = await restarted(secrets, answer);
      expect(await next.auth.setToken(OLD, 'stdin')).toMatchObject(rejected);
      expect(next.auth.state.state).toBe('signed-out');
    });
  });

  test('until Kite says yes to it, in this run', async () => {
    const fixture = await refused(refusal);
    expect((await fixture.auth.setToken(OLD, 'paste')).ok).toBe(true);
    expect(fixture.auth.state.state).toBe('valid');
  });

  test('until Kite says yes to it, in the next: from then on it is one that Kite has confirmed', async () => {
    const secrets = memorySecretStore();
    await refused(refusal, secrets);
    const next = await restarted(secrets, 'ok');
    expect([next.auth.state.state, next.auth.session?.accessToken]).toEqual(['valid', OLD]);
    const last = await restarted(secrets, 'network');
    expect([last.auth.state.state, last.auth.session?.accessToken]).toEqual(['unverified', OLD]);
  });
});

test('also a token that was refused when it was offered is not adopted later', async () => {
  const fixture = new AuthFixture('09:20:00');
  await fixture.configure();
  fixture.kite.answers.set(OLD, 'token-rejected');
  await fixture.auth.setToken(OLD, 'file');
  fixture.kite.answers.set(OLD, 'server-error');
  expect(await fixture.auth.setToken(OLD, 'file')).toMatchObject(rejected);
  expect(fixture.auth.state.state).toBe('signed-out');
});

test('with another API key it is another login', async () => {
  const fixture = await refused('credentials-invalid');
  await fixture.auth.saveCredentials({ apiKey: `${API_KEY}2`, apiSecret: 'secret1234' });
  fixture.kite.answer = 'network';
  expect((await fixture.auth.setToken(OLD, 'paste')).ok).toBe(true);
});

test('only fingerprints of the last few are kept, and none once the credentials are forgotten', async () => {
  const secrets = memorySecretStore();
  const fixture = await refused('token-rejected', secrets);
  fixture.kite.answer = 'token-rejected';
  for (let i = 0; i < MOST_REFUSED + 3; i++) await fixture.auth.setToken(`deadtoken${1000 + i}`, 'api');
  await fixture.clock.advance(0);
  const kept = (await secrets.get('refused')) ?? '';
  expect(JSON.parse(kept)).toHaveLength(MOST_REFUSED);
  expect(kept).not.toMatch(/oldtoken|deadtoken/);
  await fixture.auth.forgetCredentials();
  expect(await secrets.get('refused')).toBeNull();
});

test.each(['not JSON', '{"a":1}', '["not a fingerprint"]'])('a list that reads %s refuses nothing', async (text) => {
  const secrets = memorySecretStore();
  await refused('token-rejected', secrets);
  await secrets.set('refused', text);
  const next = await restarted(secrets, 'network');
  expect([next.auth.state.state, next.auth.session?.accessToken]).toEqual(['unverified', OLD]);
});
