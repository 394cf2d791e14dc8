import { afterEach, beforeEach, expect, test } from 'vitest';
import { kiteRestClient } from '../../../src/kite/rest-client.ts';
import { type Answer, type RestServer, startRestServer } from './rest-server.ts';

const session = { apiKey: 'key123', accessToken: 'SECRETaccess' };
const date = 'Mon, 23 Nov 2026 04:30:00 GMT';

let server: RestServer;
beforeEach(async () => {
  server = await startRestServer();
});
afterEach(() => server[Symbol.asyncDispose]());

/** The dates that one answer of the server told. */
async function toldBy(answer: Answer): Promise<readonly (string | undefined)[]> {
  const told: (string | undefined)[] = [];
  const rest = kiteRestClient({
    endpoints: { apiRoot: server.root, loginRoot: server.root, tickerRoot: '' },
    serverTime: { sent: () => 0, answered: (_sentAtMs, header) => told.push(header) },
  });
  server.answer = { ...answer, headers: { date, ...answer.headers } };
  await rest.profile(session).catch(() => undefined);
  return told;
}

test.each<[string, Answer]>([
  ['success', { body: '{"status":"success","data":{"user_id":"AB1234"}}' }],
  ['a refusal', { status: 403, body: '{"status":"error","message":"no","error_type":"TokenException"}' }],
  ['a refusal with its status last', { status: 403, body: '{"message":"no", "status" : "error"}' }],
  ['a fault of its own', { status: 503, body: '{"status":"error","error_type":"NetworkException"}' }],
])('Kite’s own answer tells the time: %s', async (_name, answer) => {
  expect(await toldBy({ type: 'application/json', ...answer })).toEqual([date]);
});

test.each<[string, Answer]>([
  ['a firewall’s page', { status: 403, type: 'text/html', body: '<html>blocked</html>' }],
  ['a sign-in page of the network', { status: 200, type: 'text/html', body: '<html>welcome</html>' }],
  ['a gateway’s JSON', { status: 403, type: 'application/json', body: '{"error":"forbidden","code":403}' }],
  ['a gateway’s fault', { status: 502, type: 'text/plain', body: 'Bad Gateway' }],
  ['nothing', { status: 403, type: null, body: '' }],
  [
    'a copy that somebody has kept',
    { type: 'application/json', headers: { age: '3600' }, body: '{"status":"success","data":{}}' },
  ],
])('an answer in Kite’s name tells no time: %s', async (_name, answer) => {
  expect(await toldBy(answer)).toEqual([]);
});
