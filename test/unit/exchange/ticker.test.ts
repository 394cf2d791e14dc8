import { describe, expect, it } from 'vitest';
import { ExchangeBench, type TickerClient } from './exchange-bench.ts';
import { BANKNIFTY, NIFTY, SENSEX } from './market-bench.ts';

const FRONT = 11923458;

/** Distances between neighbours. */
const gaps = (values: readonly number[]): number[] => values.slice(1).map((value, n) => value - (values[n] ?? 0));

function ticksOf(client: TickerClient, token: number) {
  return client.ticks.filter((tick) => tick.instrument_token === token);
}

describe('the door of the ticker', () => {
  it('opens at both paths, with one text about the instruments', async () => {
    await using bench = await ExchangeBench.at('2026-11-23T08:00:00+05:30');
    const token = bench.token();
    for (const path of ['/', '/ws']) {
      const client = await bench.tryConnect(token, path);
      await bench.settle();
      expect(client).toMatchObject({ closeCode: null });
      const [meta, ...more] = (client as TickerClient).texts.map((text) => JSON.parse(text));
      expect(meta).toEqual({
        type: 'instruments_meta',
        data: { count: expect.any(Number), etag: expect.any(String) },
      });
      expect(more).toEqual([]);
    }
    expect(await bench.tryConnect(token, '/other')).toBe(404);
  });

  it('stays shut with 403 for an unknown and for a dead token, and notes each attempt', async () => {
    await using bench = await ExchangeBench.at('2026-11-23T08:00:00+05:30');
    const dead = bench.exchange.issueToken({ userId: 'DEMO01', mintedAtMs: bench.clock.now() - 86_400_000 });
    expect(await bench.tryConnect('unknown')).toBe(403);
    expect(await bench.tryConnect(dead)).toBe(403);
    expect(await bench.tryConnect('')).toBe(400);
    await bench.connect();
    expect(bench.exchange.stats.upgrades.map(({ outcome }) => outcome)).toEqual([403, 403, 400, 'open']);
  });

  it('lets three connections in and answers the fourth with 429, until one leaves', async () => {
    await using bench = await ExchangeBench.at('2026-11-23T08:00:00+05:30');
    const token = bench.token();
    const [first] = [await bench.connect(token), await bench.connect(token), await bench.connect(token)];
    expect(await bench.tryConnect(token)).toBe(429);
    first?.[Symbol.dispose]();
    await bench.settle();
    expect(bench.exchange.stats.openSockets).toBe(2);
    expect(await bench.tryConnect(token)).not.toBe(429);
  });
});

describe('subscriptions', () => {
  it('send the last packet at once, in mode quote, and again upon a change of mode', async () => {
    await using bench = await ExchangeBench.at('2026-11-23T08:00:00+05:30');
    const client = await bench.connect();
    client.subscribe([NIFTY, FRONT]);
    await bench.settle();
    expect(client.ticks.map(({ mode }) => mode)).toEqual(['quote', 'quote']);
    client.send({ a: 'mode', v: ['full', [FRONT]] });
    client.send({ a: 'mode', v: ['ltp', [NIFTY]] });
    await bench.settle();
    const [full, ltp] = client.ticks.slice(2);
    expect(full).toMatchObject({ mode: 'full', instrument_token: FRONT });
    expect(full?.exchange_timestamp?.toISOString()).toMatch(/^2026-11-20T10:09:5/);
    expect(ltp).toMatchObject({ mode: 'ltp', instrument_token: NIFTY });
  });

  it('get a last packet that is never ahead of the ticks after it, whatever moment they are made at', async () => {
    await using bench = await ExchangeBench.at('2026-11-23T10:00:00.130+05:30');
    const token = bench.token();
    await bench.connect(token);
    for (const wait of [110, 240, 60, 330, 199]) {
      await bench.advance(wait);
      const client = await bench.connect(token);
      client.subscribe([FRONT], 'full');
      await bench.advance(2_000);
      const volumes = ticksOf(client, FRONT)
        .slice(1)
        .map((tick) => (tick as { volume_traded?: number }).volume_traded ?? 0);
      expect(volumes.length).toBeGreaterThan(2);
      // The packet for the mode comes first; every later tick adds a trade.
      expect(volumes).toEqual([...new Set(volumes)].toSorted((a, b) => a - b));
      client[Symbol.dispose]();
      await bench.settle();
    }
  });

  it('of strings get only heartbeats, and of unknown tokens nothing', async () => {
    await using bench = await ExchangeBench.at('2026-11-23T10:00:00+05:30');
    const client = await bench.connect();
    client.subscribe([String(NIFTY), 999_999], 'full');
    await bench.advance(10_000);
    expect(client.frames).toEqual([]);
    expect(client.heartbeats).toHaveLength(3);
  });

  it('end with an unsubscribe', async () => {
    await using bench = await ExchangeBench.at('2026-11-23T10:00:00+05:30');
    const client = await bench.connect();
    client.subscribe([NIFTY, SENSEX], 'full');
    await bench.advance(2_000);
    client.send({ a: 'unsubscribe', v: [NIFTY] });
    await bench.settle();
    client.forget();
    await bench.advance(5_000);
    expect(ticksOf(client, NIFTY)).toEqual([]);
    expect(ticksOf(client, SENSEX).length).toBeGreaterThan(8);
  });

  it('beyond 3,000 are refused in words, and the socket goes on', async () => {
    await using bench = await ExchangeBench.at('2026-11-23T10:00:00+05:30');
    const client = await bench.connect();
    // Currency tokens, which this exchange does not list.
    client.subscribe(Array.from({ length: 2_999 }, (_, n) => n * 256 + 3));
    client.subscribe([NIFTY, SENSEX, BANKNIFTY], 'full');
    await bench.advance(2_000);
    const error = JSON.parse(client.texts.at(-1) ?? '{}');
    expect(error).toMatchObject({ type: 'error', data: expect.stringContaining('3000') });
    expect(new Set(client.ticks.map((tick) => tick.instrument_token))).toEqual(new Set([NIFTY]));
  });

  it.each([
    ['not json', '{'],
    ['no object', '[1]'],
    ['an unknown action', '{"a":"order","v":[]}'],
    ['no list', '{"a":"subscribe","v":5}'],
    ['an unknown mode', '{"a":"mode","v":["huge",[256265]]}'],
    ['a mode without tokens', '{"a":"mode","v":["full"]}'],
  ])('that are malformed (%s) are answered with an error text', async (_name, text) => {
    await using bench = await ExchangeBench.at('2026-11-23T10:00:00+05:30');
    const client = await bench.connect();
    client.forget();
    client.send(text);
    await bench.settle();
    expect(client.texts.map((answer) => JSON.parse(answer).type)).toEqual(['error']);
    expect(client.closeCode).toBeNull();
  });
});

describe('the cadence', () => {
  it('has a heartbeat every 3 seconds exactly, data or not', async () => {
    await using bench = await ExchangeBench.at('2026-11-23T10:00:00+05:30');
    const quiet = await bench.connect();
    const busy = await bench.connect();
    busy.subscribe([NIFTY], 'full');
    await bench.advance(60_000);
    for (const client of [quiet, busy]) {
      expect(client.heartbeats).toHaveLength(20);
      expect(new Set(gaps(client.heartbeats))).toEqual(new Set([3_000]));
    }
  });

  it('has four data frames a second, 2.33 ticks a second of each index from the connection on', async () => {
    await using bench = await ExchangeBench.at('2026-11-23T08:38:00+05:30');
    const client = await bench.connect();
    client.subscribe([NIFTY, BANKNIFTY, SENSEX], 'full');
    await bench.settle();
    client.forget();
    await bench.advance(60_000);
    expect(client.frames.length / 60).toBeGreaterThan(3.7);
    expect(client.frames.length / 60).toBeLessThanOrEqual(4);
    expect(Math.min(...gaps(client.frames.map(({ atMs }) => atMs)))).toBe(250);
    for (const token of [NIFTY, BANKNIFTY, SENSEX]) {
      const ticks = ticksOf(client, token);
      expect(ticks.length / 60).toBeCloseTo(7 / 3, 1);
      expect(new Set(ticks.map((tick) => tick.last_price)).size).toBe(1);
      for (const { atMs, exchange_timestamp } of ticks) {
        const lagMs = atMs - Number(exchange_timestamp);
        expect(lagMs).toBeGreaterThanOrEqual(0);
        expect(lagMs).toBeLessThan(1_500);
      }
    }
  });

  it('brings a future’s first tick of the pre-open at 09:00 and of trading at 09:15', async () => {
    await using bench = await ExchangeBench.at('2026-11-23T08:59:50+05:30');
    const client = await bench.connect();
    client.subscribe([FRONT], 'full');
    await bench.settle();
    client.forget();
    await bench.advance(9_999);
    expect(client.frames).toEqual([]);
    await bench.advance(2_000);
    expect(client.ticks[0]?.exchange_timestamp?.toISOString()).toBe('2026-11-23T03:30:00.000Z');
    await bench.advanceTo('2026-11-23T09:14:59.999+05:30');
    client.forget();
    await bench.advance(2_000);
    expect(client.ticks[0]?.exchange_timestamp?.toISOString()).toMatch(/^2026-11-23T03:45:0[01]/);
  });

  it('stops pumping when nobody is connected: no timer is left', async () => {
    await using bench = await ExchangeBench.at('2026-11-23T10:00:00+05:30');
    const before = bench.clock.pending;
    const client = await bench.connect();
    expect(bench.clock.pending).toBe(before + 2);
    client[Symbol.dispose]();
    await bench.settle();
    expect(bench.clock.pending).toBe(before);
  });

  it('brings the same bytes for the same seed', async () => {
    const run = async (seed: number): Promise<string> => {
      await using bench = await ExchangeBench.at('2026-11-23T09:59:00+05:30', { seed });
      const client = await bench.connect();
      client.subscribe([NIFTY, FRONT], 'full');
      await bench.advance(120_000);
      return Buffer.concat(client.frames.map(({ bytes }) => bytes)).toString('base64');
    };
    const first = await run(5);
    expect(await run(5)).toBe(first);
    expect(await run(6)).not.toBe(first);
  });
});
