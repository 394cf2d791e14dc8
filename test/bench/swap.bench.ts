/** A new token through the local API, after the old one has died: to the first tick, without a restart. */
import type { Bench } from './bench.ts';
import { startLiveExchange } from './support/live-exchange.ts';
import { AppError, startApp } from './support/running-app.ts';
import { median, percentile } from './support/statistics.ts';

const ROUNDS = 10;

export const swapBench: Bench = {
  name: 'swap',
  title: 'a new token by POST /api/token, after the old one has died',
  figures: [
    { name: 'p95Ms', what: 'to the first tick, p95', unit: 'ms', atMost: 300 },
    { name: 'medianMs', what: 'to the first tick, median', unit: 'ms' },
  ],
  run: async () => {
    await using live = await startLiveExchange();
    await using app = await startApp(live);
    await app.until(({ feed }) => feed.state === 'live');
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      live.exchange.control.apply({ kind: 'killToken' });
      await app.until(({ feed }) => feed.state === 'blocked');
      const accessToken = live.issueToken();
      const ticked = app.ticksOnce(() => true);
      const startedAt = performance.now();
      const status = await app.post('/api/token', { access_token: accessToken });
      if (status !== 200) throw new AppError(`the new token was answered with HTTP ${status}`);
      times.push((await ticked) - startedAt);
      await app.until(({ feed }) => feed.state === 'live');
    }
    return { p95Ms: percentile(times, 95), medianMs: median(times) };
  },
};
