/** Faults that loopback cannot have: names that are not found, certificates of others, no route, sleep, a busy PC. */
import { describe, expect, test } from 'vitest';
import type { SocketEnd } from '../../src/kite/ticker-events.ts';
import { FeedBench } from '../unit/feed/feed-bench.ts';
import { at, nifty, niftyFuture, sensex } from '../unit/feed/instruments.ts';

const phases = ['08:57:00', '09:03:00', '11:00:00', '15:20:00', '15:37:00'] as const;
const cut: SocketEnd = { how: 'closed', code: 1006, reason: '' };
const failed = (networkCode: string): SocketEnd => ({ how: 'failed', networkCode, message: 'token abc' });

const ends: readonly (readonly [fault: string, end: SocketEnd, words: RegExp])[] = [
  ['DNS that finds no name', failed('ENOTFOUND'), /could not be looked up/],
  ['DNS that does not answer', failed('EAI_AGAIN'), /could not be looked up/],
  ['an interface that is down', failed('ENETUNREACH'), /no way to the internet/],
  ['a firewall', failed('ECONNREFUSED'), /firewall/],
  ['a route into nowhere', failed('ETIMEDOUT'), /did not answer in time/],
  ['TLS that is intercepted', failed('SELF_SIGNED_CERT_IN_CHAIN'), /antivirus or a proxy/],
  ['a certificate of another time', failed('CERT_HAS_EXPIRED'), /date and time of this PC/],
  ['a proxy that wants a password', { how: 'refused', status: 407, body: '' }, /A proxy or the sign-in page/],
  ['a redirect to a portal', { how: 'refused', status: 302, body: '' }, /A proxy or the sign-in page/],
];
const rows = ends.flatMap(([fault, end, words]) => phases.map((phase) => ({ fault, phase, end, words })));

async function liveAt(phase: string): Promise<FeedBench> {
  const bench = new FeedBench(at(phase) - 30_000, [nifty, sensex, niftyFuture]);
  await bench.goLive();
  await bench.clock.advanceTo(at(phase));
  return bench;
}

test.each(rows)('$fault at $phase is the network, in words of its own', async ({ phase, end, words }) => {
  using bench = await liveAt(phase);
  bench.rest.error = 'network';
  bench.ticker.reception = end;
  bench.ticker.last.end(cut);
  await bench.clock.advance(1_000);
  const faultMs = at(phase);
  const noticed = bench.toldAfter(
    faultMs,
    ({ cause, causeText }) => cause === 'network' && words.test(causeText ?? ''),
  );
  expect(noticed).toBeLessThanOrEqual(200);
  await bench.clock.advance(60_000);
  expect(bench.state).toMatchObject({ source: 'none', cause: 'network' });
  expect(bench.auth.reports).toEqual([]);
  expect(bench.state.causeText).not.toContain('abc');
  bench.ticker.reception = 'accept';
  const endedMs = bench.clock.now();
  await bench.clock.advance(12_000);
  expect(bench.toldAfter(endedMs, ({ state }) => state === 'live')).toBeLessThanOrEqual(11_500);
  expect(bench.state.gaps).toMatchObject([{ cause: 'network', keys: [] }]);
});

describe.each(phases)('at %s', (phase) => {
  test('a sleep is over within a second of waking', async () => {
    using bench = await liveAt(phase);
    const [dead] = bench.ticker.sockets;
    bench.ticker.heartbeats = false;
    bench.ticker.ticks = (tokens) => (tokens === dead?.subscribed ? null : bench.ticksOf(tokens));
    bench.clock.jump(phase === '15:37:00' ? 60_000 : 600_000);
    const wokeMs = bench.clock.now();
    await bench.clock.advance(2_000);
    expect(bench.toldAfter(wokeMs, ({ state }) => state === 'live')).toBeLessThanOrEqual(1_000);
    expect(bench.ticker.open).toHaveLength(1);
  });

  test('a PC that was busy for ten seconds loses nothing and blames nobody', async () => {
    using bench = await liveAt(phase);
    bench.told.length = 0;
    bench.clock.hold(10_000);
    await bench.clock.advance(10_000);
    expect(bench.told.filter(({ state }) => state.state !== 'live')).toEqual([]);
    expect(bench.ticker.sockets).toHaveLength(1);
    expect(bench.state.lag.heldUpMs).toBeGreaterThan(9_000);
  });

  test('a clock of the PC that is set by an hour and back changes nothing', async () => {
    using bench = await liveAt(phase);
    for (const jumpMs of [-3_600_000, 3_600_000]) {
      bench.clock.jump(jumpMs);
      await bench.clock.advance(10_000);
      expect(bench.state.state).toBe('live');
    }
    expect(bench.ticker.sockets).toHaveLength(1);
  });
});
