import { describe, expect, it } from 'vitest';
import type { Fault } from '../../exchange/faults.ts';
import { malformedSorts } from '../../exchange/ticker/malformed-frames.ts';
import { ExchangeBench, type TickerClient } from './exchange-bench.ts';
import { NIFTY, SENSEX } from './market-bench.ts';

const MIDDAY = '2026-11-23T12:00:00+05:30';

/** An exchange at midday with one client that follows two indices and has already had its first packets. */
async function midday(): Promise<{ bench: ExchangeBench; client: TickerClient; token: string }> {
  const bench = await ExchangeBench.at(MIDDAY);
  const token = bench.token();
  const client = await bench.connect(token);
  client.subscribe([NIFTY, SENSEX], 'full');
  await bench.advance(1_000);
  client.forget();
  return { bench, client, token };
}

describe('a stream that goes wrong', () => {
  it('stalls: neither data nor heartbeats, for as long as it was told', async () => {
    const { bench, client } = await midday();
    await using _ = bench;
    bench.exchange.control.apply({ kind: 'stall', startInMs: 1_000, forMs: 10_000 });
    await bench.advance(1_000);
    expect(client.frames.length).toBeGreaterThan(2);
    client.forget();
    await bench.advance(9_900);
    expect([client.frames.length, client.heartbeats.length]).toEqual([0, 0]);
    await bench.advance(4_000);
    expect(client.frames.length).toBeGreaterThan(8);
    expect(client.heartbeats.length).toBeGreaterThan(0);
  });

  it('falls mute: heartbeats without data, also for a new subscription', async () => {
    const { bench, client } = await midday();
    await using _ = bench;
    const id = bench.exchange.control.apply({ kind: 'mute' });
    client.subscribe([260105], 'full');
    await bench.advance(12_000);
    expect([client.frames.length, client.heartbeats.length]).toEqual([0, 4]);
    bench.exchange.control.clear(id);
    await bench.advance(1_000);
    expect(client.frames.length).toBeGreaterThan(2);
  });

  it('drops every socket with a code, or without a word', async () => {
    const { bench, client, token } = await midday();
    await using _ = bench;
    bench.exchange.control.apply({ kind: 'drop', code: 1001 });
    await bench.settle();
    expect(client.closeCode).toBe(1001);
    const next = await bench.connect(token);
    bench.exchange.control.apply({ kind: 'drop', startInMs: 2_000 });
    await bench.advance(1_999);
    expect(next.closeCode).toBeNull();
    await bench.advance(1);
    expect(next.closeCode).toBe(1006);
  });

  it.each(malformedSorts)('sends %s before good frames, which still parse', async (sort) => {
    const { bench, client } = await midday();
    await using _ = bench;
    bench.exchange.control.apply({ kind: 'malformed', sort, count: 5 });
    await bench.advance(5_000);
    const wrong = client.frames.filter(({ bytes }) => (bytes.length - 2) % 34 !== 0);
    expect(sort === 'text-garbage' ? client.texts.length : wrong.length).toBe(5);
    expect(client.ticks.filter((tick) => tick.instrument_token === NIFTY).length).toBeGreaterThan(9);
  });

  it('delays frames, keeps their order, and catches up when it ends', async () => {
    const { bench, client } = await midday();
    await using _ = bench;
    bench.exchange.control.apply({ kind: 'delay', ms: 4_000, forMs: 6_000 });
    await bench.advance(3_900);
    expect(client.frames).toEqual([]);
    await bench.advance(20_000);
    const times = client.ticks
      .filter(({ instrument_token }) => instrument_token === NIFTY)
      .map((tick) => Number(tick.exchange_timestamp));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const lags = client.ticks.map(({ atMs, exchange_timestamp }) => atMs - Number(exchange_timestamp));
    expect(Math.max(...lags)).toBeGreaterThan(4_000);
    expect(Math.max(...lags.slice(-10))).toBeLessThan(1_500);
  });

  it('repeats frames, or sends them out of order', async () => {
    const { bench, client } = await midday();
    await using _ = bench;
    bench.exchange.control.apply({ kind: 'duplicate', forMs: 2_000 });
    await bench.advance(1_900);
    const texts = client.frames.map(({ bytes }) => Buffer.from(bytes).toString('hex'));
    expect(texts.length).toBeGreaterThan(6);
    expect(texts.filter((_frame, n) => n % 2 === 0)).toEqual(texts.filter((_frame, n) => n % 2 === 1));
    bench.exchange.control.clear();
    bench.exchange.control.apply({ kind: 'outOfOrder' });
    await bench.advance(1_000);
    client.forget();
    await bench.advance(5_000);
    const times = client.ticks
      .filter(({ instrument_token }) => instrument_token === NIFTY)
      .map((tick) => Number(tick.exchange_timestamp));
    expect(times.some((time, n) => time < (times[n - 1] ?? 0))).toBe(true);
  });

  it('goes quiet for one instrument alone', async () => {
    const { bench, client } = await midday();
    await using _ = bench;
    bench.exchange.control.apply({ kind: 'quiet', token: SENSEX });
    await bench.advance(5_000);
    expect(new Set(client.ticks.map((tick) => tick.instrument_token))).toEqual(new Set([NIFTY]));
  });
});

describe('a door that is shut', () => {
  it('answers REST with a status, as JSON or as a proxy’s page, as often as told', async () => {
    const { bench, token } = await midday();
    await using _ = bench;
    bench.exchange.control.apply({ kind: 'refuse', where: 'rest', status: 503, count: 1 });
    expect(await bench.call('/user/profile', token)).toMatchObject({
      status: 503,
      body: { error_type: 'NetworkException' },
    });
    bench.exchange.control.apply({ kind: 'refuse', where: 'rest', status: 502, html: true, count: 1 });
    const page = await bench.call('/user/profile', token);
    expect(page.status).toBe(502);
    expect(String(page.body)).toContain('<html>');
    expect(await bench.call('/user/profile', token)).toMatchObject({ status: 200 });
  });

  it('refuses the socket alone, or both, for a while', async () => {
    const { bench, token } = await midday();
    await using _ = bench;
    bench.exchange.control.apply({ kind: 'refuse', where: 'socket', status: 429, forMs: 1_000 });
    expect(await bench.tryConnect(token)).toBe(429);
    expect(await bench.call('/user/profile', token)).toMatchObject({ status: 200 });
    await bench.advance(1_000);
    expect(await bench.tryConnect(token)).not.toBe(429);
    bench.exchange.control.apply({ kind: 'refuse', where: 'both', status: 403 });
    expect(await bench.tryConnect(token)).toBe(403);
    expect(await bench.call('/user/profile', token)).toMatchObject({
      status: 403,
      body: { error_type: 'TokenException' },
    });
  });

  it('resets connections, and leaves them hanging', async () => {
    const { bench, token } = await midday();
    await using _ = bench;
    bench.exchange.control.apply({ kind: 'refuseConnections', how: 'reset' });
    expect(await bench.tryConnect(token)).toBe('reset');
    await expect(bench.call('/user/profile', token)).rejects.toThrow();
    bench.exchange.control.clear();
    bench.exchange.control.apply({ kind: 'refuseConnections', how: 'hang' });
    let isAnswered = false;
    bench.tryConnect(token).then(() => {
      isAnswered = true;
    });
    await bench.advance(60_000);
    expect(isAnswered).toBe(false);
    expect(bench.exchange.stats.upgrades.at(-1)?.outcome).toBe('hung');
    expect((await bench.call('/__control/state')).status).toBe(200);
  });

  it('has no market data in the plan: 403 for the socket and quotes, a profile all the same', async () => {
    const { bench, token } = await midday();
    await using _ = bench;
    bench.exchange.control.apply({ kind: 'wrongPlan' });
    expect(await bench.tryConnect(token)).toBe(403);
    expect(await bench.call('/user/profile', token)).toMatchObject({ status: 200 });
    expect(await bench.call('/quote?i=NSE:INFY', token)).toMatchObject({
      status: 403,
      body: { error_type: 'PermissionException' },
    });
  });

  it('kills the token with its sockets', async () => {
    const { bench, client, token } = await midday();
    await using _ = bench;
    bench.exchange.control.apply({ kind: 'killToken' });
    await bench.settle();
    expect(client.closeCode).toBe(1006);
    expect(await bench.tryConnect(token)).toBe(403);
    expect(await bench.call('/user/profile', token)).toMatchObject({ status: 403 });
  });
});

describe('the control endpoint', () => {
  const post = (bench: ExchangeBench, body: unknown, type = 'application/json') =>
    bench.call('/__control/faults', undefined, {
      method: 'POST',
      headers: { 'content-type': type },
      body: JSON.stringify(body),
    });

  it('takes one command or a list, and tells the state', async () => {
    const { bench, client } = await midday();
    await using _ = bench;
    const script: Fault[] = [{ kind: 'mute' }, { kind: 'stall', startInMs: 5_000, forMs: 1_000 }];
    const applied = await post(bench, script);
    expect(applied).toMatchObject({ status: 200, body: { ids: [1, 2] } });
    const state = await bench.call('/__control/state');
    expect(state.body).toMatchObject({
      clock: { now: '2026-11-23T12:00:01+05:30', speed: 1 },
      stats: { openSockets: 1, upgrades: [{ outcome: 'open' }] },
      faults: [{ id: 1, fault: { kind: 'mute' }, endMs: null }, { id: 2 }],
    });
    expect(JSON.stringify(state.body)).not.toMatch(/access|secret/i);
    await post(bench, { kind: 'clear', id: 1 });
    await bench.advance(1_000);
    expect(client.frames.length).toBeGreaterThan(2);
    await post(bench, { kind: 'clear' });
    expect(bench.exchange.control.state().faults).toEqual([]);
  });

  it.each([
    [{ kind: 'nonsense' }, 400],
    [{ kind: 'refuse', where: 'rest', status: 100 }, 400],
    [{ kind: 'stall', forMs: -1 }, 400],
    [{ kind: 'mute', extra: true }, 400],
    [[], 400],
  ])('refuses %j', async (body, status) => {
    await using bench = await ExchangeBench.at(MIDDAY);
    expect(await post(bench, body)).toMatchObject({ status });
  });

  it('refuses what a form in a browser could send', async () => {
    await using bench = await ExchangeBench.at(MIDDAY);
    expect(await post(bench, { kind: 'mute' }, 'text/plain')).toMatchObject({ status: 415 });
    expect(bench.exchange.control.state().faults).toEqual([]);
  });
});
