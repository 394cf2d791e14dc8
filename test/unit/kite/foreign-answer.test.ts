import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KiteError } from '../../../src/kite/errors.ts';
import { kiteRestClient } from '../../../src/kite/rest-client.ts';
import type { KiteRest } from '../../../src/kite/session.ts';
import { foreignAnswers, kitesRefusal } from './foreign-answers.ts';
import { type RestServer, startRestServer } from './rest-server.ts';

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
