/** A cold start of browser mode: from the process's beginning to its `ready` line, and to the first answer. */
import { canMount, onSmallDisk } from '../support/odd-files.ts';
import type { Bench } from './bench.ts';
import { startLiveExchange } from './support/live-exchange.ts';
import { startApp } from './support/running-app.ts';
import { median } from './support/statistics.ts';

const ROUNDS = 7;

export const startBench: Bench = {
  name: 'start',
  title: 'cold start of the desk',
  figures: [
    { name: 'answeredMs', what: 'to the first answer of /api/health, median', unit: 'ms', atMost: 500 },
    { name: 'fastestMs', what: 'to the first answer, fastest', unit: 'ms' },
    { name: 'cpuMs', what: 'processor time to the first answer, median', unit: 'ms' },
    { name: 'readyMs', what: 'to the ready line, median', unit: 'ms' },
    { name: 'slowestMs', what: 'slowest answer', unit: 'ms' },
    { name: 'readOnlyRatio', what: 'on a read-only home, of the median', unit: '×', atMost: 1.5 },
  ],
  run: async (say) => {
    const rounds: { readonly ready: number; readonly answered: number; readonly cpu: number | null }[] = [];
    const readOnly: number[] = [];
    const mounts = canMount();
    await using live = await startLiveExchange();
    for (let round = 0; round < ROUNDS; round++) {
      await using app = await startApp(live);
      rounds.push({ ready: app.readyAfterMs, answered: app.answeredAfterMs, cpu: app.answeredCpuMs });
      if (!mounts) continue;
      await using other = await startApp(live, live.issueToken(), (home) => onSmallDisk(home, 'read-only'));
      readOnly.push(other.answeredAfterMs);
    }
    say(`${ROUNDS} starts of src/serve/main.ts from its TypeScript sources, with a home of its own each time.`);
    if (process.env.NODE_COMPILE_CACHE !== undefined)
      say('Compiled code is kept between starts, as the npm commands do.');
    const cpu = rounds.map((round) => round.cpu).filter((ms) => ms !== null);
    if (!mounts) say('This system gives no name spaces to mount a read-only home in.');
    const answeredMs = median(rounds.map(({ answered }) => answered));
    return {
      ...(readOnly.length === 0 ? {} : { readOnlyRatio: median(readOnly) / answeredMs }),
      ...(cpu.length === 0 ? {} : { cpuMs: median(cpu) }),
      fastestMs: Math.min(...rounds.map(({ answered }) => answered)),
      answeredMs,
      readyMs: median(rounds.map(({ ready }) => ready)),
      slowestMs: Math.max(...rounds.map(({ answered }) => answered)),
    };
  },
};
