/** Whatever Kite, or somebody in its place, answers to whichever call: it is no larger, deeper or longer than it can be. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KiteError } from '../../../src/kite/errors.ts';
import { kiteRestClient, LONGEST_ANSWER } from '../../../src/kite/rest-client.ts';
import type { KiteRest } from '../../../src/kite/session.ts';
import { type Answer, failure, type RestServer, startRestServer, success } from './rest-server.ts';

const session = { apiKey: 'key123', accessToken: 'SECRETaccess' };
const day = { token: 256_265, interval: 'minute', fromMs: 0, toMs: 1, openInterest: true } as const;

type Call = (rest: KiteRest) => Promise<unknown>;

/** Every call there is, and as many bytes as its answer may have. */
const calls: Readonly<Record<keyof KiteRest, readonly [call: Call, mostBytes: number]>> = {
  createSession: [
    (rest) => rest.createSession({ apiKey: 'key123', apiSecret: 'SECRETsecret' }, 'request'),
    LONGEST_ANSWER.account,
  ],
  endSession: [(rest) => rest.endSession(session), LONGEST_ANSWER.account],
  profile: [(rest) => rest.profile(session), LONGEST_ANSWER.account],
  quotes: [(rest) => rest.quotes(session, ['NSE:A']), LONGEST_ANSWER.quotes],
  candles: [(rest) => rest.candles(session, day), LONGEST_ANSWER.candles],
  instruments: [(rest) => rest.instruments('NSE'), LONGEST_ANSWER.list],
};
const named = Object.entries(calls).map(([name, [call, mostBytes]]) => ({ name, call, mostBytes }));

let server: RestServer;
let rest: KiteRest;

beforeEach(async () => {
  server = await startRestServer();
  rest = kiteRestClient({ endpoints: { apiRoot: server.root, loginRoot: server.root, tickerRoot: '' } });
});
afterEach(() => server[Symbol.asyncDispose]());

async function failureOf(call: Promise<unknown>): Promise<KiteError | null> {
  try {
    await call;
    return null;
  } catch (error) {
    if (error instanceof KiteError) return error;
    throw error;
  }
}

const typeOf = (name: string): Pick<Answer, 'type'> => (name === 'instruments' ? { type: 'text/csv' } : {});

describe.each(named)('$name', ({ name, call, mostBytes }) => {
  it('gives up an answer that is longer than it can be while it comes', async () => {
    server.answer = { ...typeOf(name), body: ' '.repeat(mostBytes + 1) };
    const error = await failureOf(call(rest));
    expect([error?.code, error?.message]).toEqual(['bad-response', "Kite's answer is longer than any it gives."]);
  });

  it('takes nested brackets, and more values than it can hold, for no answer', async () => {
    const most = Math.min(mostBytes - 100, 3_000_000);
    const bodies = ['['.repeat(most), `{"status":"success","data":[${'0,'.repeat(most / 2 - 1)}0]}`];
    for (const body of bodies) {
      server.answer = { ...typeOf(name), body };
      expect((await failureOf(call(rest)))?.code).toBe('bad-response');
    }
  });

  it('reads no object with more keys than its answer can have, wherever it is', async () => {
    const parsed = vi.spyOn(JSON, 'parse');
    const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`key number ${index}`, 1]));
    const bodies = [
      { status: 'success', data: many },
      { status: 'success', data: { candles: [many] } },
      { status: 'error', error_type: 'TokenException', message: 'no', ...many },
      { ...many, status: 'success', data: {} },
    ].map((body) => JSON.stringify(body));
    for (const body of bodies) {
      server.answer = { ...typeOf(name), body };
      expect((await failureOf(call(rest)))?.code).toBe('bad-response');
    }
    expect(parsed.mock.calls.filter(([text]) => bodies.includes(text))).toEqual([]);
    parsed.mockRestore();
  });

  it('repeats at most some words of an error, without what a terminal would obey', async () => {
    server.answer = failure(400, 'InputException', `Odd \u001b]0;name\u0007 \u202e${'word '.repeat(100_000)}`);
    const error = await failureOf(call(rest));
    expect(error?.message).toMatch(/^Kite says: Odd +\]0;name +word word/);
    expect(error?.message.length).toBeLessThanOrEqual(220);
  });
});

describe('strings', () => {
  const long = 'x'.repeat(100_000);

  it('of a person are cut where they are only shown, and refused where they are an id or a token', async () => {
    server.answer = success({ user_id: 'AB1234', user_name: `A\u0000\u202e${long}` });
    const { userName } = await rest.profile(session);
    expect([userName.length, ['\u0000', '\u202e'].some((control) => userName.includes(control))]).toEqual([200, false]);
    server.answer = success({ user_id: long, user_name: 'A' });
    expect((await failureOf(rest.profile(session)))?.code).toBe('bad-response');
    const login = { user_id: 'AB1234', user_name: 'A', login_time: '2026-11-23 08:00:00' };
    server.answer = success({ ...login, access_token: long });
    const [startSession] = calls.createSession;
    expect((await failureOf(startSession(rest)))?.code).toBe('bad-response');
  });

  it('that are the key of a quote, or name an instrument, have a length', async () => {
    server.answer = success({
      [long]: { instrument_token: 1, last_price: 1, ohlc: { open: 1, high: 1, low: 1, close: 1 } },
    });
    expect((await failureOf(rest.quotes(session, ['NSE:A'])))?.code).toBe('bad-response');
    const columns =
      'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange';
    const row = (token: number, symbol: string, name: string): string =>
      `${token},1,${symbol},${name},0,,0,0.05,1,EQ,NSE,NSE`;
    const rows = [
      row(1, 'A', 'y'.repeat(3_000)),
      row(2, 'z'.repeat(150), 'B'),
      row(3, long, 'C'),
      row(4, 'D\u202e', 'D\u001b'),
    ];
    server.answer = { type: 'text/csv', body: [columns, ...rows].join('\n') };
    const listed = await rest.instruments('NSE');
    expect(listed.map(({ token, tradingSymbol, name }) => [token, tradingSymbol, name.length])).toEqual([
      [1, 'A', 200],
      [4, 'D', 1],
    ]);
  });
});

it('more quotes or candles than can have been asked for are no answer', async () => {
  const quote = { instrument_token: 1, last_price: 1, ohlc: { open: 1, high: 1, low: 1, close: 1 } };
  server.answer = success(Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`NSE:${index}`, quote])));
  expect((await failureOf(rest.quotes(session, ['NSE:A'])))?.code).toBe('bad-response');
  server.answer = success({ candles: Array.from({ length: 50_001 }, () => 0) });
  expect((await failureOf(rest.candles(session, day)))?.code).toBe('bad-response');
});

it('500 quotes with their order books can all be read', async () => {
  const level = { price: 1, quantity: 1, orders: 1 };
  const side = Array.from({ length: 5 }, () => level);
  const names = ['last_quantity', 'average_price', 'volume', 'buy_quantity', 'sell_quantity', 'oi', 'net_change'];
  const more = ['oi_day_high', 'oi_day_low', 'lower_circuit_limit', 'upper_circuit_limit', 'new_one', 'new_two'];
  const quote = {
    ...Object.fromEntries([...names, ...more].map((each) => [each, 0])),
    instrument_token: 1,
    timestamp: '2026-11-23 10:00:00',
    last_trade_time: '2026-11-23 10:00:00',
    last_price: 1,
    ohlc: { open: 1, high: 1, low: 1, close: 1 },
    depth: { buy: side, sell: side },
  };
  const keys = Array.from({ length: 500 }, (_, index) => `NSE:${index}`);
  server.answer = success(Object.fromEntries(keys.map((key) => [key, quote])));
  expect((await rest.quotes(session, keys)).size).toBe(500);
});
