/**
 * A PC wakes from half an hour's sleep with dead connections and, for two seconds, no network: when the desk stops calling
 * its prices live, and when they are live again. The sleep itself is a jump of both clocks.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatClockSpec, scaledClock } from '../../src/clock.ts';
import { bundledCalendar } from '../../src/market/bundled-calendar.ts';
import { instantOf } from '../../src/market/ist.ts';
import { demoUser, startExchange } from '../exchange/exchange.ts';
import { PcClock } from '../support/pc-clock.ts';
import type { Bench } from './bench.ts';
import { type BenchChild, type ChildMessage, figureOf, startChild } from './support/child.ts';
import { pause } from './support/running-app.ts';
import { median, percentile } from './support/statistics.ts';

const ROUNDS = 7;
const SLEEP_MS = 30 * 60_000;
const WITHOUT_NETWORK_MS = 2_000;
/** A tick this young is of after the sleep. */
const FRESH_MS = 5_000;

export const wakeBench: Bench = {
  name: 'wake',
  title: 'a PC wakes from half an hour of sleep, its network two seconds later',
  figures: [
    { name: 'rightP95Ms', what: 'to the right state, p95', unit: 'ms', atMost: 1_000 },
    { name: 'rightMs', what: 'to the right state, median', unit: 'ms' },
    { name: 'liveP95Ms', what: 'from the network to live prices, p95', unit: 'ms', atMost: 5_000 },
    { name: 'liveMs', what: 'from the network to live prices, median', unit: 'ms' },
  ],
  run: async () => {
    const home = mkdtempSync(join(tmpdir(), 'mdts-wake-'));
    try {
      const rounds = await sleeps(home);
      return {
        rightP95Ms: percentile(
          rounds.map(({ right }) => right),
          95,
        ),
        rightMs: median(rounds.map(({ right }) => right)),
        liveP95Ms: percentile(
          rounds.map(({ live }) => live),
          95,
        ),
        liveMs: median(rounds.map(({ live }) => live)),
      };
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};

interface Round {
  readonly right: number;
  readonly live: number;
}

async function sleeps(home: string): Promise<readonly Round[]> {
  const spec = { marketMs: instantOf('2026-11-23', '10:00'), speed: 1, realMs: Date.now() };
  const clock = new PcClock(scaledClock(spec));
  await using exchange = await startExchange({ clock, calendar: bundledCalendar(), dataDir: null, optionCount: 60 });
  await using desk = startChild(join(import.meta.dirname, 'children', 'wake-desk.ts'), [
    formatClockSpec(spec),
    exchange.apiRoot,
    exchange.issueToken({ userId: demoUser.userId, mintedAtMs: clock.now() }),
    home,
    String(SLEEP_MS),
  ]);
  await feedOnce(desk, isFreshlyLive);
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await pause(3_000);
    exchange.control.apply({ kind: 'stall' });
    exchange.control.apply({ kind: 'refuseConnections', how: 'reset' });
    clock.aheadMs += SLEEP_MS;
    const noticed = feedOnce(desk, (message) => figureOf(message, 'isLive') === 0);
    const sleptAt = figureOf(await desk.ask('sleep'), 'atMs');
    const right = (await noticed) - sleptAt;
    await pause(WITHOUT_NETWORK_MS);
    exchange.control.clear();
    const live = feedOnce(desk, isFreshlyLive);
    const onlineAt = figureOf(await desk.ask('online'), 'atMs');
    rounds.push({ right, live: (await live) - onlineAt });
  }
  return rounds;
}

function isFreshlyLive(message: ChildMessage): boolean {
  return figureOf(message, 'isLive') === 1 && figureOf(message, 'tickAgeMs') < FRESH_MS;
}

/** The real instant of the next change of the feed that is so; messages of before do not count. */
function feedOnce(desk: BenchChild, is: (message: ChildMessage) => boolean): Promise<number> {
  return new Promise((resolve) => {
    desk.onMessage((message) => {
      if (message.type === 'feed' && is(message)) resolve(figureOf(message, 'atMs'));
    });
  });
}
