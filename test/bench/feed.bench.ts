/**
 * What live ticks cost the main process, as CPU time in per cent of one core: quote book, candles and tick lane, first
 * alone and then behind the real socket client, in a process of its own.
 */
import { join } from 'node:path';
import { formatClockSpec, parseClockSpec, scaledClock } from '../../src/clock.ts';
import { instantOf } from '../../src/market/ist.ts';
import type { Bench, Figures } from './bench.ts';
import { figureOf, startChild } from './support/child.ts';
import { FeedRig } from './support/feed-rig.ts';
import { serveFrames } from './support/frame-server.ts';
import { fullFrames } from './support/full-frames.ts';
import { median } from './support/statistics.ts';
import { SteppingClock } from './support/stepping-clock.ts';

const SIZES = [6, 3_000, 9_000] as const;
const BUDGETS: Readonly<Record<number, number>> = { 3000: 5, 9000: 12 };
const START_MS = instantOf('2026-11-23', '10:00');
const ROUNDS = 5;
/** Ticks a round, so that a round takes some tenths of a second whatever the number of instruments. */
const TICKS_A_ROUND = 90_000;
const WARM_UP_MS = 3_000;
const MEASURED_MS = 8_000;

export const feedBench: Bench = {
  name: 'feed',
  title: 'main process at 6, 3,000 and 9,000 full ticks a second',
  figures: SIZES.flatMap((size) => [
    { name: `applyPercent${size}`, what: `${size} ticks/s: book, candles, tick lane`, unit: '% core' },
    {
      name: `percent${size}`,
      what: `${size} ticks/s: the same with the socket`,
      unit: '% core',
      ...(BUDGETS[size] === undefined ? {} : { atMost: BUDGETS[size] }),
    },
  ]),
  run: async (say) => {
    const figures: Record<string, number> = {};
    for (const size of SIZES) {
      figures[`applyPercent${size}`] = applyPercent(size);
      figures[`percent${size}`] = await socketPercent(size);
    }
    say('CPU time of the whole process, all its threads; frames come at their real pace, ten a second and connection.');
    return figures satisfies Figures;
  },
};

/** The rig alone: median of the rounds. Frames are made ahead, so that only taking them counts. */
function applyPercent(size: number): number {
  const clock = new SteppingClock(START_MS);
  const stream = fullFrames(size);
  const rig = new FeedRig(stream.tokens, clock, clock);
  const seconds = Math.max(4, Math.ceil(TICKS_A_ROUND / size));
  let atMs = START_MS;
  const round = (): number => {
    const made: { readonly atMs: number; readonly frames: readonly Buffer[] }[] = [];
    for (let second = 0; second < seconds; second++, atMs += 1_000) {
      made.push({ atMs, frames: stream.second(atMs).map((frame) => Buffer.from(frame)) });
    }
    const before = process.cpuUsage();
    for (const second of made) {
      for (const [index, frame] of second.frames.entries()) {
        const receivedAtMs = second.atMs + 20 + index * 100;
        clock.set(receivedAtMs);
        rig.frame(frame, receivedAtMs);
      }
      rig.everySecond(second.atMs + 990);
    }
    const { user, system } = process.cpuUsage(before);
    return ((user + system) / 1000 / (seconds * 1_000)) * 100;
  };
  round();
  return median(Array.from({ length: ROUNDS }, round));
}

/** A process with the socket client, the rig and nothing else; normalised to the ticks that were to come. */
async function socketPercent(size: number): Promise<number> {
  const spec = formatClockSpec({ marketMs: START_MS, speed: 1, realMs: Date.now() });
  await using server = await serveFrames(size, scaledClock(parseClockSpec(spec)));
  const script = join(import.meta.dirname, 'children', 'feed-receiver.ts');
  await using child = startChild(script, [server.url, String(size), spec]);
  await child.next('open');
  server.start();
  await wait(WARM_UP_MS);
  const before = await child.ask('usage');
  await wait(MEASURED_MS);
  const after = await child.ask('usage');
  const spent = (name: string): number => figureOf(after, name) - figureOf(before, name);
  const cpuMsPerTick = spent('cpuUs') / 1000 / spent('ticks');
  return ((cpuMsPerTick * size) / 1000) * 100;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
