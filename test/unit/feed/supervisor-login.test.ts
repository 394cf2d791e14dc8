import { describe, expect, it } from 'vitest';
import type { TokenVerdict } from '../../../src/feed/causes.ts';
import type { SocketEnd } from '../../../src/kite/ticker-events.ts';
import { FeedBench } from './feed-bench.ts';
import { at } from './instruments.ts';

const drop: SocketEnd = { how: 'closed', code: 1006, reason: '' };
const forbidden: SocketEnd = { how: 'refused', status: 403, body: '' };

async function refused(start: number, verdict: TokenVerdict): Promise<FeedBench> {
  const bench = new FeedBench(start);
  bench.ticker.reception = forbidden;
  bench.auth.verdict = verdict;
  bench.supervisor.setDesired({ on: true, reason: 'market hours' });
  await bench.clock.advance(2_000);
  return bench;
}

describe('a login that Kite turns down', () => {
  it('is told within 2 s, and no further attempt is made by socket or REST', async () => {
    using bench = await refused(at('08:55:00'), 'token-rejected');
    expect(bench.toldAfter(at('08:55:00'), ({ state }) => state === 'blocked')).toBeLessThanOrEqual(100);
    expect(bench.toldAfter(at('08:55:00'), ({ cause }) => cause === 'token-expired')).toBeLessThanOrEqual(2_000);
    await bench.clock.advance(3_600_000);
    expect(bench.ticker.sockets).toHaveLength(1);
    expect(bench.rest.calls).toEqual([]);
    expect(bench.auth.reports).toEqual(['ticker']);
    expect(bench.state).toMatchObject({ state: 'blocked', source: 'none', cause: 'token-expired', retryAt: null });
  });

  it('is not tried again while it is dead, whoever asks', async () => {
    using bench = await refused(at('09:20:00'), 'token-rejected');
    bench.supervisor.retryNow('asked by you');
    bench.supervisor.wake();
    await bench.clock.advance(10_000);
    expect(bench.ticker.sockets).toHaveLength(1);
    expect(bench.auth.reports).toEqual(['ticker', 'ticker']);
    expect(bench.state).toMatchObject({ state: 'blocked', cause: 'token-expired' });
  });

  it('blames another login when the token had worked earlier that day', async () => {
    using bench = new FeedBench(at('10:00:00'));
    await bench.goLive();
    bench.ticker.reception = forbidden;
    bench.auth.verdict = 'token-rejected';
    bench.ticker.last.end(drop);
    await bench.clock.advance(2_000);
    expect(bench.state).toMatchObject({ state: 'blocked', cause: 'logged-in-elsewhere' });
    expect(bench.ticker.sockets).toHaveLength(2);
  });

  it('is told as such when the token is good, serves quotes by REST meanwhile and looks again every five minutes', async () => {
    using bench = await refused(at('09:20:00'), 'token-fine');
    expect(bench.state).toMatchObject({ state: 'blocked', cause: 'socket-refused' });
    await bench.clock.advance(10_000);
    expect(bench.state).toMatchObject({ state: 'blocked', cause: 'socket-refused', source: 'rest' });
    await bench.clock.advance(600_000);
    expect(bench.ticker.sockets).toHaveLength(3);
    bench.ticker.reception = 'accept';
    bench.supervisor.retryNow('asked by you');
    await bench.clock.advance(2_000);
    expect(bench.state).toMatchObject({ state: 'live', source: 'websocket', cause: null });
  });

  it('stops asking for quotes that the plan does not include', async () => {
    const bench = await refused(at('09:20:00'), 'token-fine');
    bench.rest.error = 'not-permitted';
    await bench.clock.advance(3_000);
    expect(bench.state).toMatchObject({ state: 'blocked', cause: 'plan-without-data' });
    const calls = bench.rest.calls.length;
    await bench.clock.advance(60_000);
    expect(bench.rest.calls).toHaveLength(calls);
    expect(bench.state.source).toBe('none');
    bench[Symbol.dispose]();
    expect(bench.clock.pending).toBe(0);
  });

  it.each([
    ['unknown', /firewall on the way, turned the connection away/],
    ['web-page', /web page came instead of Kite's answer/],
    ['network-sign-in', /this network answers/],
    ['not-kite', /Something other than Kite/],
  ] as const)('is a lost connection while the answer about it is %s: attempts go on, one question each', async (verdict, words) => {
    using bench = await refused(at('09:20:00'), verdict);
    expect(bench.state).toMatchObject({ state: 'backoff', cause: 'network', retryAt: expect.any(Number) });
    expect(bench.state.causeText).toMatch(words);
    await bench.clock.advance(120_000);
    const attempts = bench.ticker.sockets.length;
    expect(attempts).toBeGreaterThan(10);
    expect(attempts).toBeLessThan(40);
    expect(bench.auth.reports).toHaveLength(attempts);
    expect(bench.rest.calls).toEqual([]);
    // Once it is told as a lost connection, it is never called a refused login in between.
    expect(bench.told.slice(-20).map(({ state }) => state)).not.toContain('blocked');
    bench.auth.verdict = 'token-rejected';
    await bench.clock.advance(11_000);
    expect(bench.state).toMatchObject({ state: 'blocked', cause: 'token-expired' });
    const last = bench.ticker.sockets.length;
    await bench.clock.advance(600_000);
    expect(bench.ticker.sockets).toHaveLength(last);
  });

  it('goes on within seconds once whoever turned it down is gone', async () => {
    using bench = await refused(at('09:20:00'), 'web-page');
    await bench.clock.advance(60_000);
    bench.ticker.reception = 'accept';
    await bench.clock.advance(11_000);
    expect(bench.state).toMatchObject({ state: 'live', source: 'websocket', cause: null });
  });

  it('is tried at once when the question is answered by Kite again: the refusal may have been theirs', async () => {
    using bench = await refused(at('09:20:00'), 'web-page');
    await bench.clock.advance(60_000);
    bench.auth.verdict = 'token-fine';
    bench.auth.onVerified = () => {
      bench.ticker.reception = 'accept';
    };
    await bench.clock.advance(11_000);
    expect(bench.state).toMatchObject({ state: 'live', source: 'websocket', cause: null });
  });

  it('is not what a web page in place of the socket shows, although the login is confirmed', async () => {
    using bench = new FeedBench(at('09:20:00'));
    bench.ticker.reception = { how: 'refused', status: 403, body: '<!DOCTYPE html><title>Blocked</title>' };
    bench.auth.verdict = 'token-fine';
    bench.supervisor.setDesired({ on: true, reason: 'market hours' });
    await bench.clock.advance(4_000);
    expect(bench.state).toMatchObject({ cause: 'network', source: 'rest' });
    expect(bench.state.causeText).toMatch(/web page came instead/);
    await bench.clock.advance(60_000);
    bench.ticker.reception = 'accept';
    await bench.clock.advance(12_000);
    expect(bench.state).toMatchObject({ state: 'live', source: 'websocket' });
  });

  it('is used again as soon as its owner finds it good after all', async () => {
    using bench = await refused(at('09:20:00'), 'unknown');
    bench.ticker.reception = 'accept';
    bench.supervisor.tokenVerified();
    await bench.clock.advance(300);
    expect(bench.state).toMatchObject({ state: 'live', cause: null });
  });

  it('is not tried anew each time a good token is confirmed that the ticker refuses', async () => {
    using bench = await refused(at('09:20:00'), 'token-fine');
    for (let minute = 0; minute < 8; minute++) {
      bench.supervisor.tokenVerified();
      await bench.clock.advance(30_000);
    }
    expect(bench.ticker.sockets).toHaveLength(1);
    expect(bench.auth.reports).toHaveLength(1);
  });

  it('blocks as well when it is REST that was turned down', async () => {
    using bench = new FeedBench(at('09:20:00'));
    bench.ticker.reception = { how: 'failed', networkCode: 'ECONNREFUSED', message: '' };
    bench.rest.error = 'token-rejected';
    bench.auth.verdict = 'token-rejected';
    bench.supervisor.setDesired({ on: true, reason: 'market hours' });
    await bench.clock.advance(4_000);
    expect(bench.state).toMatchObject({ state: 'blocked', cause: 'token-expired', source: 'none' });
    const attempts = bench.ticker.sockets.length;
    await bench.clock.advance(120_000);
    expect(bench.ticker.sockets).toHaveLength(attempts);
    expect(bench.rest.calls).toHaveLength(1);
    expect(bench.auth.reports).toEqual(['rest']);
  });
});

describe('a new login', () => {
  it('brings ticks within 300 ms to a feed that was blocked', async () => {
    using bench = await refused(at('09:20:00'), 'token-rejected');
    await bench.clock.advance(600_000);
    bench.ticker.reception = 'accept';
    const signedInMs = bench.clock.now();
    bench.auth.signIn('token-2');
    expect(bench.ticker.last.startedMs).toBe(signedInMs);
    await bench.clock.advance(300);
    expect(bench.state).toMatchObject({ state: 'live', source: 'websocket', cause: null });
    expect(bench.ticker.last.session.accessToken).toBe('token-2');
    expect(bench.rest.calls).toEqual([]);
  });

  it('takes over from a live connection within 300 ms, with never two connections open', async () => {
    using bench = new FeedBench(at('10:00:00'));
    await bench.goLive();
    const [old] = bench.ticker.sockets;
    bench.auth.signIn('token-2');
    expect(old?.isOpen).toBe(false);
    await bench.clock.advance(300);
    expect(bench.state.state).toBe('live');
    expect(bench.ticker.open.map(({ session }) => session.accessToken)).toEqual(['token-2']);
    expect(bench.state.gaps).toEqual([]);
  });

  it('is waited for with its own words, and used at once', async () => {
    using bench = new FeedBench(at('08:55:00'));
    bench.auth.signIn(null);
    bench.supervisor.setDesired({ on: true, reason: 'market hours' });
    await bench.clock.advance(60_000);
    expect(bench.state).toMatchObject({ state: 'blocked', cause: null });
    expect(bench.state.causeText).toContain('sign in');
    expect(bench.ticker.sockets).toEqual([]);
    expect(bench.rest.calls).toEqual([]);
    bench.auth.signIn('token-2');
    await bench.clock.advance(300);
    expect(bench.state.state).toBe('live');
  });

  it('that is gone does not end a connection over which prices still flow', async () => {
    using bench = new FeedBench(at('10:00:00'));
    await bench.goLive();
    bench.auth.signIn(null);
    await bench.clock.advance(10_000);
    expect(bench.state.state).toBe('live');
    bench.ticker.last.end(drop);
    await bench.clock.advance(10_000);
    expect(bench.state).toMatchObject({ state: 'blocked', source: 'none' });
    expect(bench.ticker.sockets).toHaveLength(1);
  });
});
