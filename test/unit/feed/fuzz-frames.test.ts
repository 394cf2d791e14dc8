/** Frames nobody should send, by the ten thousand: the book takes what is a valid tick, counts the rest, throws nothing. */
import { describe, expect, it } from 'vitest';
import { quoteReasons } from '../../../src/kite/drop-counts.ts';
import { parseTickerMessage } from '../../../src/kite/ticker-message.ts';
import { fuzzedInstruments, fuzzFrames, fuzzTexts, noise } from '../../support/frame-fuzz.ts';
import { randomFrom } from '../../support/random.ts';
import { FeedBench } from './feed-bench.ts';
import { at } from './instruments.ts';

const SEED = 20261123;
const FRAMES = 80_000;
const TEXTS = 40_000;

describe('frames of noise and damage', () => {
  it(`leave nothing but valid ticks in the book, and are counted by reason, of ${FRAMES.toLocaleString('en')}`, () => {
    const { ticks, drops, difference } = fuzzFrames(SEED, FRAMES);
    expect(difference).toBeNull();
    expect(ticks).toBeGreaterThan(FRAMES / 4);
    // Every reason has come up that a frame can have.
    const counted = Object.entries(drops).filter(([reason]) => !quoteReasons.some((each) => each === reason));
    expect(counted.filter(([, count]) => count < FRAMES / 100)).toEqual([]);
  });

  it('cost a feed that is live neither its connection nor a tick', async () => {
    using bench = new FeedBench(at('12:00:00'), fuzzedInstruments);
    await bench.goLive();
    const random = randomFrom(SEED + 1);
    const { frames } = bench.state;
    for (let burst = 0; burst < 100; burst++) {
      for (let number = 0; number < 100; number++) {
        bench.ticker.last.deliverBytes(noise(random, Math.floor(random() * 250)));
        if (number % 10 === 0) bench.ticker.last.say({ type: 'other', name: 'noise' });
      }
      bench.ticker.last.say({ type: 'error', text: 'x'.repeat(1_000_000) });
      await bench.clock.advance(250);
    }
    expect(bench.state.frames).toBeGreaterThanOrEqual(frames + 10_000);
    expect(bench.state).toMatchObject({ state: 'live', reconnects: 0, gaps: [] });
    expect(bench.ticker.sockets).toHaveLength(1);
    expect(bench.book.row(1, false)).toMatchObject({ lastPrice: 26_000, stale: false });
    expect(bench.state.dropped).toBeGreaterThan(9_000);
    expect(Math.max(...bench.log.map((line) => line.length))).toBeLessThan(400);
  });
});

describe('texts of noise and damage', () => {
  it(`are messages of a known shape or none at all, of ${TEXTS.toLocaleString('en')}`, () => {
    const { seen, odd } = fuzzTexts(SEED + 2, TEXTS);
    expect(odd).toBe(0);
    expect(seen).toEqual(new Set(['none', 'error', 'message', 'order', 'instruments-meta', 'other']));
  });

  it.each([
    ['a megabyte of brackets', '['.repeat(1_000_000)],
    ['a megabyte in a message', JSON.stringify({ type: 'message', data: 'x'.repeat(1_000_000) })],
    ['a name of a megabyte', JSON.stringify({ type: 'x'.repeat(1_000_000) })],
    ['a prototype', '{"type":"__proto__","data":"x","__proto__":{"type":"error"}}'],
    ['nothing', ''],
  ])('of %s do no harm', (_, text) => {
    expect(() => parseTickerMessage(text)).not.toThrow();
  });
});
