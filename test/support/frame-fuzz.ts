/** Frames and texts nobody should send, and what the protocol makes of the frames: for the tests and the benchmark. */
import { QuoteBook } from '../../src/feed/quote-book.ts';
import { StampCheck } from '../../src/feed/stamp-check.ts';
import { type DropCounts, noDrops } from '../../src/kite/drop-counts.ts';
import { parseTickerMessage } from '../../src/kite/ticker-message.ts';
import { bundledCalendar } from '../../src/market/bundled-calendar.ts';
import { at, nifty, niftyCall, niftyFuture } from '../unit/feed/instruments.ts';
import { frameOf } from '../unit/feed/packets.ts';
import { type Random, randomFrom } from './random.ts';

const noon = at('12:00:00');
const calendar = bundledCalendar();
export const fuzzedInstruments = [nifty, niftyFuture, niftyCall];

const int = (random: Random, below: number): number => Math.floor(random() * below);

/** Bytes without any meaning. */
export function noise(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => int(random, 256));
}

/** A frame that was good before it was damaged: bytes turned over, cut short, lengthened, or with another count. */
function damaged(random: Random, nowMs: number): Uint8Array {
  const ticks = Array.from({ length: int(random, 5) }, () => ({
    token: fuzzedInstruments[int(random, fuzzedInstruments.length + 1)]?.token ?? int(random, 2 ** 32),
    lastPrice: random() < 0.05 ? 0 : int(random, 100_000),
    exchangeTimeMs: random() < 0.05 ? 0 : nowMs - int(random, 20_000),
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

/** Packet lengths, and where each has its exchange time; null: none. */
const timeAt: ReadonlyMap<number, number | null> = new Map([
  [8, null],
  [28, null],
  [32, 28],
  [44, null],
  [184, 60],
]);

/** What the protocol makes of frames, written down once more and as plainly as can be. */
class PlainReading {
  ticks = 0;
  readonly drops: DropCounts = noDrops();
  /** Rupees by token. */
  readonly prices = new Map<number, number>();
  private readonly times = new Map<number, number>();
  /** Which times can be true has its own tests. */
  private readonly stamps = new StampCheck(null, () => fuzzedInstruments.length);

  read(bytes: Uint8Array, receivedAtMs: number): void {
    this.stamps.startFrame(receivedAtMs);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 4) {
      this.drops['short-frame']++;
      return;
    }
    const count = view.getUint16(0);
    const isAbsurd = 2 + count * 10 > bytes.length;
    if (isAbsurd) this.drops['absurd-count']++;
    let start = 2;
    for (let packet = 0; packet < count; packet++) {
      const size = start + 2 <= bytes.length ? view.getUint16(start) : 0;
      if (start + 2 + size > bytes.length) {
        if (!isAbsurd) this.drops.truncated++;
        return;
      }
      this.readPacket(view, start + 2, size, receivedAtMs);
      start += 2 + size;
    }
    if (start < bytes.length) this.drops['trailing-bytes']++;
  }

  private readPacket(view: DataView, start: number, size: number, receivedAtMs: number): void {
    const timeOffset = timeAt.get(size);
    if (timeOffset === undefined) {
      this.drops['unknown-length']++;
      return;
    }
    const token = view.getUint32(start);
    const timeMs = timeOffset === null ? null : view.getUint32(start + timeOffset) * 1000;
    const heldMs = this.times.get(token) ?? 0;
    const slot = fuzzedInstruments.findIndex((instrument) => instrument.token === token);
    const isOlder = timeMs !== null && timeMs !== 0 && timeMs < heldMs && heldMs <= receivedAtMs + 60_000;
    if (slot < 0) {
      this.drops['unknown-token']++;
    } else if (view.getInt32(start + 4) <= 0) {
      this.drops['no-price']++;
    } else if (timeMs !== null && timeMs !== 0 && this.stamps.isImpossible(slot, timeMs)) {
      this.drops['impossible-time']++;
    } else if (timeMs === 0 && heldMs !== 0 && !this.stamps.isAhead(slot, heldMs)) {
      this.drops['no-time']++;
    } else if (isOlder && !this.stamps.isAhead(slot, heldMs)) {
      this.drops['stale-order']++;
    } else {
      this.ticks++;
      this.prices.set(token, view.getInt32(start + 4) / 100);
      if (timeMs !== null) this.times.set(token, timeMs);
    }
  }
}

/** What came of many frames; `difference`: the first that was not taken as it should be, null when all were. */
export interface FuzzOutcome {
  readonly ticks: number;
  readonly drops: Readonly<DropCounts>;
  readonly difference: { readonly frame: number; readonly is: unknown; readonly shouldBe: unknown } | null;
}

/** Gives a book `count` frames of noise and damage, and looks at it after each. Throws what the book throws. */
export function fuzzFrames(seed: number, count: number): FuzzOutcome {
  const random = randomFrom(seed);
  const book = new QuoteBook(calendar);
  for (const instrument of fuzzedInstruments) book.add(instrument);
  const reading = new PlainReading();
  let ticks = 0;
  for (let frame = 0; frame < count; frame++) {
    const nowMs = noon + (frame % 1_000_000) * 10;
    const bytes = random() < 0.3 ? noise(random, int(random, 250)) : damaged(random, nowMs);
    reading.read(bytes, nowMs);
    ticks += book.applyFrame(bytes, nowMs);
    const prices = fuzzedInstruments.map(({ token }, slot) => [
      book.row(slot, true)?.lastPrice,
      reading.prices.get(token),
    ]);
    const isSame = ticks === reading.ticks && isSameCounts(book.drops, reading.drops);
    if (isSame && prices.every(([is, shouldBe]) => is === shouldBe)) continue;
    const is = { ticks, drops: { ...book.drops }, prices: prices.map(([price]) => price) };
    const shouldBe = { ticks: reading.ticks, drops: { ...reading.drops }, prices: prices.map(([, price]) => price) };
    return { ticks, drops: book.drops, difference: { frame, is, shouldBe } };
  }
  return { ticks, drops: book.drops, difference: null };
}

function isSameCounts(one: Readonly<DropCounts>, other: Readonly<DropCounts>): boolean {
  return (Object.keys(one) as (keyof DropCounts)[]).every((reason) => one[reason] === other[reason]);
}

const goodTexts = [
  '{"type":"error","data":"no such instrument"}',
  '{"type":"message","data":"hello"}',
  '{"type":"order","data":{"order_id":"1"}}',
  '{"type":"instruments_meta","data":{"count":90517,"etag":"W/x"}}',
  '{"type":"app_code","timestamp":"2026-05-30T13:31:46+05:30"}',
];
const alphabet = '{}[]":,0123456789eE+-.truefalsnytpdao \\\u0000\ud83d\udca9';

/** Reads `count` damaged texts; which types came out, and how many of a shape that is none of ours. */
export function fuzzTexts(seed: number, count: number): { readonly seen: ReadonlySet<string>; readonly odd: number } {
  const random = randomFrom(seed);
  const seen = new Set<string>();
  let odd = 0;
  for (let number = 0; number < count; number++) {
    const text = [...(goodTexts[int(random, goodTexts.length)] ?? '')];
    for (let change = int(random, 4); change > 0; change--) {
      text.splice(int(random, text.length + 1), int(random, 3), alphabet[int(random, alphabet.length)] ?? '');
    }
    const message = parseTickerMessage(random() < 0.2 ? text.slice(0, int(random, 20)).join('') : text.join(''));
    seen.add(message?.type ?? 'none');
    if (message === null) continue;
    const isText = (message.type !== 'error' && message.type !== 'message') || typeof message.text === 'string';
    const isCount = message.type !== 'instruments-meta' || Number.isInteger(message.count);
    const isName = message.type !== 'other' || message.name.length <= 100;
    if (!isText || !isCount || !isName) odd++;
  }
  return { seen, odd };
}
