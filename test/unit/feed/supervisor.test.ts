import { describe, expect, it } from 'vitest';
import type { SocketEnd } from '../../../src/kite/ticker-events.ts';
import { FeedBench } from './feed-bench.ts';
import { at, gold, nifty, niftyCall, niftyFuture } from './instruments.ts';

const drop: SocketEnd = { how: 'closed', code: 1006, reason: '' };

describe('a feed that is wanted', () => {
  it('is live within 300 ms, subscribed in full mode, and says so at once', async () => {
    using bench = new FeedBench(at('08:55:00'));
    expect(bench.state).toMatchObject({ desired: 'off', state: 'off', source: 'none' });
    bench.supervisor.setDesired({ on: true, reason: 'market hours' });
    expect(bench.state).toMatchObject({ desired: 'on', state: 'connecting', source: 'none' });
    await bench.clock.advance(1_000);
    expect(bench.toldAfter(at('08:55:00'), ({ state }) => state === 'live')).toBeLessThanOrEqual(300);
    expect(bench.state).toMatchObject({ state: 'live', source: 'websocket', cause: null, attempt: 0, gaps: [] });
    expect(bench.ticker.last.sent).toEqual(['subscribe 2', 'full 2']);
  });

  it('subscribes thousands of instruments in batches, each at once in full mode, spot and futures first', async () => {
    const options = Array.from({ length: 1_100 }, (_, index) => ({
      ...niftyCall,
      key: `NFO:OPTION${index}`,
      token: (index + 1) * 256 + 2,
    }));
    using bench = new FeedBench(at('10:00:00'), [...options, nifty]);
    await bench.goLive();
    const { sent, modes } = bench.ticker.last;
    expect(sent).toEqual(['subscribe 500', 'full 500', 'subscribe 500', 'full 500', 'subscribe 101', 'full 101']);
    expect([...modes.keys()][0]).toBe(nifty.token);
  });

  it('follows a changed subscription by its difference', async () => {
    using bench = new FeedBench(at('10:00:00'), [nifty, niftyFuture]);
    await bench.goLive();
    bench.book.add(niftyCall);
    bench.supervisor.setSubscription([nifty, niftyCall]);
    expect(bench.ticker.last.sent.slice(2)).toEqual(['unsubscribe 1', 'subscribe 1', 'full 1']);
    expect([...bench.ticker.last.subscribed].sort()).toEqual([nifty.token, niftyCall.token].sort());
    expect(bench.ticker.sockets).toHaveLength(1);
  });

  it('stops cleanly: no socket, no request and no timer is left', async () => {
    const bench = new FeedBench(at('10:00:00'));
    await bench.goLive();
    bench.supervisor.setDesired({ on: false, reason: 'paused by you', paused: true });
    expect(bench.state).toMatchObject({ state: 'off', source: 'none', cause: null, paused: true });
    expect(bench.ticker.open).toEqual([]);
    expect(bench.clock.pending).toBe(0);
    bench.supervisor.setDesired({ on: true, reason: 'resumed' });
    await bench.clock.advance(1_000);
    expect(bench.state).toMatchObject({ state: 'live', reconnects: 0 });
    bench[Symbol.dispose]();
    expect(bench.clock.pending).toBe(0);
    expect(bench.ticker.open).toEqual([]);
  });

  it('tells changes at once and mere counters at most once a second', async () => {
    using bench = new FeedBench(at('10:00:00'));
    await bench.goLive();
    const before = bench.told.length;
    await bench.clock.advance(60_000);
    const told = bench.told.length - before;
    expect(told).toBeGreaterThanOrEqual(45);
    expect(told).toBeLessThanOrEqual(60);
    expect(bench.state.ticks).toBeGreaterThan(400);
    expect(bench.clock.now() - (bench.state.lastTickAt ?? 0)).toBeLessThanOrEqual(500);
  });
});

describe('a lost connection', () => {
  it('is replaced at once, the fiftieth as fast as the first', async () => {
    using bench = new FeedBench(at('10:00:00'));
    await bench.goLive();
    const recoveries: number[] = [];
    for (let round = 0; round < 50; round++) {
      const droppedMs = bench.clock.now();
      bench.ticker.last.end(drop);
      await bench.clock.advance(2_000);
      const first = bench.tickTimes.find(({ atMs }) => atMs > droppedMs);
      recoveries.push((first?.atMs ?? Number.POSITIVE_INFINITY) - droppedMs);
    }
    expect(Math.max(...recoveries)).toBeLessThanOrEqual(250);
    expect(recoveries.at(-1)).toBe(recoveries[0]);
    expect(bench.state).toMatchObject({ state: 'live', reconnects: 50, attempt: 0 });
    expect(bench.ticker.open).toHaveLength(1);
  });

  it('is not replaced in a storm when the server hangs up after every first frame', async () => {
    using bench = new FeedBench(at('10:00:00'));
    await bench.goLive();
    const hangUp = bench.book.onTicks(() => bench.ticker.last.end(drop));
    await bench.clock.advance(60_000);
    hangUp[Symbol.dispose]();
    expect(bench.ticker.sockets.length).toBeLessThan(120);
  });

  it('says network and counts attempts while Kite cannot be reached, for as long as that takes', async () => {
    using bench = new FeedBench(at('10:00:00'));
    await bench.goLive();
    bench.ticker.reception = { how: 'failed', networkCode: 'ENOTFOUND', message: '' };
    bench.ticker.last.end(drop);
    await bench.clock.advance(3_600_000);
    expect(bench.state).toMatchObject({ state: 'backoff', cause: 'network' });
    expect(bench.state.attempt).toBeGreaterThan(500);
    const starts = bench.ticker.sockets.map(({ startedMs }) => startedMs);
    const waits = starts.slice(5).map((startedMs, index) => startedMs - (starts[index + 4] ?? 0));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(1_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(10_500);
    bench.ticker.reception = 'accept';
    await bench.clock.advance(12_000);
    expect(bench.state).toMatchObject({ state: 'live', source: 'websocket', cause: null, attempt: 0 });
  });

  it('is retried at once when asked, and when the PC wakes', async () => {
    using bench = new FeedBench(at('10:00:00'));
    bench.ticker.reception = { how: 'failed', networkCode: 'ENETDOWN', message: '' };
    bench.supervisor.setDesired({ on: true, reason: 'market hours' });
    await bench.clock.advance(30_000);
    const attempts = bench.ticker.sockets.length;
    await bench.clock.advance((bench.state.retryAt ?? 0) - bench.clock.now() - 1_000);
    expect(bench.ticker.sockets).toHaveLength(attempts);
    bench.supervisor.retryNow('asked by you');
    expect(bench.ticker.sockets).toHaveLength(attempts + 1);
    await bench.clock.advance(100);
    bench.supervisor.wake();
    expect(bench.ticker.sockets).toHaveLength(attempts + 2);
  });

  it('waits a minute when Kite counts too many connections', async () => {
    using bench = new FeedBench(at('10:00:00'));
    bench.ticker.reception = { how: 'refused', status: 429, body: '' };
    bench.supervisor.setDesired({ on: true, reason: 'market hours' });
    await bench.clock.advance(59_900);
    expect(bench.state).toMatchObject({
      state: 'backoff',
      cause: 'too-many-connections',
      retryAt: at('10:01:00') + 50,
    });
    expect(bench.ticker.sockets).toHaveLength(1);
    bench.ticker.reception = 'accept';
    await bench.clock.advance(2_500);
    expect(bench.state).toMatchObject({ state: 'live', cause: null });
  });

  it('is retried at once when it cannot be made at all, and then no faster than once a second', async () => {
    using bench = new FeedBench(at('10:00:00'));
    bench.ticker.reception = { how: 'failed', networkCode: 'ENOTFOUND', message: '' };
    bench.supervisor.setDesired({ on: true, reason: 'market hours' });
    await bench.clock.advance(10_000);
    const starts = bench.ticker.sockets.map(({ startedMs }) => startedMs - at('10:00:00'));
    expect(starts.slice(0, 2)).toEqual([0, 50]);
    expect((starts[2] ?? 0) - (starts[1] ?? 0)).toBeGreaterThanOrEqual(1_000);
  });

  it('waits out that minute when the PC wakes meanwhile', async () => {
    using bench = new FeedBench(at('10:00:00'));
    bench.ticker.reception = { how: 'refused', status: 429, body: '' };
    bench.supervisor.setDesired({ on: true, reason: 'market hours' });
    await bench.clock.advance(1_000);
    bench.supervisor.wake();
    await bench.clock.advance(50_000);
    expect(bench.ticker.sockets).toHaveLength(1);
  });

  it('never hears a connection it has replaced', async () => {
    using bench = new FeedBench(at('10:00:00'));
    await bench.goLive();
    const old = bench.ticker.last;
    old.end(drop);
    await bench.clock.advance(1_000);
    const { frames, reconnects } = bench.state;
    old.ghost(bench.ticksOf(new Set([nifty.token])));
    expect(bench.state).toMatchObject({ state: 'live', frames, reconnects });
    expect(bench.ticker.sockets).toHaveLength(2);
  });
});

describe('a connection that goes quiet', () => {
  it('is noticed within 8 s when nothing comes at all, at any hour, and replaced', async () => {
    using bench = new FeedBench(at('08:56:00'));
    await bench.goLive();
    bench.ticker.heartbeats = false;
    bench.ticker.ticks = () => null;
    // Without an index nothing is due before the session: only the missing heartbeat tells.
    bench.supervisor.setSubscription([niftyFuture]);
    const quietMs = bench.clock.now();
    await bench.clock.advance(9_000);
    expect(bench.toldAfter(quietMs, ({ state, cause }) => state === 'stale' && cause === 'silent')).toBeLessThanOrEqual(
      8_000,
    );
    expect(bench.ticker.sockets.length).toBeGreaterThanOrEqual(2);
  });

  it('is noticed within 5 s when only heartbeats come, stays stale until data flows, and is replaced', async () => {
    using bench = new FeedBench(at('10:00:00'));
    await bench.goLive();
    const { ticks } = bench.ticker;
    bench.ticker.ticks = () => null;
    const quietMs = bench.clock.now();
    await bench.clock.advance(5_000);
    expect(bench.toldAfter(quietMs, ({ state, cause }) => state === 'stale' && cause === 'mute')).toBeLessThanOrEqual(
      5_000,
    );
    expect(bench.ticker.sockets).toHaveLength(2);
    bench.ticker.ticks = ticks;
    await bench.clock.advance(2_000);
    expect(bench.state).toMatchObject({ state: 'live', source: 'websocket', cause: null });
    expect(bench.state.gaps).toMatchObject([{ cause: 'mute', keys: [] }]);
  });

  it('is not reconnected in haste when that does not help', async () => {
    using bench = new FeedBench(at('10:00:00'));
    await bench.goLive();
    bench.ticker.ticks = () => null;
    await bench.clock.advance(60_000);
    expect(bench.ticker.sockets.length).toBeGreaterThanOrEqual(5);
    expect(bench.ticker.sockets.length).toBeLessThanOrEqual(10);
    expect(bench.state.cause).toBe('mute');
    // The one that was live was none; the one at hand may not have failed yet.
    expect(bench.state.attempt).toBeGreaterThanOrEqual(bench.ticker.sockets.length - 2);
  });

  it('is replaced when it never answers the handshake', async () => {
    using bench = new FeedBench(at('10:00:00'));
    bench.ticker.reception = 'never-answer';
    bench.supervisor.setDesired({ on: true, reason: 'market hours' });
    await bench.clock.advance(7_500);
    expect(bench.state).toMatchObject({ state: 'connecting', cause: 'network', attempt: 1 });
    expect(bench.ticker.sockets).toHaveLength(2);
    await bench.clock.advance(7_500);
    expect(bench.state).toMatchObject({ state: 'backoff', cause: 'network', attempt: 2 });
  });

  it('is replaced within a second of waking up, without anybody saying that the PC slept', async () => {
    using bench = new FeedBench(at('10:00:00'));
    await bench.goLive();
    const [dead] = bench.ticker.sockets;
    bench.ticker.heartbeats = false;
    bench.ticker.ticks = (tokens) => (tokens === dead?.subscribed ? null : bench.ticksOf(tokens));
    bench.clock.jump(3_600_000);
    const wokeMs = bench.clock.now();
    await bench.clock.advance(1_000);
    expect(bench.toldAfter(wokeMs, ({ state, cause }) => state === 'stale' && cause === 'silent')).toBeLessThan(1_000);
    expect(bench.toldAfter(wokeMs, ({ state }) => state === 'live')).toBeLessThan(1_000);
    expect(bench.rest.calls).toEqual([]);
  });

  it('survives a clock that is set, as long as frames come', async () => {
    using bench = new FeedBench(at('10:00:00'));
    await bench.goLive();
    for (const jumpMs of [3_600_000, -7_200_000, 3_600_000]) {
      bench.clock.jump(jumpMs);
      await bench.clock.advance(10_000);
      expect(bench.state.state).toBe('live');
    }
    expect(bench.ticker.sockets).toHaveLength(1);
  });

  it('raises nothing while it works, from before the pre-open to after the close', async () => {
    using bench = new FeedBench(at('08:54:59'), [nifty, niftyFuture, niftyCall, gold]);
    bench.ticker.ticks = (tokens) => {
      const now = bench.clock.now();
      const quietHours: [number, number, number][] = [
        [niftyFuture.token, at('09:00:00'), at('15:40:00')],
        [niftyCall.token, at('09:20:00'), at('09:20:10')],
        [gold.token, at('09:00:00'), at('09:00:01')],
      ];
      return bench
        .ticksOf(tokens)
        .filter(({ token }) => quietHours.every(([quiet, from, to]) => token !== quiet || (now >= from && now < to)));
    };
    await bench.goLive();
    bench.told.length = 0;
    await bench.clock.advanceTo(at('15:45:00'));
    expect(new Set(bench.told.map(({ state }) => state.state))).toEqual(new Set(['live']));
    expect(bench.state).toMatchObject({ reconnects: 0, gaps: [] });
    expect(bench.rest.calls).toEqual([]);
  });

  it('raises nothing in the closing auction when the index stops altogether', async () => {
    using bench = new FeedBench(at('15:14:50'));
    bench.ticker.ticks = (tokens) =>
      bench.ticksOf(tokens).filter(({ token }) => token !== nifty.token || bench.clock.now() < at('15:15:00'));
    await bench.goLive();
    bench.told.length = 0;
    await bench.clock.advanceTo(at('15:40:00'));
    expect(new Set(bench.told.map(({ state }) => state.state))).toEqual(new Set(['live']));
    expect(bench.book.isStale(bench.book.slotOf(nifty.key))).toBe(false);
    expect(bench.book.kind(bench.book.slotOf(nifty.key))).toBe('frozen');
  });

  it('is told apart from an exchange that stands still: frames come, nothing in session moves', async () => {
    using bench = new FeedBench(at('10:00:00'), [nifty, niftyFuture]);
    await bench.goLive();
    const stoppedMs = Math.floor(bench.clock.now() / 1000) * 1000;
    bench.ticker.ticks = (tokens) => bench.ticksOf(tokens).map((tick) => ({ ...tick, exchangeTimeMs: stoppedMs }));
    await bench.clock.advance(20_000);
    expect(bench.state).toMatchObject({ state: 'stale', source: 'websocket', cause: 'exchange-quiet' });
    expect(bench.ticker.sockets).toHaveLength(1);
    bench.ticker.ticks = (tokens) => bench.ticksOf(tokens);
    await bench.clock.advance(2_000);
    expect(bench.state).toMatchObject({ state: 'live', cause: null });
    const whole = bench.state.gaps.find(({ keys }) => keys.length === 0);
    expect(whole).toMatchObject({ cause: 'exchange-quiet', from: stoppedMs + 50 });
    expect(whole?.to).not.toBeNull();
  });

  it('keeps a gap for one instrument that stops while the others go on, and asks for it again', async () => {
    using bench = new FeedBench(at('10:00:00'), [nifty, niftyFuture]);
    await bench.goLive();
    bench.ticker.ticks = (tokens) => bench.ticksOf(tokens).filter(({ token }) => token !== nifty.token);
    const from = bench.clock.now();
    const isStale = (): boolean => bench.book.isStale(bench.book.slotOf(nifty.key));
    while (!isStale() && bench.clock.now() - from < 20_000) await bench.clock.advance(50);
    expect(bench.clock.now() - from).toBeLessThanOrEqual(6_500);
    await bench.clock.advance(20_000 - (bench.clock.now() - from));
    expect(bench.state.state).toBe('live');
    // By then REST brings it.
    expect(bench.book.row(bench.book.slotOf(nifty.key), false)).toMatchObject({ fromRest: true, stale: false });
    expect(bench.ticker.last.sent.slice(2)).toEqual(['unsubscribe 1', 'subscribe 1', 'full 1']);
    bench.ticker.ticks = (tokens) => bench.ticksOf(tokens);
    await bench.clock.advance(2_000);
    expect(bench.state.gaps).toMatchObject([{ cause: 'exchange-quiet', keys: [nifty.key] }]);
    const [gap] = bench.state.gaps;
    expect(Math.abs((gap?.from ?? 0) - from)).toBeLessThanOrEqual(1_000);
    expect(gap?.to).not.toBeNull();
  });
});
