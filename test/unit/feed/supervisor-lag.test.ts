import { describe, expect, it } from 'vitest';
import { settleMicrotasks } from '../../support/virtual-clock.ts';
import { FeedBench } from './feed-bench.ts';
import { at, nifty, niftyFuture, sensex } from './instruments.ts';
import type { TickSpec } from './packets.ts';

/** Stamps every tick as of `lateMs` ago, to the second, as an exchange does whose prices take so long. */
function late(bench: FeedBench, lateMs: number): void {
  bench.ticker.ticks = (tokens) => stamped(bench, tokens, lateMs);
}

function stamped(bench: FeedBench, tokens: ReadonlySet<number>, lateMs: number): readonly TickSpec[] {
  const exchangeTimeMs = Math.floor((bench.clock.now() - lateMs) / 1000) * 1000;
  return bench.ticksOf(tokens).map((tick) => ({ ...tick, exchangeTimeMs }));
}

async function liveWithLag(lateMs: number): Promise<FeedBench> {
  const bench = new FeedBench(at('10:00:00'));
  late(bench, lateMs);
  await bench.goLive();
  await bench.clock.advance(120_000);
  return bench;
}

describe('the lag of a day', () => {
  it('is measured from the exchange second to the receipt of its first packet', async () => {
    using bench = await liveWithLag(700);
    const { samples, p50Ms, p95Ms, p99Ms } = bench.state.lag;
    // Two instruments, one new second a second, and what came before the stream was established.
    expect(samples).toBeGreaterThan(230);
    expect(samples).toBeLessThanOrEqual(242);
    for (const figure of [p50Ms, p95Ms, p99Ms]) {
      expect(figure).toBeGreaterThanOrEqual(700);
      expect(figure).toBeLessThanOrEqual(950);
    }
  });

  it('tells the usual from the rare', async () => {
    using bench = await liveWithLag(700);
    for (let round = 0; round < 10; round++) {
      late(bench, 2_700);
      await bench.clock.advance(4_000);
      late(bench, 700);
      await bench.clock.advance(16_000);
    }
    expect(bench.state.lag.p50Ms).toBeLessThan(1_000);
    expect(bench.state.lag.p99Ms).toBeGreaterThan(2_500);
    expect(bench.state.state).toBe('live');
  });

  it('counts no repeated packet and nothing outside continuous trading', async () => {
    using bench = new FeedBench(at('09:05:00'));
    await bench.goLive();
    await bench.clock.advance(30_000);
    expect(bench.state.lag).toMatchObject({ samples: 0, p50Ms: null });
  });

  it('begins anew with the day', async () => {
    using bench = await liveWithLag(700);
    bench.book.refreshKinds(at('00:00:01', '2026-11-25'));
    await bench.clock.advance(1_000);
    expect(bench.state.lag.samples).toBeLessThan(10);
  });
});

describe('the clock of the PC', () => {
  it.each([
    ['is right', 450, 0, 300],
    ['is ahead by three seconds', 3_450, 3_000, 3_300],
    ['is behind by three seconds', -2_550, -2_600, -2_250],
    ['is ahead by an hour', 3_600_450, 3_600_000, 3_600_300],
    ['is behind by a day', -86_399_550, -86_399_600, -86_399_250],
  ])('%s: the fastest ticks show it', async (_, lagMs, least, most) => {
    using bench = await liveWithLag(lagMs);
    expect(bench.state.lag.skewMs).toBeGreaterThanOrEqual(least);
    expect(bench.state.lag.skewMs).toBeLessThanOrEqual(most);
    expect(bench.state.state).toBe('live');
  });

  it('is not judged by the frames alone that have waited through a sleep before trading', async () => {
    using bench = new FeedBench(at('09:02:00'));
    late(bench, 700);
    await bench.goLive();
    await bench.clock.advance(60_000);
    bench.clock.jump(100_000);
    bench.supervisor.wake();
    // What lay in the system's buffers, each frame a second younger than the one before.
    for (let lateMs = 90_000; lateMs >= 62_000; lateMs -= 1_000) {
      late(bench, lateMs);
      await bench.clock.advance(250);
    }
    late(bench, 700);
    await bench.clock.advance(60_000);
    expect(Math.abs(bench.state.lag.skewMs ?? 0)).toBeLessThan(2_000);
  });

  it('is judged after half a minute of trading, and anew once it has been set', async () => {
    using bench = new FeedBench(at('10:00:00'));
    late(bench, 3_450);
    await bench.goLive();
    await bench.clock.advance(20_000);
    expect(bench.state.lag.skewMs).toBeNull();
    await bench.clock.advance(20_000);
    expect(bench.state.lag.skewMs).toBeGreaterThan(2_900);
    bench.clock.jump(-6_000);
    late(bench, -2_550);
    await bench.clock.advance(10_000);
    expect(bench.state.lag.skewMs).toBeNull();
    await bench.clock.advance(40_000);
    expect(bench.state.lag.skewMs).toBeLessThan(-2_400);
    expect(bench.state.state).toBe('live');
  });
});

describe('prices that come late', () => {
  /** Lag that grows by half a second a second, as in a queue, up to nine. */
  const growing = (bench: FeedBench, sinceMs: number): number =>
    450 + Math.min(9_000, (bench.clock.now() - sinceMs) / 2);

  it('are told from a wrong clock, and a new connection that brings them in time ends it', async () => {
    using bench = await liveWithLag(450);
    const [slow] = bench.ticker.sockets;
    const sinceMs = bench.clock.now();
    bench.ticker.ticks = (tokens) =>
      stamped(bench, tokens, tokens === slow?.subscribed ? growing(bench, sinceMs) : 450);
    await bench.clock.advance(25_000);
    const noticed = bench.toldAfter(
      sinceMs,
      ({ state, causeText }) => state === 'stale' && /late/.test(causeText ?? ''),
    );
    // Five seconds behind after ten, and the least of five seconds counts.
    expect(noticed).toBeGreaterThan(10_000);
    expect(noticed).toBeLessThanOrEqual(18_000);
    expect(bench.ticker.sockets).toHaveLength(2);
    expect(bench.state).toMatchObject({ state: 'live', cause: null, reconnects: 1, gaps: [{ cause: 'network' }] });
    expect(bench.state.lag.skewMs).toBeLessThan(300);
  });

  it('are shown as late for as long as they are, without one connection after the other', async () => {
    using bench = await liveWithLag(450);
    const sinceMs = bench.clock.now();
    bench.ticker.ticks = (tokens) => stamped(bench, tokens, growing(bench, sinceMs));
    await bench.clock.advance(30_000);
    bench.told.length = 0;
    await bench.clock.advance(600_000);
    expect(new Set(bench.told.map(({ state }) => `${state.state} ${state.cause}`))).toEqual(new Set(['stale network']));
    expect(bench.state.causeText).toMatch(/^Prices arrive about 9 s late/);
    expect(bench.state.source).toBe('websocket');
    expect(bench.ticker.sockets).toHaveLength(2);
    expect(bench.state.lag.skewMs).toBeLessThan(300);
    late(bench, 450);
    await bench.clock.advance(7_000);
    expect(bench.state).toMatchObject({ state: 'live', cause: null });
  });

  it('are not called late within what Kite is known to take', async () => {
    using bench = await liveWithLag(450);
    late(bench, 3_400);
    await bench.clock.advance(60_000);
    expect(bench.told.filter(({ state }) => state.state === 'stale')).toEqual([]);
  });

  it('give way to REST where that is ahead, which is said as it is', async () => {
    using bench = await liveWithLag(450);
    late(bench, 9_450);
    await bench.clock.advance(60_000);
    expect(bench.state).toMatchObject({ source: 'rest', cause: 'network' });
    expect(bench.state.causeText).toMatch(/older than those already shown/);
    expect(bench.book.row(0, false)).toMatchObject({ fromRest: true, stale: false });
    late(bench, 450);
    await bench.clock.advance(15_000);
    expect(bench.state).toMatchObject({ source: 'websocket', state: 'live', cause: null });
  });

  it('from a line on which everything takes six seconds are waited for after the first stall', async () => {
    using bench = await liveWithLag(450);
    const bornMs = bench.clock.now();
    bench.rest.error = 'network';
    // Nothing reaches a socket in its first six seconds; then all of it does, six seconds old.
    bench.ticker.ticks = (tokens) => {
      const socket = bench.ticker.sockets.find(({ subscribed }) => subscribed === tokens);
      const openForMs = bench.clock.now() - Math.max(socket?.startedMs ?? 0, bornMs);
      return openForMs < 6_000 ? null : stamped(bench, tokens, 6_450);
    };
    await bench.clock.advance(60_000);
    expect(bench.state).toMatchObject({ source: 'websocket', state: 'stale', cause: 'network' });
    expect(bench.state.causeText).toMatch(/6 s late/);
    expect(bench.ticker.sockets.length).toBeLessThanOrEqual(4);
  });
});

describe('a process that is held up', () => {
  it('does not take the frames that wait unread for a silent feed', async () => {
    using bench = await liveWithLag(450);
    bench.clock.hold(12_000);
    await bench.clock.advance(5_000);
    expect(bench.ticker.sockets).toHaveLength(1);
    expect(bench.state).toMatchObject({ state: 'live', reconnects: 0 });
    expect(bench.state.lag.heldUpMs).toBeGreaterThanOrEqual(11_500);
    expect(bench.log.filter((line) => line.includes('held up'))).toHaveLength(1);
    expect(bench.log.at(-1)).toMatch(/held up for 1[12]\.\d s by this PC; prices waited unread/);
  });

  it('judges nothing before what has waited is read, however late that makes it', async () => {
    using bench = await liveWithLag(450);
    const { ticks } = bench.ticker;
    bench.ticker.heartbeats = false;
    bench.ticker.ticks = () => null;
    bench.clock.hold(12_000);
    // The check that is overdue comes first, then what the line has brought meanwhile.
    await bench.clock.advance(5_000, async () => {
      await settleMicrotasks();
      if (bench.ticker.heartbeats || !bench.log.some((line) => line.includes('held up'))) return;
      bench.ticker.heartbeats = true;
      bench.ticker.ticks = ticks;
      bench.ticker.last.deliver(bench.ticksOf(bench.ticker.last.subscribed));
    });
    expect(bench.ticker.sockets).toHaveLength(1);
    expect(bench.state).toMatchObject({ state: 'live', reconnects: 0 });
  });

  it('still finds out that the line went dead meanwhile', async () => {
    using bench = await liveWithLag(450);
    const [dead] = bench.ticker.sockets;
    const { ticks } = bench.ticker;
    bench.ticker.heartbeats = false;
    bench.ticker.ticks = (tokens) => (tokens === dead?.subscribed ? null : ticks(tokens));
    bench.clock.hold(12_000);
    await bench.clock.advance(3_000);
    expect(bench.state).toMatchObject({ state: 'live', reconnects: 1 });
  });
});

describe('a skew of the PC’s clock', () => {
  const three = [nifty, sensex, niftyFuture];
  /** Each instrument's stamps are so far ahead of the exchange, ms. */
  async function skewWith(aheadMs: readonly number[], pcAheadMs = 0): Promise<number | null> {
    using bench = new FeedBench(at('10:00:00'), three);
    bench.ticker.ticks = (tokens) =>
      bench.ticksOf(tokens).map((tick) => {
        const slot = three.findIndex(({ token }) => token === tick.token);
        return { ...tick, exchangeTimeMs: tick.exchangeTimeMs - pcAheadMs + (aheadMs[slot] ?? 0) };
      });
    await bench.goLive();
    await bench.clock.advance(60_000);
    return bench.state.lag.skewMs;
  }

  it.each([
    ['none is ahead', [0, 0, 0]],
    ['one is ahead', [4_000, 0, 0]],
    ['another is ahead', [0, 0, 4_000]],
    ['two are ahead by different amounts', [4_000, 3_000, 0]],
  ])('is not said on the word of fewer than three: %s', async (_, aheadMs) => {
    expect(Math.abs((await skewWith(aheadMs)) ?? 0)).toBeLessThan(1_000);
  });

  it.each([4_000, -4_000])('is said where three agree: %i ms', async (pcAheadMs) => {
    const skewMs = (await skewWith([0, 0, 0], pcAheadMs)) ?? 0;
    expect(Math.abs(skewMs - pcAheadMs)).toBeLessThan(1_000);
  });
});

it('a wrong clock makes nobody stale', async () => {
  using bench = await liveWithLag(-40_000);
  expect(bench.book.isStale(bench.book.slotOf(nifty.key))).toBe(false);
  expect(bench.state).toMatchObject({ state: 'live', gaps: [] });
});
