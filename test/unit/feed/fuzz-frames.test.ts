/** Frames nobody should send, by the ten thousand: the book takes what is a valid tick, counts the rest, throws nothing. */
import { describe, expect, it } from 'vitest';
import { QuoteBook } from '../../../src/feed/quote-book.ts';
import { parseTickerMessage } from '../../../src/kite/ticker-message.ts';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { type Random, randomFrom } from '../../support/random.ts';
import { FeedBench } from './feed-bench.ts';
import { at, nifty, niftyCall, niftyFuture } from './instruments.ts';
import { frameOf } from './packets.ts';

const SEED = 20261123;
const FRAMES = 80_000;
const TEXTS = 40_000;
const noon = at('12:00:00');
const calendar = bundledCalendar();
const instruments = [nifty, niftyFuture, niftyCall];

const int = (random: Random, below: number): number => Math.floor(random() * below);
const noise = (random: Random, length: number): Uint8Array => Uint8Array.from({ length }, () => int(random, 256));

/** A frame that was good before it was damaged: bytes turned over, cut short, lengthened, or with another count. */
function damaged(random: Random, nowMs: number): Uint8Array {
  const ticks = Array.from({ length: int(random, 5) }, () => ({
    token: instruments[int(random, instruments.length + 1)]?.token ?? int(random, 2 ** 32),
    lastPrice: int(random, 100_000),
    exchangeTimeMs: nowMs - int(random, 20_000),
    volume: int(random, 1_000_000),
    mode: random() < 0.3 ? ('quote' as const) : ('full' as const),
  }));
  const frame = frameOf(ticks);
  for (let flip = int(random, 4); flip > 0; flip--) frame[int(random, frame.length)] = int(random, 256);
  switch (int(random, 6)) {
    case 0:
      return frame.subarray(0, int(random, frame.length + 1));
    case 1:
      return Uint8Array.from([...frame, ...noise(random, 1 + int(random, 40))]);
    case 2:
      new DataView(frame.buffer).setUint16(0, int(random, 2 ** 16));
      return frame;
    default:
      return frame;
  }
}

interface Expected {
  readonly prices: Map<number, number>;
  readonly ticks: number;
  readonly drops: number;
}

/** Packet lengths, and where each has its exchange time; null: none. */
const timeAt: ReadonlyMap<number, number | null> = new Map([
  [8, null],
  [28, null],
  [32, 28],
  [44, null],
  [184, 60],
]);

/** What the protocol makes of a frame, written down once more and as plainly as can be. */
function expectedOf(bytes: Uint8Array, held: Map<number, number>, receivedAtMs: number): Expected {
  const prices = new Map<number, number>();
  const result = { ticks: 0, drops: 0 };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) return { prices, ticks: 0, drops: 1 };
  const count = view.getUint16(0);
  const isAbsurd = 2 + count * 10 > bytes.length;
  if (isAbsurd) result.drops++;
  let start = 2;
  for (let packet = 0; packet < count; packet++) {
    const size = start + 2 <= bytes.length ? view.getUint16(start) : 0;
    if (start + 2 + size > bytes.length) {
      if (!isAbsurd) result.drops++;
      return { prices, ...result };
    }
    const timeOffset = timeAt.get(size);
    const token = size >= 4 ? view.getUint32(start + 2) : -1;
    const isKnown = instruments.some((instrument) => instrument.token === token);
    const timeMs = typeof timeOffset === 'number' ? view.getUint32(start + 2 + timeOffset) * 1000 : null;
    const heldMs = held.get(token) ?? 0;
    const isOutdated = timeMs !== null && timeMs !== 0 && timeMs < heldMs && heldMs <= receivedAtMs + 60_000;
    if (timeOffset === undefined || !isKnown || isOutdated) {
      result.drops++;
    } else {
      result.ticks++;
      prices.set(token, view.getInt32(start + 6) / 100);
      if (timeMs !== null) held.set(token, timeMs);
    }
    start += 2 + size;
  }
  if (start < bytes.length) result.drops++;
  return { prices, ...result };
}

describe('frames of noise and damage', () => {
  it(`leave nothing but valid ticks in the book, of ${FRAMES.toLocaleString('en')}`, () => {
    const random = randomFrom(SEED);
    const book = new QuoteBook(calendar);
    for (const instrument of instruments) book.add(instrument);
    const held = new Map<number, number>();
    const prices = new Map<number, number>();
    let ticks = 0;
    let drops = 0;
    for (let number = 0; number < FRAMES; number++) {
      const nowMs = noon + number * 10;
      const bytes = random() < 0.3 ? noise(random, int(random, 250)) : damaged(random, nowMs);
      const expected = expectedOf(bytes, held, nowMs);
      const taken = book.applyFrame(bytes, nowMs);
      for (const [token, price] of expected.prices) prices.set(token, price);
      ticks += expected.ticks;
      drops += expected.drops;
      const shown = instruments.map((_, slot) => book.row(slot, true)?.lastPrice);
      const right = instruments.map(({ token }) => prices.get(token));
      if (taken !== expected.ticks || book.dropped !== drops || shown.some((price, slot) => price !== right[slot])) {
        expect({ number, taken, dropped: book.dropped, shown }).toEqual({
          number,
          taken: expected.ticks,
          dropped: drops,
          shown: right,
        });
      }
    }
    expect(ticks).toBeGreaterThan(FRAMES / 4);
    expect(drops).toBeGreaterThan(FRAMES / 2);
  });

  it('cost a feed that is live neither its connection nor a tick', async () => {
    using bench = new FeedBench(noon, instruments);
    await bench.goLive();
    const random = randomFrom(SEED + 1);
    const { frames } = bench.state;
    for (let burst = 0; burst < 100; burst++) {
      for (let number = 0; number < 100; number++) {
        bench.ticker.last.deliverBytes(noise(random, int(random, 250)));
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
  const good = [
    '{"type":"error","data":"no such instrument"}',
    '{"type":"message","data":"hello"}',
    '{"type":"order","data":{"order_id":"1"}}',
    '{"type":"instruments_meta","data":{"count":90517,"etag":"W/x"}}',
    '{"type":"app_code","timestamp":"2026-05-30T13:31:46+05:30"}',
  ];
  const alphabet = '{}[]":,0123456789eE+-.truefalsnytpdao \\\u0000\ud83d\udca9';

  it(`are messages of a known shape or none at all, of ${TEXTS.toLocaleString('en')}`, () => {
    const random = randomFrom(SEED + 2);
    const seen = new Set<string>();
    for (let number = 0; number < TEXTS; number++) {
      const text = [...(good[int(random, good.length)] ?? '')];
      for (let change = int(random, 4); change > 0; change--) {
        text.splice(int(random, text.length + 1), int(random, 3), alphabet[int(random, alphabet.length)] ?? '');
      }
      const message = parseTickerMessage(random() < 0.2 ? text.slice(0, int(random, 20)).join('') : text.join(''));
      seen.add(message?.type ?? 'none');
      if (message === null) continue;
      if (message.type === 'error' || message.type === 'message') expect(typeof message.text).toBe('string');
      if (message.type === 'instruments-meta') expect(Number.isInteger(message.count)).toBe(true);
      if (message.type === 'other') expect(message.name.length).toBeLessThanOrEqual(100);
    }
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
