/** The socket is lost and cannot be had again: to the first quote by REST, and how far apart the next ones are. */
import type { Bench } from './bench.ts';
import { startLiveExchange } from './support/live-exchange.ts';
import { startApp } from './support/running-app.ts';
import { median, percentile } from './support/statistics.ts';

const ROUNDS = 5;
const FURTHER_QUOTES = 4;

export const fallbackBench: Bench = {
  name: 'fallback',
  title: 'the socket is lost for good: quotes by REST',
  figures: [
    { name: 'p95Ms', what: 'to the first quote, p95', unit: 'ms', atMost: 3_000 },
    { name: 'medianMs', what: 'to the first quote, median', unit: 'ms' },
    { name: 'intervalMs', what: 'between quotes after it, median', unit: 'ms' },
  ],
  run: async () => {
    await using live = await startLiveExchange();
    const { control } = live.exchange;
    await using app = await startApp(live);
    await app.until(({ feed }) => feed.state === 'live');
    const firsts: number[] = [];
    const intervals: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const quotes = (): number => live.exchange.stats.requests['GET /quote'] ?? 0;
      const before = quotes();
      const fault = control.apply({ kind: 'refuse', where: 'socket', status: 503 });
      const startedAt = performance.now();
      control.apply({ kind: 'drop' });
      let at = await app.ticksOnce(() => quotes() > before);
      firsts.push(at - startedAt);
      for (let further = 0; further < FURTHER_QUOTES; further++) {
        const next = await app.ticksOnce(() => true);
        intervals.push(next - at);
        at = next;
      }
      control.clear(fault);
      await app.until(({ feed }) => feed.source === 'websocket');
    }
    return { p95Ms: percentile(firsts, 95), medianMs: median(firsts), intervalMs: median(intervals) };
  },
};
