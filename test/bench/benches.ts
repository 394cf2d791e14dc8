import { batchBench } from './batch.bench.ts';
import type { Bench } from './bench.ts';
import { bundleBench } from './bundle.bench.ts';
import { run as runDecode } from './decode.bench.ts';
import { dropBench } from './drop.bench.ts';
import { fallbackBench } from './fallback.bench.ts';
import { feedBench } from './feed.bench.ts';
import { fuzzBench } from './fuzz.bench.ts';
import { limitBench } from './limit.bench.ts';
import { noticeBench } from './notice.bench.ts';
import { paintBench } from './paint.bench.ts';
import { settleBench } from './settle.bench.ts';
import { shellBench } from './shell.bench.ts';
import { soakBench } from './soak.bench.ts';
import { startBench } from './start.bench.ts';
import { swapBench } from './swap.bench.ts';
import { wakeBench } from './wake.bench.ts';

const decodeBench: Bench = {
  name: 'decode',
  title: 'a full-mode frame of 1,000 instruments, against kiteconnect',
  figures: [
    { name: 'nsPerTick', what: 'a tick with depth', unit: 'ns', atMost: 150 },
    { name: 'kiteconnectNsPerTick', what: 'the same by KiteTicker.parseBinary', unit: 'ns' },
    { name: 'ratio', what: 'how many times faster', unit: 'x', atLeast: 250 },
  ],
  run: runDecode,
};

/** In the order they are run: short ones first. */
export const benches: readonly Bench[] = [
  decodeBench,
  batchBench,
  bundleBench,
  fuzzBench,
  settleBench,
  startBench,
  shellBench,
  swapBench,
  fallbackBench,
  wakeBench,
  feedBench,
  limitBench,
  noticeBench,
  paintBench,
  soakBench,
  dropBench,
];
