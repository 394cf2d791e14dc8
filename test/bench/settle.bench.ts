/** Candles on a calm hour, on virtual time: from a minute's end until it is Kite's own row. */
import { settleDelays } from '../support/settle-delays.ts';
import type { Bench } from './bench.ts';
import { median, percentile } from './support/statistics.ts';

const MINUTES = 60;

export const settleBench: Bench = {
  name: 'settle',
  title: 'a calm hour of the six: from a minute’s end until it is Kite’s own row, in market time',
  figures: [
    { name: 'p95Ms', what: 'settle delay of a minute, p95', unit: 'ms', atMost: 30_000 },
    { name: 'medianMs', what: 'settle delay of a minute, median', unit: 'ms' },
    { name: 'worstMs', what: 'settle delay of a minute, longest', unit: 'ms', atMost: 30_000 },
    { name: 'minutes', what: 'minutes settled', unit: '' },
  ],
  run: async (say) => {
    const delays = await settleDelays('2026-11-23', '11:00:10', MINUTES);
    const settled = delays.filter(Number.isFinite);
    say('By a virtual clock and the simulated exchange: the figures do not depend on this machine.');
    return {
      p95Ms: percentile([...delays], 95),
      medianMs: median([...delays]),
      worstMs: Math.max(...delays),
      minutes: settled.length,
    };
  },
};
