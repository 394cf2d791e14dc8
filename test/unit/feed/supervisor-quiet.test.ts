import { describe, expect, it } from 'vitest';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { FeedBench } from './feed-bench.ts';
import { at, nifty, niftyCall, niftyFuture } from './instruments.ts';
import type { TickSpec } from './packets.ts';

const instruments = [nifty, niftyFuture, niftyCall];

/** A day on which trading halts at 11:00 and comes back at 12:00 through a pre-open of a quarter of an hour. */
const haltDay = bundledCalendar({
  days: [
    {
      session: 'windows',
      date: '2026-11-23',
      reason: 'Market-wide circuit breaker',
      windows: [
        {
          phases: [
            { phase: 'pre-open-entry', from: '09:00', to: '09:08' },
            { phase: 'buffer', from: '09:08', to: '09:15' },
            { phase: 'continuous', from: '09:15', to: '11:00' },
            { phase: 'halted', from: '11:00', to: '11:45' },
            { phase: 'pre-open-entry', from: '11:45', to: '11:56' },
            { phase: 'buffer', from: '11:56', to: '12:00' },
            { phase: 'continuous', from: '12:00', to: '15:30' },
          ],
        },
      ],
    },
  ],
});

const isHalted = (nowMs: number): boolean => nowMs >= at('11:00:00') && nowMs < at('12:00:00');

/** Prices that change with every second. */
function moving(bench: FeedBench, tokens: ReadonlySet<number>, atMs: number): readonly TickSpec[] {
  const second = Math.floor(atMs / 1000);
  const changes = { lastPrice: 26_000 + (second % 50), volume: second % 100_000, exchangeTimeMs: second * 1000 };
  return bench.ticksOf(tokens).map((tick) => ({ ...tick, ...changes }));
}

/** Everything as it was at the last moment of trading: what Kite repeats to whoever subscribes in the halt. */
function asOfHalt(bench: FeedBench, tokens: ReadonlySet<number>): readonly TickSpec[] {
  return moving(bench, tokens, Math.min(bench.clock.now(), at('10:59:59')));
}

/** The futures and options stop in the halt; `index` says what the index does. */
function halting(bench: FeedBench, index: 'repeats' | 'stops'): void {
  bench.ticker.ticks = (tokens) => {
    const now = bench.clock.now();
    if (!isHalted(now)) return moving(bench, tokens, now);
    const repeated = asOfHalt(bench, new Set([nifty.token]));
    const exchangeTimeMs = Math.floor(now / 1000) * 1000;
    return index === 'repeats' ? repeated.map((tick) => ({ ...tick, exchangeTimeMs })) : null;
  };
  const { quoteOf } = bench;
  bench.quoteOf = (key) => {
    const quote = quoteOf.call(bench, key);
    if (quote === null || !isHalted(bench.clock.now())) return quote;
    return { ...quote, exchangeTimeMs: at('10:59:59') };
  };
  bench.ticker.cached = (tokens) => (isHalted(bench.clock.now()) ? asOfHalt(bench, tokens) : bench.ticksOf(tokens));
}

describe('a market-wide halt that the calendar knows', () => {
  it.each(['repeats', 'stops'] as const)('raises nothing at all while the index %s', async (index) => {
    using bench = new FeedBench(at('10:55:00'), instruments, haltDay);
    halting(bench, index);
    await bench.goLive();
    bench.told.length = 0;
    await bench.clock.advanceTo(at('12:10:00'));
    expect(new Set(bench.told.map(({ state }) => state.state))).toEqual(new Set(['live']));
    expect(bench.state).toMatchObject({ gaps: [], reconnects: 0 });
    expect(bench.ticker.sockets).toHaveLength(1);
    expect(bench.rest.calls).toEqual([]);
    expect(instruments.map(({ key }) => bench.book.isStale(bench.book.slotOf(key)))).toEqual([false, false, false]);
  });

  it('makes prices indicative in the pre-open that ends it, and live again after', async () => {
    using bench = new FeedBench(at('11:44:00'), [nifty, niftyFuture], haltDay);
    await bench.goLive();
    const kinds = (): readonly string[] => [0, 1].map((slot) => bench.book.kind(slot));
    expect(kinds()).toEqual(['frozen', 'frozen']);
    await bench.clock.advanceTo(at('11:50:00'));
    expect(kinds()).toEqual(['indicative', 'indicative']);
    await bench.clock.advanceTo(at('12:00:02'));
    expect(kinds()).toEqual(['live', 'live']);
  });
});

describe('a market-wide halt that only the data shows', () => {
  it('is a quiet exchange, not a dead feed, when the index repeats its value', async () => {
    using bench = new FeedBench(at('10:55:00'), instruments);
    halting(bench, 'repeats');
    await bench.goLive();
    await bench.clock.advanceTo(at('11:59:00'));
    expect(bench.toldAfter(at('11:00:00'), ({ cause }) => cause === 'exchange-quiet')).toBeLessThanOrEqual(17_000);
    expect(bench.state).toMatchObject({ state: 'stale', source: 'websocket', cause: 'exchange-quiet' });
    await bench.clock.advanceTo(at('12:00:10'));
    expect(bench.state).toMatchObject({ state: 'live', cause: null });
    const whole = bench.state.gaps.filter(({ keys }) => keys.length === 0);
    expect(whole).toMatchObject([{ cause: 'exchange-quiet', to: expect.any(Number) }]);
    expect(Math.abs((whole[0]?.from ?? 0) - at('11:00:00'))).toBeLessThanOrEqual(1_500);
    expect(bench.ticker.sockets).toHaveLength(1);
  });

  it('is proven by one new connection when the index stops as well: it brings nothing newer', async () => {
    using bench = new FeedBench(at('10:55:00'), instruments);
    halting(bench, 'stops');
    await bench.goLive();
    await bench.clock.advanceTo(at('11:00:09'));
    expect(bench.state).toMatchObject({ state: 'stale', source: 'websocket', cause: 'exchange-quiet' });
    expect(bench.ticker.sockets).toHaveLength(2);
    bench.told.length = 0;
    await bench.clock.advanceTo(at('11:59:00'));
    expect(new Set(bench.told.map(({ state }) => state.cause))).toEqual(new Set(['exchange-quiet']));
    expect(bench.ticker.sockets).toHaveLength(2);
    await bench.clock.advanceTo(at('12:00:10'));
    expect(bench.state).toMatchObject({ state: 'live', cause: null });
    expect(bench.ticker.sockets).toHaveLength(2);
    expect(bench.state.gaps.filter(({ keys }) => keys.length === 0)).toMatchObject([{ cause: 'exchange-quiet' }]);
  });

  it('does not hide a line that dies in it', async () => {
    using bench = new FeedBench(at('10:55:00'), instruments);
    halting(bench, 'stops');
    await bench.goLive();
    await bench.clock.advanceTo(at('11:20:00'));
    const deadMs = bench.clock.now();
    bench.ticker.heartbeats = false;
    bench.ticker.cached = () => [];
    await bench.clock.advance(10_000);
    expect(bench.toldAfter(deadMs, ({ cause }) => cause === 'silent')).toBeLessThanOrEqual(8_000);
  });
});

describe('a stream that is dead while Kite has newer prices', () => {
  it('is mute, however often it is opened anew, and never a quiet exchange', async () => {
    using bench = new FeedBench(at('10:00:00'), instruments);
    await bench.goLive();
    bench.ticker.cached = (tokens) => bench.ticksOf(tokens);
    bench.ticker.ticks = () => null;
    await bench.clock.advance(5_000);
    bench.told.length = 0;
    await bench.clock.advance(60_000);
    expect(bench.told.some(({ state }) => state.cause === 'exchange-quiet')).toBe(false);
    expect(bench.state.cause).toBe('mute');
    expect(bench.ticker.sockets.length).toBeGreaterThan(3);
    expect(bench.state.source).toBe('rest');
  });
});

describe('a sleep that the connection survives', () => {
  it('is an outage on record when the exchange went on meanwhile, and none when only the clock was set', async () => {
    using bench = new FeedBench(at('10:00:00'), instruments);
    await bench.goLive();
    await bench.clock.advance(60_000);
    const sleptMs = bench.clock.now();
    // A frame is there before anybody has looked at the clock.
    bench.clock.jump(100_000);
    bench.ticker.last.deliver(bench.ticksOf(new Set([nifty.token, niftyFuture.token])));
    await bench.clock.advance(5_000);
    expect(bench.ticker.sockets).toHaveLength(1);
    expect(bench.state.gaps).toMatchObject([{ cause: 'silent', keys: [] }]);
    expect(Math.abs((bench.state.gaps[0]?.from ?? 0) - sleptMs)).toBeLessThanOrEqual(500);
    expect(Math.abs((bench.state.gaps[0]?.to ?? 0) - sleptMs - 100_000)).toBeLessThanOrEqual(500);

    bench.ticker.ticks = (tokens) =>
      bench.ticksOf(tokens).map((tick) => ({ ...tick, exchangeTimeMs: tick.exchangeTimeMs - 3_600_000 }));
    bench.clock.jump(3_600_000);
    bench.ticker.last.deliver(bench.ticker.ticks(new Set([nifty.token])) ?? []);
    await bench.clock.advance(5_000);
    expect(bench.state.gaps).toHaveLength(1);
  });

  it('does not make the exchange quiet, though all that is known looks old at first', async () => {
    using bench = new FeedBench(at('10:00:00'), instruments);
    bench.ticker.ticks = (tokens) => moving(bench, tokens, bench.clock.now());
    await bench.goLive();
    await bench.clock.advance(60_000);
    const sleptMs = bench.clock.now();
    // The first packets on the new connection are the last of before, and the next second's are a moment off.
    bench.ticker.cached = (tokens) => moving(bench, tokens, sleptMs - 500);
    bench.ticker.ticks = (tokens) =>
      bench.clock.now() < wokeMs + 1_500 ? null : moving(bench, tokens, bench.clock.now());
    bench.clock.jump(600_000);
    const wokeMs = bench.clock.now();
    bench.supervisor.wake();
    bench.told.length = 0;
    await bench.clock.advance(10_000);
    expect(bench.state).toMatchObject({ state: 'live', cause: null });
    expect(bench.told.filter(({ state }) => state.cause === 'exchange-quiet')).toEqual([]);
    expect(bench.state.gaps).toMatchObject([{ cause: 'silent', keys: [], to: wokeMs + 55 }]);
    expect(sleptMs - (bench.state.gaps[0]?.from ?? 0)).toBeLessThanOrEqual(500);
  });

  it('is no outage on record when a clock that was set made the connection look dead', async () => {
    using bench = new FeedBench(at('10:00:00'), instruments);
    let aheadMs = 0;
    bench.ticker.ticks = (tokens) => moving(bench, tokens, bench.clock.now() - aheadMs);
    await bench.goLive();
    await bench.clock.advance(60_000);
    aheadMs = 180_000;
    bench.clock.jump(aheadMs);
    bench.supervisor.wake();
    await bench.clock.advance(10_000);
    expect(bench.ticker.sockets).toHaveLength(2);
    expect(bench.state).toMatchObject({ state: 'live', cause: null, gaps: [] });
  });
});
