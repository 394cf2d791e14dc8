import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { kiteRestClient } from '../../../src/kite/rest-client.ts';
import type { KiteRest } from '../../../src/kite/session.ts';
import { foreignAnswers } from './foreign-answers.ts';
import { type Answer, type RestServer, startRestServer } from './rest-server.ts';

const session = { apiKey: 'key123', accessToken: 'SECRETaccess' };
const date = 'Mon, 23 Nov 2026 04:30:00 GMT';

let server: RestServer;
beforeEach(async () => {
  server = await startRestServer();
});
afterEach(() => server[Symbol.asyncDispose]());

type Call = (rest: KiteRest) => Promise<unknown>;
const calls = {
  profile: (rest) => rest.profile(session),
  instruments: (rest) => rest.instruments('NSE'),
} as const satisfies Record<string, Call>;

/** The dates that one answer of the server told. */
async function toldBy(answer: Answer, call: Call = calls.profile): Promise<readonly (string | undefined)[]> {
  const told: (string | undefined)[] = [];
  const rest = kiteRestClient({
    endpoints: { apiRoot: server.root, loginRoot: server.root, tickerRoot: '' },
    serverTime: { sent: () => 0, answered: (_sentAtMs, header) => told.push(header) },
  });
  server.answer = { ...answer, headers: { date, ...answer.headers } };
  await call(rest).catch(() => undefined);
  return told;
}

test.each<[string, Answer]>([
  ['success', { body: '{"status":"success","data":{"user_id":"AB1234"}}' }],
  ['a refusal', { status: 403, body: '{"status":"error","message":"no","error_type":"TokenException"}' }],
  [
    'a refusal with its status last',
    { status: 403, body: '{"message":"no", "error_type":"TokenException", "status" : "error"}' },
  ],
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

const header =
  'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange';
const list = `${header}\n1,1,A,A,0,,0,0.05,1,EQ,NSE,NSE\n`;

test('a list that can be read as Kite’s tells the time', async () => {
  expect(await toldBy({ type: 'text/csv', body: list }, calls.instruments)).toEqual([date]);
});

/** All that is not Kite's by its form: the two with Kite's envelope are judged by what is in it. */
const notKites: readonly (readonly [string, Answer])[] = [
  ...foreignAnswers
    .filter(({ name, foreign }) => foreign !== undefined || name.includes('502'))
    .map(({ name, answer }) => [name, answer] as const),
  ['a portal’s JSON', { body: '{"status":"error","code":511,"message":"sign in"}' }],
  ['a gateway’s refusal', { status: 403, body: '{"status":"error","message":"no"}' }],
  ['a success without anything', { body: '{"status":"success"}' }],
  ['a status within other JSON', { body: '{"error":{"status":"success","data":{}}}' }],
  [
    'Kite’s form with a network’s status',
    { status: 511, body: '{"status":"error","error_type":"","message":"sign in"}' },
  ],
  ['a table of something else', { type: 'text/csv', body: 'time,user\n1,2\n' }],
  ['an empty table', { type: 'text/csv', body: '' }],
  ['the head of a list', { type: 'text/csv', body: header }],
];

describe.each(Object.entries(calls))('an answer to %s that is not Kite’s', (_call, call) => {
  test.each(notKites)('tells no time: %s', async (_name, answer) => {
    expect(await toldBy(answer, call)).toEqual([]);
  });
});

test('a list that comes where none was asked for tells no time', async () => {
  expect(await toldBy({ type: 'text/csv', body: list })).toEqual([]);
});
