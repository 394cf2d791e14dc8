/** The tick lane's batch: what it costs to write one in the desk and to read it in the interface. */
import { decodeTickBatch, encodeTickBatch, type QuoteRow, type TickBatch } from '../../src/contract/tick-lane.ts';
import type { Bench } from './bench.ts';
import { median } from './support/statistics.ts';

const SIZES = [6, 3_000] as const;
const ROUNDS = 15;
/** Quotes a round, whatever the size of a batch. */
const QUOTES_A_ROUND = 30_000;
const BYTES_PER_MB = 1e6;

export const batchBench: Bench = {
  name: 'batch',
  title: 'tick lane batch of 6 and 3,000 quotes, all with depth',
  figures: SIZES.flatMap((size) => [
    { name: `encodeUs${size}`, what: `writing ${size} quotes`, unit: 'µs' },
    { name: `encodeMBs${size}`, what: `writing ${size} quotes`, unit: 'MB/s' },
    { name: `decodeUs${size}`, what: `reading ${size} quotes`, unit: 'µs' },
    { name: `kB${size}`, what: `size with ${size} quotes`, unit: 'kB' },
  ]),
  run: async () => Object.assign({}, ...SIZES.map(figuresOf)),
};

function figuresOf(size: number): Record<string, number> {
  const batch: TickBatch = {
    seq: 1,
    sentAt: 1_795_405_500_000,
    quotes: Array.from({ length: size }, (_, slot) => quoteOf(slot)),
    candles: [],
  };
  const buffer = encodeTickBatch(batch);
  const encode = (): number => encodeTickBatch(batch).byteLength;
  const decode = (): number => decodeTickBatch(buffer).quotes.length;
  const times = Math.ceil(QUOTES_A_ROUND / size);
  microsecondsEach(encode, times);
  microsecondsEach(decode, times);
  const rounds = Array.from({ length: ROUNDS }, () => ({
    encode: microsecondsEach(encode, times),
    decode: microsecondsEach(decode, times),
  }));
  const encodeUs = median(rounds.map((round) => round.encode));
  return {
    [`encodeUs${size}`]: encodeUs,
    [`encodeMBs${size}`]: buffer.byteLength / BYTES_PER_MB / (encodeUs / 1e6),
    [`decodeUs${size}`]: median(rounds.map((round) => round.decode)),
    [`kB${size}`]: buffer.byteLength / 1000,
  };
}

function quoteOf(slot: number): QuoteRow {
  return {
    slot,
    kind: 'live',
    stale: false,
    fromRest: false,
    lastPrice: 26_000 + slot * 0.05,
    open: 26_080,
    high: 26_100.2,
    low: 25_972.4,
    close: 26_060.2,
    averagePrice: 25_991,
    volume: 3_333_600,
    openInterest: 11_148_150,
    lastQuantity: 75,
    buyQuantity: 305_400,
    sellQuantity: 421_575,
    exchangeTime: 1_795_405_500_000,
    receivedAt: 1_795_405_500_040,
    changedAt: 1_795_405_499_900,
    lastTradedAt: 1_795_405_499_000,
    depth: Array.from({ length: 10 }, (_, level) => ({
      price: 26_000 + level * 0.05,
      quantity: 75,
      orders: level + 1,
    })),
  };
}

function microsecondsEach(run: () => number, times: number): number {
  let sum = 0;
  const startedAt = process.hrtime.bigint();
  for (let time = 0; time < times; time++) sum += run();
  const microseconds = Number(process.hrtime.bigint() - startedAt) / 1000;
  if (sum === 0) throw new Error('nothing was done');
  return microseconds / times;
}
