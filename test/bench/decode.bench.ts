/**
 * What one full-mode tick with depth costs: our decoder against `KiteTicker.parseBinary`, on the same frame of 1,000
 * instruments, in interleaved rounds so that a busy machine slows both. Processor time in nanoseconds a tick, of the faster
 * rounds: what else the machine does can only add to it. The ratio is the median of the rounds' own.
 */
import { KiteTicker } from 'kiteconnect';
import { noDrops } from '../../src/kite/drop-counts.ts';
import { decodeFrame } from '../../src/kite/frame.ts';
import { divisorOf } from '../../src/kite/instrument-token.ts';
import { TickColumns } from '../../src/kite/tick-columns.ts';
import { TouchedSlots } from '../../src/kite/touched-slots.ts';
import { frameOf, fullPacket } from '../unit/kite/ticker-frames.ts';
import { median, percentile } from './support/statistics.ts';

const INSTRUMENTS = 1000;
const ROUNDS = 21;
const FASTER_PERCENT = 25;
/** Frames a round: enough of each for the clock's resolution, few enough that a round stays short. */
const OUR_FRAMES = 300;
const THEIR_FRAMES = 3;
const WARM_UP_FRAMES = 2000;
const RECEIVED_AT_MS = 1_795_405_500_000;

export async function run(): Promise<Record<string, number>> {
  const frame = fullFrame();
  const columns = new TickColumns();
  for (let index = 0; index < INSTRUMENTS; index++) columns.add(tokenOf(index), divisorOf(tokenOf(index)));
  const touched = new TouchedSlots();
  const drops = noDrops();
  const ours = (): number => decodeFrame(frame, columns, RECEIVED_AT_MS, touched, drops);

  const ticker = new KiteTicker({ api_key: 'bench', access_token: 'bench' }) as unknown as ParsesBinary;
  const copy = new Uint8Array(frame).buffer;
  const theirs = (): number => ticker.parseBinary(copy).length;

  repeat(ours, WARM_UP_FRAMES);
  repeat(theirs, THEIR_FRAMES * 2);
  const ourRounds: number[] = [];
  const theirRounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ourRounds.push(nsPerTick(ours, OUR_FRAMES));
    theirRounds.push(nsPerTick(theirs, THEIR_FRAMES));
  }
  return {
    nsPerTick: percentile(ourRounds, FASTER_PERCENT),
    kiteconnectNsPerTick: percentile(theirRounds, FASTER_PERCENT),
    ratio: median(ourRounds.map((our, round) => (theirRounds[round] ?? Number.NaN) / our)),
  };
}

/** Public in the package's script, absent from its typings. */
interface ParsesBinary {
  parseBinary(frame: ArrayBuffer): readonly unknown[];
}

/** NFO tokens in a scattered order, as subscriptions come. */
function tokenOf(index: number): number {
  return (((index * 7919) % 100_003) + 35_000) * 256 + 2;
}

function fullFrame(): Buffer {
  const packets = Array.from({ length: INSTRUMENTS }, (_, index) =>
    fullPacket({
      token: tokenOf(index),
      lastPrice: 2_600_000 + index,
      lastQuantity: 75,
      averagePrice: 2_599_100 + index,
      volume: 3_333_600 + index,
      buyQuantity: 305_400,
      sellQuantity: 421_575,
      open: 2_608_000,
      high: 2_610_020,
      low: 2_597_240,
      close: 2_606_020,
      lastTradeTime: RECEIVED_AT_MS / 1000 - 1,
      openInterest: 11_148_150,
      openInterestHigh: 11_200_000,
      openInterestLow: 11_000_000,
      exchangeTime: RECEIVED_AT_MS / 1000,
      depth: Array.from({ length: 10 }, (_, level) => ({
        quantity: 75 * (level + 1),
        price: 2_600_000 + level * 5,
        orders: level + 1,
      })),
    }),
  );
  return frameOf(packets);
}

function repeat(decode: () => number, frames: number): void {
  for (let frame = 0; frame < frames; frame++) {
    if (decode() !== INSTRUMENTS) throw new Error('the frame was not decoded whole');
  }
}

function nsPerTick(decode: () => number, frames: number): number {
  const before = process.cpuUsage();
  repeat(decode, frames);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / (frames * INSTRUMENTS);
}
