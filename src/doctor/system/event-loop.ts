import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../../clock.ts';
import type { EventLoopFacts } from '../probes.ts';

const WATCH_MS = 600;
/** How often the loop is asked; ms. The histogram counts from one asking to the next. */
const RESOLUTION_MS = 10;
const NS_PER_MS = 1e6;

/** Watches this process's event loop for a short while. Rejects when aborted. */
export async function watchEventLoop(clock: Clock, signal: AbortSignal): Promise<EventLoopFacts> {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const over = Promise.withResolvers<void>();
  const abort = (): void => over.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  using _timer = clock.setTimeout(() => over.resolve(), WATCH_MS);
  histogram.enable();
  try {
    await over.promise;
  } finally {
    histogram.disable();
    signal.removeEventListener('abort', abort);
  }
  const delayMs = (ns: number): number => Math.max(0, ns / NS_PER_MS - RESOLUTION_MS);
  return { p99Ms: delayMs(histogram.percentile(99)), maxMs: delayMs(histogram.max) };
}
