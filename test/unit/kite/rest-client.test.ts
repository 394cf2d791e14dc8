import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KiteError, type KiteErrorCode } from '../../../src/kite/errors.ts';
import { checksum } from '../../../src/kite/login.ts';
import { kiteRestClient } from '../../../src/kite/rest-client.ts';
import type { KiteRest } from '../../../src/kite/session.ts';
import { type Answer, failure, type RestServer, startRestServer, success } from './rest-server.ts';
import { NOT_HERE, sharedPath } from './shared-data.ts';

const session = { apiKey: 'key123', accessToken: 'SECRETaccess' };
const credentials = { apiKey: 'key123', apiSecret: 'SECRETsecret' };
const html = '<html><body>Under maintenance</body></html>';

let server: RestServer;
let rest: KiteRest;
let log: string[];

function clientAt(root: string, timeoutMs?: number): KiteRest {
  return kiteRestClient({
    endpoints: { apiRoot: root, loginRoot: root, tickerRoot: '' },
    log: (line) => log.push(line),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

async function failureOf(call: Promise<unknown>): Promise<KiteError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof KiteError) return error;
    throw new Error(`not a KiteError: ${String(error)}`);
  }
  throw new Error('the call did not fail');
}

beforeEach(async () => {
  log = [];
  server = await startRestServer();
  rest = clientAt(server.root);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server[Symbol.asyncDispose]();
});

function mock(name: string): Answer | null {
  const path = sharedPath(`kite-mocks/${name}`);
  return path === null ? null : { body: readFileSync(path, 'utf8') };
}

describe('kiteRestClient asks', () => {
  it('for a session with the checksum of key, request token and secret, and keeps what the app uses', async () => {
    server.answer = success({
      user_id: 'AB1234',
      user_name: 'A Trader',
      access_token: 'fresh',
      enctoken: 'x',
      login_time: '2026-11-23 08:31:02',
    });
    expect(await rest.createSession(credentials, 'req1')).toEqual({
      userId: 'AB1234',
      userName: 'A Trader',
      accessToken: 'fresh',
      loginAtMs: Date.parse('2026-11-23T08:31:02+05:30'),
    });
    const [asked] = server.asked;
    expect([asked?.method, asked?.path]).toEqual(['POST', '/session/token']);
    expect(asked?.headers).toMatchObject({ 'x-kite-version': '3' });
    expect(asked?.headers).not.toHaveProperty('authorization');
    expect(Object.fromEntries(asked?.form ?? [])).toEqual({
      api_key: 'key123',
      request_token: 'req1',
      checksum: checksum('key123', 'req1', 'SECRETsecret'),
    });
  });

  it('to end a session', async () => {
    server.answer = success(true);
    await rest.endSession(session);
    const [asked] = server.asked;
    expect([asked?.method, asked?.path]).toEqual(['DELETE', '/session/token']);
    expect(Object.fromEntries(asked?.query ?? [])).toEqual({ api_key: 'key123', access_token: 'SECRETaccess' });
  });

  it('for a profile, signed, and does without a name', async () => {
    server.answer = success({ user_id: 'AB1234', user_name: null, avatar_url: null });
    expect(await rest.profile(session)).toEqual({ userId: 'AB1234', userName: 'AB1234' });
    expect(server.asked[0]?.headers.authorization).toBe('token key123:SECRETaccess');
  });

  it('for quotes of up to 500 keys, and reads an index that has no volume, depth or last trade', async () => {
    const ohlc = { open: 26_000, high: 26_100.5, low: 25_900, close: 25_950.25 };
    server.answer = success({
      'NSE:NIFTY 50': {
        instrument_token: 256265,
        timestamp: '2026-11-23 09:15:01',
        last_price: 26_050.1,
        net_change: 0,
        indicative_close_price: 0,
        ohlc,
      },
      'NSE:M&M': {
        instrument_token: 519937,
        last_price: 3000,
        oi: 0,
        timestamp: '',
        ohlc,
        depth: { buy: [], sell: [] },
      },
      'NSE:BROKEN': { instrument_token: 'x' },
    });
    const quotes = await rest.quotes(session, ['NSE:NIFTY 50', 'NSE:M&M', 'NSE:BROKEN']);
    expect([...quotes.keys()]).toEqual(['NSE:NIFTY 50', 'NSE:M&M']);
    expect(quotes.get('NSE:NIFTY 50')).toEqual({
      key: 'NSE:NIFTY 50',
      token: 256265,
      lastPrice: 26_050.1,
      lastQuantity: null,
      averagePrice: null,
      volume: null,
      buyQuantity: null,
      sellQuantity: null,
      ...ohlc,
      openInterest: null,
      exchangeTimeMs: Date.parse('2026-11-23T09:15:01+05:30'),
      lastTradeTimeMs: null,
      bids: [],
      asks: [],
    });
    expect(quotes.get('NSE:M&M')).toMatchObject({ openInterest: 0, exchangeTimeMs: null });
    expect(server.asked[0]?.query.getAll('i')).toEqual(['NSE:NIFTY 50', 'NSE:M&M', 'NSE:BROKEN']);
    expect(await rest.quotes(session, [])).toEqual(new Map());
    const tooMany = Array.from({ length: 501 }, (_, index) => `NSE:A${index}`);
    expect((await failureOf(rest.quotes(session, tooMany))).code).toBe('bad-request');
    expect(server.asked).toHaveLength(1);
  });

  it('for candles, and names the rows that are none by their time where that can be read', async () => {
    const good = ['2026-11-23T09:15:00+0530', 1, 4, 0.5, 2, 100];
    const fromMs = Date.parse('2026-11-23T09:15:00+05:30');
    const [second, third] = ['2026-11-23T09:16:00+0530', '2026-11-23T09:17:00+0530'];
    const table: readonly (readonly [unknown, number | null])[] = [
      [[second, 0, 0, 0, 0, 0], fromMs + 60_000],
      [[second, null, null, null, null, null], fromMs + 60_000],
      [[third, 1, -4, 0.5, 2, 100], fromMs + 120_000],
      [[third], fromMs + 120_000],
      [['yesterday', 1, 4, 0.5, 2, 100], null],
      [null, null],
      [{}, null],
    ];
    for (const [row, start] of table) {
      server.answer = success({ candles: [good, row] });
      const refused: (number | null)[] = [];
      const onRefused = (starts: readonly (number | null)[]) => void refused.push(...starts);
      const range = { token: 1, interval: 'minute', fromMs, toMs: fromMs, openInterest: false } as const;
      expect(await rest.candles(session, { ...range, onRefused })).toHaveLength(1);
      expect(refused).toEqual([start]);
    }
  });

  it('for candles between IST times, and keeps an open interest of 0', async () => {
    server.answer = success({
      candles: [
        ['2026-11-23T09:15:00+0530', 1, 4, 0.5, 2, 100, 0],
        ['2026-11-23T09:16:00+0530', 2, 4, 0.5, 3, 0],
      ],
    });
    const fromMs = Date.parse('2026-11-23T09:15:00+05:30');
    const request = {
      token: 12_683_010,
      interval: 'minute',
      fromMs,
      toMs: fromMs + 3_600_000,
      openInterest: true,
    } as const;
    const candles = await rest.candles(session, request);
    expect(candles).toEqual([
      { startMs: fromMs, open: 1, high: 4, low: 0.5, close: 2, volume: 100, openInterest: 0 },
      { startMs: fromMs + 60_000, open: 2, high: 4, low: 0.5, close: 3, volume: 0, openInterest: null },
    ]);
    const [asked] = server.asked;
    expect(asked?.path).toBe('/instruments/historical/12683010/minute');
    expect(Object.fromEntries(asked?.query ?? [])).toMatchObject({
      from: '2026-11-23 09:15:00',
      to: '2026-11-23 10:15:00',
      oi: '1',
      continuous: '0',
    });
  });

  it.each(['text/csv', 'text/csv; charset=utf-8'])('for instruments without a session, sent as %s', async (type) => {
    const csv = [
      'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange',
      '17512194,68407,NIFTY26SEPFUT,"NIFTY",0,2026-09-29,0,0.1,65,FUT,NFO-FUT,NFO',
      'not a row',
      '',
    ].join('\n');
    server.answer = { type, body: csv };
    const instruments = await rest.instruments('NFO');
    expect(instruments).toEqual([
      {
        key: 'NFO:NIFTY26SEPFUT',
        token: 17_512_194,
        exchange: 'NFO',
        tradingSymbol: 'NIFTY26SEPFUT',
        name: 'NIFTY',
        expiry: '2026-09-29',
        strike: 0,
        tickSize: 0.1,
        lotSize: 65,
        type: 'FUT',
        segment: 'NFO-FUT',
        hours: 'NFO_FUT',
      },
    ]);
    expect(log).toEqual(['1 row of the NFO instrument list cannot be read and is left out: not a row']);
    expect(server.asked[0]?.path).toBe('/instruments/NFO');
    expect(server.asked[0]?.headers).not.toHaveProperty('authorization');
    expect((await failureOf(rest.instruments('../user/profile'))).code).toBe('bad-request');
  });

  it("and understands Zerodha's published answers", async ({ skip }) => {
    const [profile, quote, login, minute, withInterest] = [
      mock('profile.json'),
      mock('quote.json'),
      mock('generate_session.json'),
      mock('historical_minute.json'),
      mock('historical_oi.json'),
    ];
    if (profile === null || quote === null || login === null || minute === null || withInterest === null)
      return skip(NOT_HERE);
    server.answer = profile;
    expect(await rest.profile(session)).toEqual({ userId: 'AB1234', userName: 'AxAx Bxx' });
    server.answer = quote;
    const infosys = (await rest.quotes(session, ['NSE:INFY'])).get('NSE:INFY');
    expect(infosys).toMatchObject({ token: 408_065, volume: 7_360_198, openInterest: 0 });
    expect(infosys?.exchangeTimeMs).toBe(Date.parse('2021-06-08T15:45:56+05:30'));
    expect([infosys?.bids.length, infosys?.asks.length]).toEqual([5, 5]);
    server.answer = login;
    expect((await rest.createSession(credentials, 'r')).userId).toBe('XX0000');
    const range = { token: 1, interval: 'minute', fromMs: 0, toMs: 0, openInterest: true } as const;
    server.answer = minute;
    const [first] = await rest.candles(session, range);
    expect(first).toMatchObject({ startMs: Date.parse('2017-12-15T09:15:00+05:30'), openInterest: null });
    server.answer = withInterest;
    expect((await rest.candles(session, range))[0]?.openInterest).toBe(13_667_775);
  });
});

describe('kiteRestClient fails with a KiteError', () => {
  const answers: readonly { readonly name: string; readonly answer: Answer; readonly code: KiteErrorCode }[] = [
    {
      name: 'a dead token',
      answer: failure(403, 'TokenException', 'Incorrect `api_key` or `access_token`.'),
      code: 'token-rejected',
    },
    {
      name: 'a plan without the right',
      answer: failure(403, 'PermissionException', 'Not allowed'),
      code: 'not-permitted',
    },
    {
      name: 'a user who is not enabled',
      answer: failure(403, 'ForbiddenError', 'The user is not enabled on the app.'),
      code: 'not-permitted',
    },
    { name: "a firewall's 403 page", answer: { status: 403, type: 'text/html', body: html }, code: 'bad-response' },
    {
      name: 'malformed credentials',
      answer: failure(400, 'InputException', 'Invalid `api_key` or `access_token`.'),
      code: 'credentials-invalid',
    },
    {
      name: 'a wrong checksum',
      answer: failure(403, 'TokenException', 'Invalid `checksum`.'),
      code: 'credentials-invalid',
    },
    { name: 'a bad parameter', answer: failure(400, 'InputException', 'invalid token'), code: 'bad-request' },
    { name: 'a token error that is not a 403', answer: failure(400, 'TokenException', 'odd'), code: 'bad-request' },
    { name: 'an unknown route', answer: failure(404, 'GeneralException', 'Route not found'), code: 'bad-request' },
    { name: 'a method not allowed', answer: { status: 405, type: 'text/html', body: html }, code: 'bad-request' },
    { name: 'a user error', answer: failure(400, 'UserException', 'account'), code: 'bad-request' },
    { name: 'too many requests', answer: failure(429, 'NetworkException', 'Too many requests'), code: 'rate-limited' },
    {
      name: 'too many requests, as a page',
      answer: { status: 429, type: 'text/html', body: html },
      code: 'rate-limited',
    },
    {
      name: 'an order system that is down',
      answer: failure(503, 'NetworkException', 'OMS down'),
      code: 'server-error',
    },
    { name: 'a gateway page', answer: { status: 502, type: 'text/html', body: html }, code: 'server-error' },
    { name: 'an empty gateway time-out', answer: { status: 504, type: null, body: '' }, code: 'server-error' },
    {
      name: 'a redirect',
      answer: { status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: '' },
      code: 'bad-response',
    },
    { name: 'a page with status 200', answer: { type: 'text/html', body: html }, code: 'bad-response' },
    {
      name: 'JSON called text',
      answer: { type: 'text/plain', body: '{"status":"success","data":{"user_id":"A"}}' },
      code: 'bad-response',
    },
    { name: 'an answer without a type', answer: { type: null, body: '{}' }, code: 'bad-response' },
    { name: 'an empty body', answer: { body: '' }, code: 'bad-response' },
    { name: 'JSON cut short', answer: { body: '{"status":"succ' }, code: 'bad-response' },
    { name: 'data of another shape', answer: success({ user: 'AB1234' }), code: 'bad-response' },
    { name: 'no data', answer: { body: 'null' }, code: 'bad-response' },
    { name: 'an error with status 200', answer: failure(200, 'TokenException', 'odd'), code: 'bad-response' },
    {
      name: 'a body that does not unpack',
      answer: { headers: { 'content-encoding': 'gzip' }, body: 'plain' },
      code: 'network',
    },
    {
      name: 'a connection lost in the body',
      answer: { body: '{"status":"success"}', cutAfter: 5, headers: { 'content-length': '20' } },
      code: 'network',
    },
  ];

  it.each(answers)('$code on $name', async ({ answer, code }) => {
    server.answer = answer;
    const error = await failureOf(rest.profile(session));
    expect(error.code).toBe(code);
    expect(error.status).toBe(code === 'network' ? null : (answer.status ?? 200));
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain('SECRET');
    expect(error.cause).toBeUndefined();
  });

  it('bad-response on pages and empty lists in place of every other answer', async () => {
    const range = { token: 1, interval: 'day', fromMs: 0, toMs: 0, openInterest: false } as const;
    for (const answer of [{ type: 'text/html', body: html }, success(null), { type: 'text/csv', body: 'a,b\n1,2\n' }]) {
      server.answer = answer;
      const calls = [
        rest.createSession(credentials, 'r'),
        rest.endSession(session),
        rest.quotes(session, ['NSE:A']),
        rest.instruments('NSE'),
        rest.candles(session, range),
      ];
      for (const call of calls) expect((await failureOf(call)).code).toBe('bad-response');
    }
    server.answer = success({ candles: [['2026-11-23T09:15:00+0000', 1, 1, 1, 1, 1]] });
    expect((await failureOf(rest.candles(session, range))).code).toBe('bad-response');
    server.answer = success({ 'NSE:A': {} });
    expect((await failureOf(rest.quotes(session, ['NSE:A']))).code).toBe('bad-response');
  });

  it("in Kite's own words, short and without the secrets it repeats", async () => {
    server.answer = failure(400, 'InputException', `Bad SECRETsecret, request_token=req1 ${'x'.repeat(500)}`);
    const { message } = await failureOf(rest.createSession(credentials, 'req1'));
    expect(message).toMatch(/^Kite says: Bad \*\*\*, request_token=\*\*\* x+$/);
    expect(message.length).toBeLessThan(230);
  });

  it('network with its code when nobody listens, timeout when nobody answers', async () => {
    const refused = await failureOf(clientAt('http://127.0.0.1:1').profile(session));
    expect(refused).toMatchObject({ code: 'network', networkCode: 'ECONNREFUSED', status: null });
    server.answer = { body: null };
    expect(await failureOf(clientAt(server.root, 30).profile(session))).toMatchObject({
      code: 'timeout',
      status: null,
    });
  });

  it('network on a certificate that cannot be checked', async () => {
    const error = await failureOf(clientAt(server.root.replace('http:', 'https:')).profile(session));
    expect(error).toMatchObject({ code: 'network', status: null });
    expect(error.networkCode).toMatch(/SSL|EPROTO|ECONNRESET/);
  });

  it('without printing anything, and without following a redirect or a proxy of the environment', async () => {
    const printed = vi.spyOn(console, 'log');
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1');
    server.answer = success({ user_id: 'AB1234' });
    await rest.profile(session);
    server.answer = { status: 307, headers: { location: `${server.root}/elsewhere` }, body: '' };
    await failureOf(rest.profile(session));
    expect(server.asked.map(({ path }) => path)).toEqual(['/user/profile', '/user/profile']);
    expect(printed).not.toHaveBeenCalled();
  });
});
