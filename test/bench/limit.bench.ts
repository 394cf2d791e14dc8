/** The desk at Kite's limit of 9,000 instruments: how long anything holds up its main thread, and what a page is sent. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { formatClockSpec } from '../../src/clock.ts';
import { kiteRestClient } from '../../src/kite/rest-client.ts';
import type { Bench, Figures } from './bench.ts';
import { type BenchChild, ChildError, figureOf, startChild } from './support/child.ts';
import { type LiveExchange, startLiveExchange } from './support/live-exchange.ts';

const LIMIT = 9_000;
/** The desk's own indices and futures. */
const OWN = 6;
/** Enough for the watchlist. */
const LISTED_OPTIONS = 10_000;
const LONGEST_BLOCK_MS = 30;
const STEP_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 250;
/** After a step is over: what it has set off comes to rest. */
const REST_MS = 3_000;

const steps = ['start', 'loss', 'stale', 'reconnect', 'search'] as const;
type Step = (typeof steps)[number];

const whatOf: Readonly<Record<Step, string>> = {
  start: 'start, from the open desk to all first ticks',
  loss: 'loss of one connection of three',
  stale: 'all prices go stale',
  reconnect: 'all connections come back',
  search: 'first search in lists of their full length',
};

export const limitBench: Bench = {
  name: 'limit',
  title: `${LIMIT} instruments: longest block of the main thread, and a page's bytes`,
  figures: [
    { name: 'openBlockMs', what: 'opening the desk, before any connection', unit: 'ms' },
    ...steps.flatMap((step) => [
      { name: `${step}BlockMs`, what: whatOf[step], unit: 'ms', atMost: LONGEST_BLOCK_MS },
      { name: `${step}WallMs`, what: '  the same by the clock, other programs included', unit: 'ms' },
    ]),
    { name: 'changeBytes', what: 'a state change on a calm day, mean', unit: 'B', atMost: 2_000 },
    { name: 'largestCalmBytes', what: 'the largest of them', unit: 'B' },
    { name: 'lossBytes', what: 'largest at the loss of a connection', unit: 'B' },
    { name: 'staleBytes', what: 'largest when all go stale', unit: 'B' },
  ],
  run: async (say) => {
    const home = mkdtempSync(join(tmpdir(), 'mdts-limit-'));
    try {
      await using live = await startLiveExchange({ at: '11:00', optionCount: LISTED_OPTIONS });
      say('Processor time of the main thread between two turns of its event loop; the exchange is another process.');
      return await play(live, home);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};

async function play(live: LiveExchange, home: string): Promise<Figures> {
  const watchlist = join(home, 'watchlist.json');
  writeFileSync(watchlist, JSON.stringify(await optionsOf(live, LIMIT - OWN)));
  await using desk = startChild(join(import.meta.dirname, 'children', 'nine-thousand-desk.ts'), [
    formatClockSpec(live.spec),
    live.exchange.apiRoot,
    live.issueToken(),
    home,
    watchlist,
  ]);
  await desk.next('ready');
  const { control } = live.exchange;
  const figures: Record<string, number> = {};
  const measure = async (step: Step, act: () => Promise<unknown> | unknown, isOver: IsOver): Promise<number> => {
    await desk.ask('blocks');
    await desk.ask('bytes');
    await act();
    await until(desk, step, isOver);
    await setTimeout(REST_MS);
    const blocks = await desk.ask('blocks');
    figures[`${step}BlockMs`] = figureOf(blocks, 'cpuMs');
    figures[`${step}WallMs`] = figureOf(blocks, 'wallMs');
    return figureOf(await desk.ask('bytes'), 'largest');
  };

  await desk.ask('blocks');
  await desk.ask('begin');
  await desk.next('started');
  figures.openBlockMs = figureOf(await desk.ask('blocks'), 'cpuMs');
  await measure(
    'start',
    () => undefined,
    ({ ticked, live: isLive }) => ticked === LIMIT && isLive,
  );
  await desk.ask('bytes');
  await setTimeout(10_000);
  const calm = await desk.ask('bytes');
  figures.changeBytes = figureOf(calm, 'sum') / figureOf(calm, 'messages');
  figures.largestCalmBytes = figureOf(calm, 'largest');
  figures.lossBytes = await measure(
    'loss',
    () => {
      control.apply({ kind: 'refuse', where: 'socket', status: 503 });
      control.apply({ kind: 'drop', socket: 1 });
    },
    ({ live: isLive, stale }) => !isLive && stale > 0,
  );
  figures.staleBytes = await measure(
    'stale',
    () => {
      control.apply({ kind: 'refuse', where: 'both', status: 503 });
      control.apply({ kind: 'drop' });
    },
    ({ stale }) => stale === LIMIT,
  );
  await measure(
    'reconnect',
    () => control.clear(),
    ({ live: isLive, stale }) => isLive && stale === 0,
  );
  await measure(
    'search',
    async () => {
      await desk.ask('search');
      await desk.next('searched');
    },
    () => true,
  );
  return figures;
}

type IsOver = (standing: { readonly ticked: number; readonly stale: number; readonly live: boolean }) => boolean;

async function until(desk: BenchChild, step: Step, isOver: IsOver): Promise<void> {
  let standing = await desk.ask('standing');
  for (let waitedMs = 0; waitedMs < STEP_LIMIT_MS; waitedMs += LOOK_EVERY_MS) {
    const [ticked, stale] = [figureOf(standing, 'ticked'), figureOf(standing, 'stale')];
    if (isOver({ ticked, stale, live: figureOf(standing, 'isLive') === 1 })) return;
    await setTimeout(LOOK_EVERY_MS);
    standing = await desk.ask('standing');
  }
  throw new ChildError(`${step} did not come to its end: ${JSON.stringify(standing)}`);
}

async function optionsOf({ exchange }: LiveExchange, count: number): Promise<readonly string[]> {
  const { apiRoot, loginRoot, tickerRoot } = exchange;
  const rest = kiteRestClient({ endpoints: { apiRoot, loginRoot, tickerRoot } });
  const listed = [...(await rest.instruments('NFO')), ...(await rest.instruments('BFO'))];
  return listed
    .filter(({ type }) => type !== 'FUT')
    .slice(0, count)
    .map(({ key }) => key);
}
