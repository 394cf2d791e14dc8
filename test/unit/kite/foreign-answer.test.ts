import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KiteError } from '../../../src/kite/errors.ts';
import { kiteRestClient } from '../../../src/kite/rest-client.ts';
import type { KiteRest } from '../../../src/kite/session.ts';
import { foreignAnswers, kitesRefusal } from './foreign-answers.ts';
import { failure, type RestServer, startRestServer } from './rest-server.ts';

const session = { apiKey: 'k', accessToken: 'SECRETTOKEN' };

const calls: readonly (readonly [string, (rest: KiteRest) => Promise<unknown>])[] = [
  ['profile', (rest) => rest.profile(session)],
  ['quotes', (rest) => rest.quotes(session, ['NSE:A'])],
  ['instrument list', (rest) => rest.instruments('NSE')],
  [
    'candles',
    (rest) => rest.candles(session, { token: 1, interval: 'minute', fromMs: 0, toMs: 0, openInterest: false }),
  ],
  ['login exchange', (rest) => rest.createSession({ apiKey: 'k', apiSecret: 's' }, 'r')],
  ['sign-out', (rest) => rest.endSession(session)],
];

let server: RestServer;
let rest: KiteRest;
beforeEach(async () => {
  server = await startRestServer();
  rest = kiteRestClient({ endpoints: { apiRoot: server.root, loginRoot: '', tickerRoot: '' } });
});
afterEach(() => server[Symbol.asyncDispose]());

async function errorOf(call: Promise<unknown>): Promise<KiteError> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof KiteError)) throw new Error('the call should have failed with a KiteError');
  return error;
}

describe.each(calls)('a refusal of the %s that only names a checksum', (name, call) => {
  const words = 'Route /user/profile: checksum mismatch';
  it.each<[number, string]>([
    [400, ''],
    [400, 'GeneralException'],
    [401, 'TokenException'],
    [403, ''],
    [403, 'PermissionException'],
    [404, 'GeneralException'],
    [404, 'InputException'],
    [405, 'TokenException'],
    [422, 'InputException'],
  ])('with status %d and type "%s" says nothing about the login', async (status, type) => {
    server.answer = failure(status, type, words);
    const { code } = await errorOf(call(rest));
    expect(code).toBe(status === 403 ? 'not-permitted' : 'bad-request');
  });

  it.each(['InputException', 'TokenException'])('with status 400 and %s does at the login alone', async (type) => {
    server.answer = failure(400, type, 'Invalid `checksum`.');
    expect((await errorOf(call(rest))).code).toBe(name === 'login exchange' ? 'credentials-invalid' : 'bad-request');
  });

  it('names credentials with status 400 alone', async () => {
    server.answer = failure(404, 'InputException', 'no route for api_key or access_token');
    expect((await errorOf(call(rest))).code).toBe('bad-request');
  });
});

describe.each(calls)('someone else who answers the %s', (_name, call) => {
  it.each(foreignAnswers)('with $name says nothing about the token', async ({ answer, foreign }) => {
    server.answer = answer;
    const error = await errorOf(call(rest));
    expect(['token-rejected', 'credentials-invalid', 'not-permitted']).not.toContain(error.code);
    if (foreign !== undefined) expect(error.foreign).toBe(foreign);
    expect(error.message).not.toMatch(/undefined|<|SECRET/);
  });

  it("while Kite's own refusal in its envelope does", async () => {
    server.answer = kitesRefusal;
    const error = await errorOf(call(rest));
    expect([error.code, error.foreign]).toEqual(['token-rejected', null]);
  });
});
