import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { AuthOwner } from '../../../src/auth/auth-owner.ts';
import { memorySecretStore, type SecretStore } from '../../../src/auth/secret-store.ts';
import { watchTokenFile } from '../../../src/auth/token-file.ts';
import { zerodhaEndpoints } from '../../../src/kite/endpoints.ts';
import { kiteRestClient } from '../../../src/kite/rest-client.ts';
import { HomeTasks } from '../../../src/storage/disk-tasks.ts';
import { promisedDisk } from '../../support/test-disk.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { foreignAnswers, kitesRefusal } from '../kite/foreign-answers.ts';
import { type Answer, type RestServer, startRestServer } from '../kite/rest-server.ts';
import { API_KEY, NEW, OLD, REDIRECT, storedLogin } from './auth-fixture.ts';

const profile: Answer = { body: '{"status":"success","data":{"user_id":"AB1234","user_name":"Asha Trader"}}' };
const someoneElse: Answer = { body: '{"status":"success","data":{"user_id":"ZZ9999","user_name":"Other"}}' };

/** The login's owner on the real REST client, whose answers come from a server on loopback. */
function ownerOn(server: RestServer, secrets: SecretStore): { auth: AuthOwner; clock: VirtualClock } {
  const clock = new VirtualClock('2026-11-23T10:00:00+05:30');
  const auth = new AuthOwner({
    clock,
    rest: kiteRestClient({ endpoints: { ...zerodhaEndpoints, apiRoot: server.root } }),
    secrets,
    endpoints: zerodhaEndpoints,
    redirectUrl: () => REDIRECT,
    random: () => 0.5,
    log: () => {},
  });
  onTestFinished(() => auth[Symbol.dispose]());
  return { auth, clock };
}

let server: RestServer;
beforeEach(async () => {
  server = await startRestServer();
  server.answer = profile;
});
afterEach(() => server[Symbol.asyncDispose]());

/** Signed in and confirmed by Kite. */
async function signedIn(): Promise<{ auth: AuthOwner; clock: VirtualClock }> {
  const owner = ownerOn(server, memorySecretStore());
  await owner.auth.saveCredentials({ apiKey: API_KEY, apiSecret: 'secret1234' });
  await owner.auth.setToken(OLD, 'paste');
  expect(owner.auth.state.state).toBe('valid');
  return owner;
}

const table = [...foreignAnswers, { name: "another user's profile", answer: someoneElse }];

describe.each(table)('$name in Kite’s place', ({ name, answer }) => {
  const isProfile = answer === someoneElse;

  test('leaves a restored login unverified, and says why', async () => {
    const today = Date.parse('2026-11-23T08:10:00+05:30');
    const { auth } = ownerOn(server, await storedLogin({ adoptedAtMs: today, loginAtMs: today }));
    server.answer = answer;
    await auth.restore();
    await auth.verify('test');
    expect(auth.state.state).toBe('unverified');
    expect(auth.state.reason).toMatch(/^The login could not be checked: /);
    expect(auth.session?.accessToken).toBe(OLD);
    server.answer = profile;
    expect(await auth.verify('test')).toBe('confirmed');
    expect(auth.state.state).toBe('valid');
  });

  test('never ends a confirmed login, however often it comes, and Kite’s own word then does', async () => {
    const { auth } = await signedIn();
    server.answer = answer;
    for (let check = 1; check <= 6; check++) {
      expect(await auth.verify('regular check')).toBe('unanswered');
      expect(auth.state.state).toBe(check <= 3 ? 'valid' : 'unverified');
      expect(auth.session?.accessToken).toBe(OLD);
    }
    server.answer = kitesRefusal;
    await auth.verify('regular check');
    expect([auth.state.state, auth.session]).toEqual(['expired', null]);
  });

  test.runIf(!isProfile)('gets no made-up token past a good login, by any way in', async () => {
    const { auth, clock } = await signedIn();
    server.answer = answer;
    for (const source of ['api', 'paste', 'stdin', 'environment'] as const) {
      expect(await auth.setToken(NEW, source)).toMatchObject({ ok: false, error: { code: 'unverified' } });
      expect(auth.session?.accessToken).toBe(OLD);
    }
    const folder = mkdtempSync(join(tmpdir(), 'token-file-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'token.txt');
    const taken = Promise.withResolvers<unknown>();
    using _watcher = watchTokenFile({
      disk: promisedDisk(new HomeTasks('', () => undefined, clock)),
      path,
      clock,
      realClock: clock,
      log: () => {},
      onToken: (token, writtenAtMs) => taken.resolve(auth.setToken(token, 'file', writtenAtMs)),
    });
    writeFileSync(path, NEW);
    await clock.advance(300);
    expect(await taken.promise).toMatchObject({ ok: false, error: { code: 'unverified' } });
    expect([auth.session?.accessToken, auth.state.state]).toEqual([OLD, 'valid']);
  });

  test.runIf(!isProfile)('fails a login that is being finished, and leaves the one in use', async () => {
    const { auth } = await signedIn();
    const started = auth.startLogin();
    const params = new URL(started.ok ? started.value.url : '').searchParams.get('redirect_params') ?? '';
    server.answer = answer;
    const outcome = await auth.completeCallback(`${REDIRECT}?status=success&request_token=rt123456&${params}`);
    expect(outcome.outcome).toBe('failed');
    expect([auth.session?.accessToken, auth.state.pendingLogin]).toEqual([OLD, null]);
    expect(auth.state.loginFailure).toMatch(/ign in again/);
    expect(auth.state.loginFailure, name).not.toMatch(/used already|API secret/);
  });
});
