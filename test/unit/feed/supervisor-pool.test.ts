import { describe, expect, it } from 'vitest';
import type { BookInstrument } from '../../../src/feed/quote-book.ts';
import type { SocketEnd } from '../../../src/kite/ticker-events.ts';
import type { FakeSocket } from './fake-kite.ts';
import { FeedBench } from './feed-bench.ts';
import { at, nifty, niftyCall, niftyFuture } from './instruments.ts';

const drop: SocketEnd = { how: 'closed', code: 1006, reason: '' };

function options(count: number, from = 0): readonly BookInstrument[] {
  return Array.from({ length: count }, (_, index) => ({
    ...niftyCall,
    key: `NFO:OPTION${from + index}`,
    token: (from + index + 1) * 256 + 2,
  }));
}

/** A feed of so many options besides NIFTY and its future; only these two and the first options of a socket tick. */
async function liveWith(count: number): Promise<FeedBench> {
  const bench = new FeedBench(at('10:00:00'), [...options(count), nifty, niftyFuture]);
  bench.ticker.ticks = (tokens) => bench.ticksOf(new Set([...tokens].slice(0, 4)));
  await bench.goLive();
  return bench;
}

/** The open socket that carries a token, and not merely as a sign of life. */
function socketOf(bench: FeedBench, token: number): FakeSocket {
  const socket = bench.ticker.open.find(({ subscribed }) => subscribed.has(token));
  if (socket === undefined) throw new Error(`nobody carries ${token}`);
  return socket;
}

const tokenOf = (index: number): number => (index + 1) * 256 + 2;

describe('more instruments than one connection takes', () => {
  it('are spread over three connections of 3,000, the indices and futures on the first', async () => {
    using bench = await liveWith(8_998);
    const loads = bench.ticker.open.map(({ subscribed }) => subscribed.size);
    expect(loads).toEqual([3_000, 3_000, 3_000]);
    const carried = bench.ticker.open.flatMap(({ subscribed }) => [...subscribed]);
    expect(new Set(carried).size).toBe(9_000);
    expect([nifty.token, niftyFuture.token].every((token) => bench.ticker.open[0]?.subscribed.has(token))).toBe(true);
    expect(bench.state).toMatchObject({ state: 'live', capacity: { used: 9_000, limit: 9_000 } });
    expect(bench.log.filter((line) => line.includes('limit'))).toEqual([
      "warning: Kite's limit for live instruments is near: 9,000 of 9,000 are followed.",
    ]);
  });

  it('say what is left out beyond the limit', async () => {
    using bench = await liveWith(9_010);
    expect(bench.ticker.open.map(({ subscribed }) => subscribed.size)).toEqual([3_000, 3_000, 3_000]);
    expect(bench.state.capacity).toEqual({ used: 9_012, limit: 9_000 });
    expect(bench.log).toContain("warning: Kite's limit leaves out 12 instruments: 9,012 of 9,000 are asked for.");
  });

  it('get another connection as they grow, which ticks an index too, and lose it as they shrink', async () => {
    using bench = await liveWith(2_990);
    expect(bench.ticker.open).toHaveLength(1);
    const more = [nifty, niftyFuture, ...options(3_200)];
    for (const instrument of more) bench.book.add(instrument);
    bench.supervisor.setSubscription(more);
    await bench.clock.advance(2_000);
    expect(bench.ticker.open.map(({ subscribed }) => subscribed.size)).toEqual([1_601, 1_602]);
    expect(bench.ticker.open[1]?.subscribed.has(nifty.token)).toBe(true);
    expect(bench.state).toMatchObject({ state: 'live', reconnects: 0, gaps: [] });
    bench.supervisor.setSubscription([nifty, niftyFuture]);
    await bench.clock.advance(2_000);
    expect(bench.ticker.open.map(({ subscribed }) => subscribed.size)).toEqual([2]);
    expect(bench.state).toMatchObject({ state: 'live', gaps: [] });
  });
});

describe('one of several connections', () => {
  it('is replaced at once when it drops, and the others do not notice', async () => {
    using bench = await liveWith(5_000);
    const [primary, second] = bench.ticker.open;
    second?.end(drop);
    await bench.clock.advance(1_000);
    expect(bench.ticker.open).toHaveLength(2);
    expect(bench.ticker.open).toContain(primary);
    expect(bench.state).toMatchObject({ state: 'live', reconnects: 1, gaps: [] });
  });

  it('has a stall of its own, which is told, listed for its instruments, and bridged by REST', async () => {
    using bench = await liveWith(5_000);
    const second = bench.ticker.open[1];
    const { ticks } = bench.ticker;
    const isSecond = (tokens: ReadonlySet<number>): boolean => !tokens.has(niftyFuture.token);
    bench.ticker.ticks = (tokens) => (isSecond(tokens) ? null : ticks(tokens));
    const mutedMs = bench.clock.now();
    await bench.clock.advance(5_000);
    expect(bench.toldAfter(mutedMs, ({ state, cause }) => state === 'stale' && cause === 'mute')).toBeLessThanOrEqual(
      5_000,
    );
    expect(bench.state).toMatchObject({ source: 'websocket', state: 'stale', cause: 'mute' });
    expect(bench.state.causeText).toMatch(/^2501 instruments of the watchlist have no live prices\. Kite kept/);
    expect(second?.isOpen).toBe(false);
    await bench.clock.advance(5_000);
    const asked = new Set(bench.rest.calls.flatMap(({ keys }) => keys));
    expect(asked.has(nifty.key)).toBe(false);
    expect(asked.size).toBeGreaterThan(1_000);

    bench.ticker.ticks = ticks;
    await bench.clock.advance(30_000);
    expect(bench.state).toMatchObject({ state: 'live', cause: null });
    const [gap] = bench.state.gaps;
    expect(bench.state.gaps).toHaveLength(1);
    expect(gap).toMatchObject({ cause: 'mute', to: expect.any(Number) });
    expect(gap?.keys).toHaveLength(2_501);
    expect(gap?.keys).not.toContain(nifty.key);
    const calls = bench.rest.calls.length;
    await bench.clock.advance(10_000);
    expect(bench.rest.calls).toHaveLength(calls);
  });

  it('makes only its own instruments stale', async () => {
    using bench = await liveWith(5_000);
    const { ticks } = bench.ticker;
    bench.rest.error = 'network';
    const lost = [...(bench.ticker.open[1]?.subscribed ?? [])].at(-1) ?? 0;
    const kept = [...(bench.ticker.open[0]?.subscribed ?? [])].at(-1) ?? 0;
    bench.ticker.ticks = (tokens) => (tokens.has(niftyFuture.token) ? ticks(tokens) : null);
    await bench.clock.advance(8_000);
    const { book } = bench;
    expect(book.isStale(book.columns.slotOf(lost))).toBe(true);
    expect(book.isStale(book.columns.slotOf(kept))).toBe(false);
  });

  it('that is refused for one too many waits a minute, and the first goes on', async () => {
    using bench = await liveWith(5_000);
    bench.ticker.reception = { how: 'refused', status: 429, body: '' };
    bench.ticker.open[1]?.end(drop);
    await bench.clock.advance(50_000);
    const attempts = bench.ticker.sockets.length;
    expect(attempts).toBe(3);
    expect(bench.state).toMatchObject({ state: 'stale', source: 'websocket', cause: 'too-many-connections' });
    expect(bench.state.causeText).toMatch(/Another program holds the live connections/);
    bench.ticker.reception = 'accept';
    await bench.clock.advance(15_000);
    expect(bench.state).toMatchObject({ state: 'live', cause: null });
  });

  it('that is refused with 403 stops every attempt, and not the prices that still flow', async () => {
    using bench = await liveWith(8_000);
    bench.ticker.reception = { how: 'refused', status: 403, body: '' };
    bench.auth.verdict = 'token-rejected';
    for (const socket of bench.ticker.open.slice(1)) socket.end(drop);
    await bench.clock.advance(120_000);
    const refused = bench.ticker.sockets.slice(3);
    expect(refused.length).toBeLessThanOrEqual(2);
    expect(bench.auth.reports.length).toBeLessThanOrEqual(2);
    expect(bench.state).toMatchObject({ state: 'stale', source: 'websocket', cause: 'logged-in-elsewhere' });
    expect(bench.ticker.open).toHaveLength(1);
    bench.ticker.reception = 'accept';
    bench.auth.signIn('token-2');
    await bench.clock.advance(1_000);
    expect(bench.ticker.open.map(({ session }) => session.accessToken)).toEqual(['token-2', 'token-2', 'token-2']);
    expect(bench.state).toMatchObject({ state: 'live', cause: null });
  });

  it('dials only while the first is open: a dead login is refused once, not three times', async () => {
    const bench = new FeedBench(at('10:00:00'), [nifty, niftyFuture, ...options(8_000)]);
    bench.ticker.reception = { how: 'refused', status: 403, body: '' };
    bench.auth.verdict = 'token-rejected';
    bench.supervisor.setDesired({ on: true, reason: 'market hours' });
    await bench.clock.advance(60_000);
    expect(bench.ticker.sockets).toHaveLength(1);
    bench[Symbol.dispose]();
    expect(bench.clock.pending).toBe(0);
  });
});

describe('modes', () => {
  it('are quote for what nobody shows, after a first full packet, and full for indices, futures and what is shown', async () => {
    using bench = await liveWith(20);
    const socket = socketOf(bench, nifty.token);
    expect(socket.modes.get(tokenOf(3))).toBe('full');
    await bench.clock.advance(3_000);
    expect(socket.modes.get(tokenOf(3))).toBe('quote');
    expect(socket.modes.get(nifty.token)).toBe('full');
    expect(socket.modes.get(niftyFuture.token)).toBe('full');
    bench.supervisor.setShown([bench.book.columns.slotOf(tokenOf(3))]);
    expect(socket.modes.get(tokenOf(3))).toBe('full');
    expect(socket.modes.get(tokenOf(4))).toBe('quote');
  });

  it('stay full for half a minute after an instrument is out of sight, and the connection never changes', async () => {
    using bench = await liveWith(20);
    const slot = bench.book.columns.slotOf(tokenOf(3));
    bench.supervisor.setShown([slot]);
    await bench.clock.advance(5_000);
    const socket = socketOf(bench, nifty.token);
    const sent = socket.sent.length;
    for (let scroll = 0; scroll < 20; scroll++) {
      bench.supervisor.setShown(scroll % 2 === 0 ? [] : [slot]);
      await bench.clock.advance(500);
    }
    expect(socket.sent).toHaveLength(sent);
    bench.supervisor.setShown([]);
    await bench.clock.advance(32_000);
    expect(socket.modes.get(tokenOf(3))).toBe('quote');
    expect(bench.ticker.sockets).toHaveLength(1);
  });

  it('are asked for again on every new connection', async () => {
    using bench = await liveWith(20);
    bench.supervisor.setShown([bench.book.columns.slotOf(tokenOf(3))]);
    await bench.clock.advance(3_000);
    bench.ticker.last.end(drop);
    await bench.clock.advance(4_000);
    const socket = socketOf(bench, nifty.token);
    expect(socket.modes.get(tokenOf(3))).toBe('full');
    expect(socket.modes.get(tokenOf(4))).toBe('quote');
  });
});
