/** A cold start of browser mode: from the process's beginning to its `ready` line, and to the first answer. */
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
  ],
  run: async (say) => {
    const rounds: { readonly ready: number; readonly answered: number; readonly cpu: number | null }[] = [];
    await using live = await startLiveExchange();
    for (let round = 0; round < ROUNDS; round++) {
      await using app = await startApp(live);
      rounds.push({ ready: app.readyAfterMs, answered: app.answeredAfterMs, cpu: app.answeredCpuMs });
    }
    say(`${ROUNDS} starts of src/serve/main.ts from its TypeScript sources, with a home of its own each time.`);
    if (process.env.NODE_COMPILE_CACHE !== undefined)
      say('Compiled code is kept between starts, as the npm commands do.');
    const cpu = rounds.map((round) => round.cpu).filter((ms) => ms !== null);
    return {
      ...(cpu.length === 0 ? {} : { cpuMs: median(cpu) }),
      fastestMs: Math.min(...rounds.map(({ answered }) => answered)),
      answeredMs: median(rounds.map(({ answered }) => answered)),
      readyMs: median(rounds.map(({ ready }) => ready)),
      slowestMs: Math.max(...rounds.map(({ answered }) => answered)),
    };
  },
};
