import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../support/property-seed.ts';
import { FeedBench } from './feed-bench.ts';
import { at, gold, infosys, nifty, niftyCall, niftyFuture } from './instruments.ts';

const instruments = [nifty, niftyFuture, niftyCall, infosys, gold];
/** Cash trades from 09:15 to 15:15 and in its auction to 15:35, derivatives to 15:40: all of them are in market hours at noon. */
const NOON = at('12:00:00');

/** What may happen to a feed, as a person, a network or Kite does it. */
const happenings = {
  pause: (bench) => bench.supervisor.setDesired({ on: false, reason: 'paused', paused: true }),
  resume: (bench) => bench.supervisor.setDesired({ on: true, reason: 'market hours' }),
  signOut: (bench) => bench.auth.signIn(null),
  signIn: (bench) => bench.auth.signIn(`token-${bench.clock.now()}`),
  drop: (bench) => bench.ticker.open.at(-1)?.end({ how: 'closed', code: 1006, reason: '' }),
  refuse: (bench) => {
    bench.ticker.reception = { how: 'refused', status: 503, body: '' };
  },
  forbid: (bench) => {
    bench.ticker.reception = { how: 'refused', status: 403, body: '' };
  },
  hang: (bench) => {
    bench.ticker.reception = 'never-answer';
  },
  accept: (bench) => {
    bench.ticker.reception = 'accept';
  },
  mute: (bench) => {
    bench.ticker.ticks = () => null;
  },
  speak: (bench) => {
    bench.ticker.ticks = (tokens) => bench.ticksOf(tokens);
  },
  restFails: (bench) => {
    bench.rest.error = 'server-error';
  },
  restWorks: (bench) => {
    bench.rest.error = null;
  },
  wait: () => undefined,
} satisfies Record<string, (bench: FeedBench) => unknown>;

type Happening = keyof typeof happenings;

describe('in market hours', () => {
  it('no price is fresh unless the socket or REST is bringing prices', async () => {
    const step = fc.record({
      what: fc.constantFrom(...(Object.keys(happenings) as Happening[])),
      forMs: fc.constantFrom(0, 250, 1_000, 4_000, 9_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
        using bench = new FeedBench(NOON, instruments);
        await bench.goLive();
        for (const { what, forMs } of steps) {
          happenings[what](bench);
          for (let passedMs = 0; passedMs <= forMs; passedMs += 250) {
            await bench.clock.advance(passedMs === 0 ? 0 : 250);
            const isBrought = bench.state.source !== 'none';
            const fresh = instruments.filter(({ key }) => !bench.book.isStale(bench.book.slotOf(key)));
            if (!isBrought) expect(fresh.map(({ key }) => key)).toEqual([]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('the feed never calls itself stale while a price of its own connection looks fresh', async () => {
    using bench = new FeedBench(NOON, instruments);
    await bench.goLive();
    bench.ticker.ticks = () => null;
    for (let step = 0; step < 40; step++) {
      await bench.clock.advance(250);
      if (bench.state.state !== 'stale' || bench.state.source !== 'none') continue;
      expect(instruments.filter(({ key }) => !bench.book.isStale(bench.book.slotOf(key)))).toEqual([]);
    }
    expect(bench.toldAfter(NOON, ({ state }) => state === 'stale')).toBeLessThan(6_000);
  });
});

describe('an instrument without hours', () => {
  const kindOf = (bench: FeedBench): unknown => bench.book.kind(bench.book.slotOf(gold.key));

  it('is live while the feed brings its prices, and neither live nor fresh once the feed has stopped', async () => {
    using bench = new FeedBench(at('15:44:00'), instruments);
    await bench.goLive();
    expect([kindOf(bench), bench.book.isStale(bench.book.slotOf(gold.key))]).toEqual(['live', false]);
    bench.supervisor.setDesired({ on: false, reason: 'stopped at 15:45, after the close' });
    expect([kindOf(bench), bench.book.isStale(bench.book.slotOf(gold.key))]).toEqual(['frozen', true]);
    // The others have closed: their last prices are what they are.
    expect(bench.book.isStale(bench.book.slotOf(niftyFuture.key))).toBe(false);
  });

  it('claims nothing on the next day', async () => {
    using bench = new FeedBench(at('15:44:00'), instruments);
    await bench.goLive();
    bench.supervisor.setDesired({ on: false, reason: 'stopped' });
    await bench.clock.advance(at('08:00:00', '2026-11-24') - bench.clock.now());
    bench.supervisor.setDesired({ on: false, reason: 'starts at 08:55' });
    expect([kindOf(bench), bench.book.isStale(bench.book.slotOf(gold.key))]).toEqual(['previous-close', false]);
  });
});
