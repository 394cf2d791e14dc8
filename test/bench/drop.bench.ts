/**
 * The exchange cuts the socket: to the first tick on the next one. The app and the official client do the same at the
 * same time, each in a process of its own against an exchange of its own, because the official one is slow about it.
 */
import { join } from 'node:path';
import { demoApp } from '../exchange/exchange.ts';
import type { Bench } from './bench.ts';
import { ChildError, startChild } from './support/child.ts';
import { type LiveExchange, startLiveExchange } from './support/live-exchange.ts';
import { pause, startApp } from './support/running-app.ts';
import { percentile } from './support/statistics.ts';

const DROPS = 50;
/** Between a recovery and the next drop: a line that fails again and again, and never at the same phase of a second. */
const PAUSE_MS = { shortest: 400, longest: 1_400 } as const;
/** The official client gets this long, and as many drops as it manages; real ms. */
const TIME_LIMIT_MS = 110_000;
/** Its longest recovery on record is 10 s; one that takes longer than this is none. */
const RECOVERY_LIMIT_MS = 60_000;

export const dropBench: Bench = {
  name: 'drop',
  title: 'the socket is cut: to the first new tick, against kiteconnect',
  figures: [
    { name: 'p95Ms', what: 'p95', unit: 'ms', atMost: 250 },
    { name: 'medianMs', what: 'median', unit: 'ms' },
    { name: 'firstMs', what: 'first drop', unit: 'ms', atMost: 250 },
    { name: 'lastMs', what: 'last drop', unit: 'ms', atMost: 250 },
    { name: 'drops', what: 'drops', unit: '' },
    { name: 'kiteconnectP95Ms', what: 'kiteconnect: p95', unit: 'ms' },
    { name: 'kiteconnectMedianMs', what: 'kiteconnect: median', unit: 'ms' },
    { name: 'kiteconnectDrops', what: 'kiteconnect: drops in the time there was', unit: '' },
  ],
  run: async (say) => {
    const [ours, theirs] = await Promise.all([dropsOfOurs(), dropsOfKiteconnect()]);
    say(
      `kiteconnect gets at most ${TIME_LIMIT_MS / 1000} s for its drops; its odd ones cost 1 s, its even ones up to 9 s.`,
    );
    return {
      p95Ms: percentile(ours, 95),
      medianMs: percentile(ours, 50),
      firstMs: ours[0] ?? Number.NaN,
      lastMs: ours.at(-1) ?? Number.NaN,
      drops: ours.length,
      kiteconnectP95Ms: percentile(theirs, 95),
      kiteconnectMedianMs: percentile(theirs, 50),
      kiteconnectDrops: theirs.length,
    };
  },
};

/** When the next ticks came after `is` was first true. */
type TicksOnce = (is: () => boolean) => Promise<number>;

async function dropsOfOurs(): Promise<readonly number[]> {
  await using live = await startLiveExchange();
  await using app = await startApp(live);
  await app.until(({ feed }) => feed.state === 'live');
  return await drops(live, app.ticksOnce, Number.POSITIVE_INFINITY);
}

async function dropsOfKiteconnect(): Promise<readonly number[]> {
  await using live = await startLiveExchange();
  await using child = startChild(join(import.meta.dirname, 'children', 'kiteconnect-client.ts'), [
    live.exchange.tickerRoot,
    demoApp.apiKey,
    live.issueToken(),
    String(INDEX_TOKEN),
  ]);
  const listeners = new Set<() => void>();
  child.onMessage(({ type }) => {
    if (type === 'ticks') for (const listener of [...listeners]) listener();
  });
  await child.next('ticks');
  const ticksOnce: TicksOnce = (is) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const timer = setTimeout(() => reject(new ChildError('kiteconnect did not come back')), RECOVERY_LIMIT_MS);
    const look = (): void => {
      if (is()) resolve(performance.now());
    };
    listeners.add(look);
    return promise.finally(() => {
      clearTimeout(timer);
      listeners.delete(look);
    });
  };
  return await drops(live, ticksOnce, performance.now() + TIME_LIMIT_MS);
}

/** NIFTY 50, which ticks all the time; the app follows it among others. */
const INDEX_TOKEN = 256_265;

/** Drops and recoveries in turn, each in ms, until there are enough or the time is over. */
async function drops(live: LiveExchange, ticksOnce: TicksOnce, deadlineMs: number): Promise<readonly number[]> {
  const { exchange } = live;
  const times: number[] = [];
  while (times.length < DROPS && performance.now() < deadlineMs) {
    const { shortest, longest } = PAUSE_MS;
    await pause(shortest + (longest - shortest) * Math.random());
    const before = openings(live);
    const droppedAt = performance.now();
    exchange.control.apply({ kind: 'drop' });
    times.push((await ticksOnce(() => openings(live) > before)) - droppedAt);
  }
  return times;
}

/** Sockets the exchange has opened so far. */
function openings({ exchange }: LiveExchange): number {
  return exchange.stats.upgrades.filter(({ outcome }) => outcome === 'open').length;
}
