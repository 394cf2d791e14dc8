/** What Kite and the networks before it have been seen to do wrong, played by the simulated exchange. */
import { get } from 'node:http';
import { describe, expect, it } from 'vitest';
import { instantOf } from '../../../src/market/ist.ts';
import { demoApp, demoUser } from '../../exchange/exchange.ts';
import { logInAs } from '../../exchange/login/login-robot.ts';
import { expiryOf } from '../../exchange/sessions.ts';
import { ExchangeBench, TickerClient } from './exchange-bench.ts';
import { NIFTY } from './market-bench.ts';

const MIDDAY = '2026-11-23T12:00:00+05:30';

async function newLogin(bench: ExchangeBench): Promise<string> {
  const query = new URLSearchParams({ v: '3', api_key: demoApp.apiKey });
  const target = await logInAs(demoUser, `${bench.exchange.loginRoot}/connect/login?${query}`);
  const created = await bench.createSession(new URL(target).searchParams.get('request_token') ?? '');
  return created.body.data.access_token;
}

describe('a socket refused under an active plan', () => {
  it('gets 403 while calls work, and is let in again after a new login', async () => {
    await using bench = await ExchangeBench.at(MIDDAY);
    const token = bench.token();
    bench.exchange.control.apply({ kind: 'socketRefused' });
    expect(await bench.tryConnect(token)).toBe(403);
    expect(await bench.call('/user/profile', token)).toMatchObject({ status: 200 });
    expect(await bench.call(`/quote?i=NSE:NIFTY+50`, token)).toMatchObject({ status: 200 });
    await bench.advance(1_000);
    const fresh = await newLogin(bench);
    expect(await bench.tryConnect(fresh)).toBeInstanceOf(TickerClient);
  });
});

describe('what stands between the app and Kite', () => {
  it.each([
    ['a gateway that is down', 502],
    ['a firewall', 403],
    ['a captive portal', 200],
  ])('%s answers calls and upgrades with a page of HTML', async (_name, status) => {
    await using bench = await ExchangeBench.at(MIDDAY);
    const token = bench.token();
    bench.exchange.control.apply({ kind: 'refuse', where: 'both', status, html: true });
    const answer = await bench.call('/user/profile', token);
    expect(answer.status).toBe(status);
    expect(String(answer.body)).toMatch(/^<html>/);
    // A client takes any answer but 101 for a refusal.
    expect(await bench.tryConnect(token)).toBe(status);
  });
});

describe('instrument lists', () => {
  it('of one exchange hang while the others come', async () => {
    await using bench = await ExchangeBench.at(MIDDAY);
    bench.exchange.control.apply({ kind: 'lists', how: 'hang', exchange: 'NFO' });
    const waiting = new AbortController();
    const hung = fetch(`${bench.exchange.apiRoot}/instruments/NFO`, { signal: waiting.signal }).catch(() => 'given up');
    expect(await bench.call('/instruments/NSE')).toMatchObject({ status: 200 });
    expect(bench.exchange.hanging()).toBe(1);
    waiting.abort();
    expect(await hung).toBe('given up');
  });

  it('trickle: 512 bytes a second', async () => {
    await using bench = await ExchangeBench.at(MIDDAY);
    bench.exchange.control.apply({ kind: 'lists', how: 'trickle', exchange: 'NFO' });
    let received = 0;
    const request = get(`${bench.exchange.apiRoot}/instruments/NFO`, (response) => {
      response.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
    });
    while (bench.exchange.hanging() === 0) await new Promise(setImmediate);
    await bench.advance(1_000);
    while (received === 0) await new Promise(setImmediate);
    expect(received).toBe(512);
    request.destroy();
  });

  it('end in the middle of a line, or have another symbol', async () => {
    await using bench = await ExchangeBench.at(MIDDAY);
    const whole = String((await bench.call('/instruments/NSE')).body);
    const id = bench.exchange.control.apply({ kind: 'lists', how: 'partial', exchange: 'NSE' });
    const partial = String((await bench.call('/instruments/NSE')).body);
    expect(whole.startsWith(partial)).toBe(true);
    expect(partial.length).toBe(Math.floor(whole.length / 2));
    bench.exchange.control.clear(id);
    bench.exchange.control.apply({ kind: 'renamed', tradingSymbol: 'RELIANCE', to: 'RELIND' });
    const renamed = String((await bench.call('/instruments/NSE')).body);
    expect(whole).toMatch(/,RELIANCE,/);
    expect(renamed).toMatch(/,RELIND,/);
  });
});

describe('times that are wrong', () => {
  it('stamps one instrument ahead, and no other', async () => {
    await using bench = await ExchangeBench.at(MIDDAY);
    const client = await bench.connect();
    bench.exchange.control.apply({ kind: 'wrongStamp', token: NIFTY, byMs: 3_600_000 });
    client.subscribe([NIFTY, 260105], 'full');
    await bench.advance(1_000);
    const times = (token: number): number[] =>
      client.ticks
        .filter((tick) => tick.instrument_token === token && tick.atMs > instantOf('2026-11-23', '12:00'))
        .map((tick) => tick.exchange_timestamp?.getTime() ?? 0);
    expect(times(NIFTY).every((time) => time >= instantOf('2026-11-23', '12:59:59'))).toBe(true);
    expect(times(260105).every((time) => time <= instantOf('2026-11-23', '12:00:01'))).toBe(true);
  });

  it('dates answers by the market’s time, or off it by the skew given', async () => {
    await using bench = await ExchangeBench.at(MIDDAY);
    const dateOf = async (): Promise<string | null> =>
      (await fetch(`${bench.exchange.apiRoot}/nowhere`)).headers.get('date');
    expect(await dateOf()).toBe('Mon, 23 Nov 2026 06:30:00 GMT');
    bench.exchange.control.apply({ kind: 'dateSkew', byMs: 90_000 });
    expect(await dateOf()).toBe('Mon, 23 Nov 2026 06:31:30 GMT');
  });

  it('flushes tokens at 06:00 as documented, or at 07:30 as has been seen', async () => {
    expect(expiryOf(instantOf('2026-11-23', '12:00'))).toBe(instantOf('2026-11-24', '06:00'));
    await using bench = await ExchangeBench.at('2026-11-23T20:00:00+05:30', { flushTime: '07:30' });
    const token = bench.token();
    await bench.advanceTo('2026-11-24T07:29:59+05:30');
    expect(await bench.call('/user/profile', token)).toMatchObject({ status: 200 });
    await bench.advanceTo('2026-11-24T07:30:00+05:30');
    expect(await bench.call('/user/profile', token)).toMatchObject({ status: 403 });
  });
});

describe('the control endpoint', () => {
  it('takes the code 1006, which a client sees of a cut connection', async () => {
    await using bench = await ExchangeBench.at(MIDDAY);
    const client = await bench.connect();
    const response = await fetch(`${bench.exchange.apiRoot}/__control/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'drop', code: 1006 }),
    });
    expect(response.status).toBe(200);
    await bench.settle();
    expect(client.closeCode).toBe(1006);
  });
});
