import { describe, expect, it } from 'vitest';
import type { SocketEnd } from '../../../src/kite/ticker-events.ts';
import { FeedBench } from './feed-bench.ts';
import { at, nifty, niftyCall } from './instruments.ts';

const drop: SocketEnd = { how: 'closed', code: 1006, reason: '' };
const unreachable: SocketEnd = { how: 'failed', networkCode: 'ECONNREFUSED', message: '' };

/** A feed that was live and whose ticker cannot be reached any more. */
async function withoutTicker(bench: FeedBench): Promise<number> {
  await bench.goLive();
  bench.ticker.reception = unreachable;
  bench.ticker.last.end(drop);
  return bench.clock.now();
}

describe('the REST fallback', () => {
  it('brings the first quote within 3 s of the loss, then one about every second, within the quota', async () => {
    using bench = new FeedBench(at('10:00:00'));
    const lostMs = await withoutTicker(bench);
    await bench.clock.advance(60_000);
    const quotes = bench.tickTimes.filter(({ origin }) => origin === 'rest');
    expect((quotes[0]?.atMs ?? Number.POSITIVE_INFINITY) - lostMs).toBeLessThanOrEqual(3_000);
    expect(bench.toldAfter(lostMs, ({ source }) => source === 'none')).toBe(0);
    expect(bench.toldAfter(lostMs, ({ source }) => source === 'rest')).toBeLessThanOrEqual(3_000);
    expect(quotes.length).toBeGreaterThanOrEqual(47);
    const starts = bench.rest.calls.map(({ atMs }) => atMs);
    const periods = starts.slice(1).map((startMs, index) => startMs - (starts[index] ?? 0));
    expect(Math.min(...periods)).toBeGreaterThanOrEqual(1_200);
    expect(bench.state).toMatchObject({ source: 'rest', cause: 'network' });
    expect(bench.book.row(0, false)).toMatchObject({ fromRest: true, lastPrice: 26_001, stale: false });
  });

  it('gives way only after data has flowed on the socket for a second', async () => {
    using bench = new FeedBench(at('10:00:00'));
    await withoutTicker(bench);
    await bench.clock.advance(10_000);
    expect(bench.state.source).toBe('rest');
    bench.ticker.reception = 'accept';
    bench.supervisor.retryNow('asked by you');
    await bench.clock.advance(900);
    expect(bench.state).toMatchObject({ source: 'rest', state: 'connecting' });
    expect(bench.book.row(0, false)).toMatchObject({ fromRest: false, lastPrice: 26_000 });
    await bench.clock.advance(600);
    expect(bench.state).toMatchObject({ source: 'websocket', state: 'live' });
    const calls = bench.rest.calls.length;
    await bench.clock.advance(10_000);
    expect(bench.rest.calls).toHaveLength(calls);
  });

  it('goes on through errors with growing waits, and its source is none until an answer is good', async () => {
    using bench = new FeedBench(at('10:00:00'));
    bench.rest.error = 'server-error';
    await withoutTicker(bench);
    await bench.clock.advance(60_000);
    expect(bench.state.source).toBe('none');
    expect(bench.rest.calls.length).toBeGreaterThanOrEqual(6);
    expect(bench.rest.calls.length).toBeLessThanOrEqual(12);
    bench.rest.error = null;
    await bench.clock.advance(12_000);
    expect(bench.state.source).toBe('rest');
    bench.rest.error = 'timeout';
    await bench.clock.advance(1_500);
    expect(bench.state.source).toBe('none');
  });

  it('is not asked again with a token that REST refuses and Kite calls good, until the trader asks', async () => {
    using bench = new FeedBench(at('10:00:00'));
    bench.rest.error = 'token-rejected';
    bench.auth.verdict = 'token-fine';
    await withoutTicker(bench);
    await bench.clock.advance(120_000);
    expect([bench.rest.calls.length, bench.auth.reports]).toEqual([1, ['rest']]);
    bench.supervisor.retryNow('asked by you');
    await bench.clock.advance(5_000);
    expect(bench.rest.calls).toHaveLength(2);
  });

  it('does not call an answer without any quote a source', async () => {
    using bench = new FeedBench(at('10:00:00'));
    bench.quoteOf = () => null;
    await withoutTicker(bench);
    await bench.clock.advance(10_000);
    expect(bench.rest.calls.length).toBeGreaterThan(3);
    expect(bench.state.source).toBe('none');
  });

  it('is not tried during a quick reconnection', async () => {
    using bench = new FeedBench(at('10:00:00'));
    await bench.goLive();
    await bench.clock.advance(10_000);
    bench.ticker.last.end(drop);
    await bench.clock.advance(10_000);
    expect(bench.rest.calls).toEqual([]);
  });

  it('goes on when the clock of the PC is set', async () => {
    using bench = new FeedBench(at('10:00:00'));
    await withoutTicker(bench);
    await bench.clock.advance(10_000);
    expect(bench.state.source).toBe('rest');
    const told = bench.told.length;
    bench.clock.jump(-3_600_000);
    await bench.clock.advance(10_000);
    expect(bench.told.slice(told).filter(({ state }) => state.source !== 'rest')).toEqual([]);
  });

  it('asks for 500 at most, for the indices and futures every time and for the others in turn', async () => {
    const options = Array.from({ length: 1_200 }, (_, index) => ({
      ...niftyCall,
      key: `NFO:OPTION${index}`,
      token: (index + 1) * 256 + 2,
    }));
    using bench = new FeedBench(at('10:00:00'), [...options, nifty]);
    await withoutTicker(bench);
    await bench.clock.advance(6_000);
    const calls = bench.rest.calls.slice(0, 3);
    for (const { keys } of calls) {
      expect(keys).toHaveLength(500);
      expect(new Set(keys).size).toBe(500);
      expect(keys[0]).toBe(nifty.key);
    }
    expect(new Set(calls.flatMap(({ keys }) => keys)).size).toBe(1_201);
  });

  it('marks everything in session stale, and says so once, when it fails as well', async () => {
    using bench = new FeedBench(at('10:00:00'), [nifty, niftyCall]);
    bench.rest.error = 'network';
    await withoutTicker(bench);
    await bench.clock.advance(7_000);
    expect([0, 1].map((slot) => bench.book.isStale(slot))).toEqual([true, true]);
    expect(bench.state.gaps).toMatchObject([{ to: null, cause: 'network', keys: [] }]);
  });
});
