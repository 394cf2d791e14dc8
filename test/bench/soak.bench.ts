/** A simulated trading day at speed: what the desk's memory and handles do from the first hour to the last. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatClockSpec } from '../../src/clock.ts';
import { instantOf, istDateOf, istTimeOf } from '../../src/market/ist.ts';
import type { Bench } from './bench.ts';
import { ChildError, type ChildMessage, figureOf, startChild } from './support/child.ts';
import { type LiveExchange, startLiveExchange } from './support/live-exchange.ts';
import { median } from './support/statistics.ts';

/** Market ms per real ms: the day takes a little over a minute. */
const SPEED = 360;
const STARTS_AT = '08:50';
/** By then everything the desk needs is loaded and running. */
const FIRST_AT = '09:45';
const LAST_AT = '15:25';
const SAMPLE_EVERY_MS = 10 * 60_000;
/** The first and the last hour are compared, each by the median of its samples. */
const HOUR_SAMPLES = 6;
/** A request under way, or a return that is looked at once more, has a timer for a while. */
const TIMERS_TO_SPARE = 2;
const MB = 1024 * 1024;

export const soakBench: Bench = {
  name: 'soak',
  title: `a simulated day at speed ${SPEED}: memory and handles`,
  figures: [
    { name: 'growthPercent', what: 'memory in use, last hour against first', unit: '%', atMost: 5 },
    { name: 'usedMB', what: 'memory in use, last hour', unit: 'MB' },
    { name: 'rssMB', what: 'resident, last hour', unit: 'MB' },
    { name: 'rssGrowthPercent', what: 'resident, last hour against first', unit: '%' },
    { name: 'handleGrowth', what: 'handles, last hour against first', unit: '', atMost: 0 },
    { name: 'handles', what: 'handles, last hour', unit: '' },
    { name: 'timerGrowth', what: 'timers, last hour against first', unit: '', atMost: TIMERS_TO_SPARE },
    { name: 'timers', what: 'timers, last hour', unit: '' },
    { name: 'ticks', what: 'ticks taken', unit: '' },
    { name: 'gaps', what: 'outages recorded', unit: '' },
  ],
  run: async (say) => {
    const samples = await playDay();
    const hour = (of: readonly ChildMessage[], name: string): number =>
      median(of.map((sample) => figureOf(sample, name)));
    const [first, last] = [samples.slice(0, HOUR_SAMPLES), samples.slice(-HOUR_SAMPLES)];
    const growth = (name: string): number => (hour(last, name) / hour(first, name) - 1) * 100;
    say(`${samples.length} samples from ${FIRST_AT} to ${LAST_AT}, each after a collection.`);
    return {
      growthPercent: growth('usedBytes'),
      usedMB: hour(last, 'usedBytes') / MB,
      rssMB: hour(last, 'rssBytes') / MB,
      rssGrowthPercent: growth('rssBytes'),
      handleGrowth: hour(last, 'handles') - hour(first, 'handles'),
      handles: hour(last, 'handles'),
      timerGrowth: hour(last, 'timers') - hour(first, 'timers'),
      timers: hour(last, 'timers'),
      ticks: hour(samples.slice(-1), 'ticks'),
      gaps: hour(samples.slice(-1), 'gaps'),
    };
  },
};

async function playDay(): Promise<readonly ChildMessage[]> {
  const home = mkdtempSync(join(tmpdir(), 'mdts-soak-'));
  try {
    await using live = await startLiveExchange({ at: STARTS_AT, speed: SPEED });
    await using desk = startChild(join(import.meta.dirname, 'children', 'soak-desk.ts'), [
      formatClockSpec(live.spec),
      live.exchange.apiRoot,
      live.issueToken(),
      home,
    ]);
    await desk.next('started');
    const samples: ChildMessage[] = [];
    const date = istDateOf(live.clock.now());
    const lastMs = instantOf(date, LAST_AT);
    for (let atMs = instantOf(date, FIRST_AT); atMs <= lastMs; atMs += SAMPLE_EVERY_MS) {
      await until(live, atMs);
      const sample = await desk.ask('measure');
      if (figureOf(sample, 'ticks') === 0) throw new ChildError(`no ticks by ${istTimeOf(atMs)}`);
      samples.push(sample);
    }
    return samples;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function until({ clock }: LiveExchange, marketMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimeout(resolve, marketMs - clock.now());
  });
}
