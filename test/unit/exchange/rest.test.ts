import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { demoApp } from '../../exchange/exchange.ts';
import { ExchangeBench } from './exchange-bench.ts';
import { NIFTY } from './market-bench.ts';

const MIDDAY = '2026-11-23T12:00:30+05:30';
const FRONT = 'NFO:NIFTY26NOVFUT';

const quotePath = (...keys: string[]): string =>
  `/quote?${keys.map((key) => `i=${encodeURIComponent(key)}`).join('&')}`;

describe('credentials', () => {
  it.each([
    ['none', undefined, 400, 'InputException', 'Invalid `api_key` or `access_token`.'],
    ['a malformed header', 'token nothing', 400, 'InputException', 'Invalid `api_key` or `access_token`.'],
    ['an empty token', `token ${demoApp.apiKey}:`, 400, 'InputException', 'Invalid `api_key` or `access_token`.'],
    ['a wrong token', `token ${demoApp.apiKey}:x`, 403, 'TokenException', 'Incorrect `api_key` or `access_token`.'],
    ['another key', 'token other:x', 403, 'TokenException', 'Incorrect `api_key` or `access_token`.'],
  ])('%s get the documented answer', async (_name, authorization, status, errorType, message) => {
    await using bench = await ExchangeBench.at(MIDDAY);
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    expect(await bench.call('/user/profile', undefined, { headers })).toEqual({
      status,
      body: { status: 'error', message, data: null, error_type: errorType },
    });
  });

  it('answer routes that do not exist with JSON', async () => {
    await using bench = await ExchangeBench.at(MIDDAY);
    expect(await bench.call('/nowhere')).toMatchObject({ status: 404, body: { status: 'error' } });
    expect(await bench.call('/user/profile', undefined, { method: 'POST' })).toMatchObject({ status: 405 });
  });
});

describe('quotes', () => {
  it('hold for an index only what Kite sends for an index, with its time in IST', async () => {
    await using bench = await ExchangeBench.at(MIDDAY);
    const { body } = await bench.call(quotePath('NSE:NIFTY 50', 'NSE:NOTHING'), bench.token());
    expect(Object.keys(body.data)).toEqual(['NSE:NIFTY 50']);
    expect(Object.keys(body.data['NSE:NIFTY 50']).sort()).toEqual([
      'indicative_close_price',
      'instrument_token',
      'last_price',
      'net_change',
      'ohlc',
      'timestamp',
      'tradingsymbol',
    ]);
    expect(body.data['NSE:NIFTY 50'].timestamp).toMatch(/^2026-11-23 12:00:(29|30)$/);
  });

  it('hold for a future the whole documented set, in agreement with the ticker', async () => {
    await using bench = await ExchangeBench.at(MIDDAY);
    const token = bench.token();
    const client = await bench.connect(token);
    const { body } = await bench.call(quotePath(FRONT), token);
    const quote = body.data[FRONT];
    client.subscribe([quote.instrument_token], 'full');
    await bench.settle();
    expect(client.ticks.at(-1)).toMatchObject({
      last_price: quote.last_price,
      volume_traded: quote.volume,
      ohlc: quote.ohlc,
      oi: quote.oi,
      depth: { buy: quote.depth.buy, sell: quote.depth.sell },
    });
    expect(quote).toMatchObject({ net_change: 0, oi_day_high: expect.any(Number), average_price: expect.any(Number) });
    expect(quote.depth.buy).toHaveLength(5);
    expect(quote.last_trade_time).toMatch(/^2026-11-23 12:00:\d\d$/);
  });

  it('are limited to 500 instruments, and 1,000 for prices alone', async () => {
    await using bench = await ExchangeBench.at(MIDDAY);
    const token = bench.token();
    const many = (count: number): string => Array.from({ length: count }, (_, n) => `i=${n}`).join('&');
    expect(await bench.call(`/quote?${many(501)}`, token)).toMatchObject({ status: 400 });
    await bench.advance(1_000);
    expect(await bench.call(`/quote/ltp?${many(1000)}`, token)).toMatchObject({ status: 200 });
    await bench.advance(1_000);
    expect(await bench.call(`/quote/ohlc?${many(1001)}`, token)).toMatchObject({ status: 400 });
    await bench.advance(1_000);
    expect(await bench.call('/quote', token)).toMatchObject({ status: 400, body: { error_type: 'InputException' } });
  });
});

describe('rate limits', () => {
  it('let one quote a second through, of whatever sort, and count nothing for a refusal', async () => {
    await using bench = await ExchangeBench.at(MIDDAY);
    const token = bench.token();
    expect(await bench.call(quotePath(FRONT), token)).toMatchObject({ status: 200 });
    await bench.advance(900);
    expect(await bench.call(`/quote/ltp?i=${FRONT}`, token)).toMatchObject({
      status: 429,
      body: { error_type: 'NetworkException', message: 'Too many requests' },
    });
    await bench.advance(100);
    expect(await bench.call(`/quote/ohlc?i=${FRONT}`, token)).toMatchObject({ status: 200 });
  });

  it('let three histories and ten other calls a second through', async () => {
    await using bench = await ExchangeBench.at(MIDDAY);
    const token = bench.token();
    const statuses = async (path: string, count: number): Promise<number[]> => {
      const seen: number[] = [];
      for (let n = 0; n < count; n++) seen.push((await bench.call(path, token)).status);
      return seen;
    };
    const path = `/instruments/historical/${NIFTY}/minute?from=2026-11-23+12:00:00&to=2026-11-23+12:00:00`;
    expect(await statuses(path, 4)).toEqual([200, 200, 200, 429]);
    expect((await statuses('/user/profile', 11)).filter((status) => status === 200)).toHaveLength(10);
    await bench.advance(1_000);
    expect(await statuses('/user/profile', 1)).toEqual([200]);
  });
});

describe('the instrument dump', () => {
  it('needs no session, comes packed, and keeps Kite’s columns and quoting', async () => {
    await using bench = await ExchangeBench.at(MIDDAY);
    const response = await fetch(`${bench.exchange.apiRoot}/instruments/NFO`, {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(response.headers.get('content-type')).toBe('text/csv');
    expect(response.headers.get('content-encoding')).toBe('gzip');
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines[0]).toBe(
      'instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange',
    );
    expect(lines).toContain('11923458,46576,NIFTY26NOVFUT,"NIFTY",0,2026-11-23,0,0.1,65,FUT,NFO-FUT,NFO');
    const all = await fetch(`${bench.exchange.apiRoot}/instruments`, { headers: { 'accept-encoding': 'identity' } });
    const text = await all.text();
    expect(text).toContain('\n256265,1001,NIFTY 50,NIFTY 50,0,,0,0,0,EQ,INDICES,NSE\n');
    expect(text).toContain('\n265,1,SENSEX,SENSEX,0,,0,0,0,EQ,INDICES,BSE\n');
    expect(text).toContain('BSE SENSEX SIXTY 65:35');
    expect(await bench.call('/instruments/XYZ')).toMatchObject({ status: 404 });
  });

  it('drops a contract the day after its expiry', async () => {
    await using bench = await ExchangeBench.at(MIDDAY);
    expect((await bench.call('/instruments/NFO')).body).toContain('NIFTY26NOVFUT');
    await bench.advance(12 * 3_600_000);
    expect((await bench.call('/instruments/NFO')).body).not.toContain('NIFTY26NOVFUT');
  });

  it('is really gzip on the wire', async () => {
    await using bench = await ExchangeBench.at(MIDDAY);
    const { get } = await import('node:http');
    const bytes = await new Promise<Buffer>((resolve) => {
      get(`${bench.exchange.apiRoot}/instruments/BFO`, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks)));
      });
    });
    expect(gunzipSync(bytes).toString()).toContain('SENSEX26NOVFUT');
  });
});

describe('history', () => {
  const path = (token: number, interval: string, from: string, to: string, more = ''): string =>
    `/instruments/historical/${token}/${interval}?from=${from.replace(' ', '+')}&to=${to.replace(' ', '+')}${more}`;

  it('includes both ends, starts at 09:15, and ends with the last full minute', async () => {
    await using bench = await ExchangeBench.at(MIDDAY);
    const token = bench.token();
    const today = await bench.call(path(NIFTY, 'minute', '2026-11-23 00:00:00', '2026-11-23 23:59:59'), token);
    const { candles } = today.body.data;
    expect(candles[0][0]).toBe('2026-11-23T09:15:00+0530');
    expect(candles.at(-1)[0]).toBe('2026-11-23T11:59:00+0530');
    expect(candles).toHaveLength(165);
    expect(candles.every((candle: number[]) => candle[5] === 0 && candle.length === 6)).toBe(true);
    const two = await bench.call(path(NIFTY, 'minute', '2026-11-20 10:00:00', '2026-11-20 10:01:00'), token);
    expect(two.body.data.candles.map((candle: string[]) => candle[0])).toEqual([
      '2026-11-20T10:00:00+0530',
      '2026-11-20T10:01:00+0530',
    ]);
  });

  it('joins minutes into longer candles and days, with volume and open interest of a future', async () => {
    await using bench = await ExchangeBench.at('2026-11-24T12:00:00+05:30');
    const token = bench.token();
    const dump = String((await bench.call('/instruments/NFO')).body);
    const future = Number(/^(\d+),\d+,NIFTY26DECFUT,/m.exec(dump)?.[1]);
    const fetchCandles = async (interval: string): Promise<number[][]> => {
      await bench.advance(1_000);
      const answer = await bench.call(
        path(future, interval, '2026-11-23 00:00:00', '2026-11-23 23:59:59', '&oi=1'),
        token,
      );
      return answer.body.data.candles;
    };
    const minutes = await fetchCandles('minute');
    const fives = await fetchCandles('5minute');
    const [day] = await fetchCandles('day');
    expect([minutes.length, fives.length]).toEqual([385, 77]);
    expect(fives[0]).toEqual([
      '2026-11-23T09:15:00+0530',
      minutes[0]?.[1],
      Math.max(...minutes.slice(0, 5).map((candle) => candle[2] ?? 0)),
      Math.min(...minutes.slice(0, 5).map((candle) => candle[3] ?? 0)),
      minutes[4]?.[4],
      minutes.slice(0, 5).reduce((sum, candle) => sum + (candle[5] ?? 0), 0),
      minutes[4]?.[6],
    ]);
    expect(day?.[0]).toBe('2026-11-23T00:00:00+0530');
    expect(day?.[5]).toBe(minutes.reduce((sum, candle) => sum + (candle[5] ?? 0), 0));
  });

  it.each([
    [path(NIFTY, 'minute', '2026-09-01 00:00:00', '2026-11-23 00:00:00'), 'interval exceeds max limit: 60 days'],
    [path(NIFTY, '7minute', '2026-11-23 00:00:00', '2026-11-23 00:00:00'), 'invalid interval'],
    [path(1, 'minute', '2026-11-23 00:00:00', '2026-11-23 00:00:00'), 'invalid token'],
    [path(NIFTY, 'minute', 'yesterday', '2026-11-23 00:00:00'), 'invalid from date'],
    [path(NIFTY, 'minute', '2026-11-23 00:00:00', '2026-11-31 00:00:00'), 'invalid to date'],
    [path(NIFTY, 'minute', '2026-11-23 00:00:00', '2026-11-22 00:00:00'), 'from date cannot be after to date'],
  ])('refuses %s: %s', async (request, message) => {
    await using bench = await ExchangeBench.at(MIDDAY);
    expect(await bench.call(request, bench.token())).toMatchObject({
      status: 400,
      body: { error_type: 'InputException', message },
    });
  });
});
