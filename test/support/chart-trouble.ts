import { type IstDate, instantOf } from '../../src/market/ist.ts';
import { drawFault, RECOVERY_MS } from './fault-days.ts';
import { openPage, type PageOnFloor } from './page-on-floor.ts';
import { playFault } from './play-fault.ts';
import { type Random, randomFrom } from './random.ts';
import type { Floor } from './trading-floor.ts';

/** What an hour's piece of a day is made of, drawn from a seed. */
export interface TroubleOptions {
  readonly seed: number;
  readonly date: IstDate;
  /** Market minutes from the start, calm ones included. */
  readonly minutes: number;
  /** What the page charts, whatever it looks at meanwhile. */
  readonly keys: readonly string[];
  /** Instruments that come into the watchlist and go, beside the desk's own. */
  readonly churn: readonly string[];
}

/** What happened, in order, and the page that is open in the end. */
export interface TroublePlayed {
  readonly events: readonly string[];
  readonly page: PageOnFloor;
}

interface Scene {
  readonly floor: Floor;
  readonly options: TroubleOptions;
  readonly random: Random;
  page: PageOnFloor;
}

type Event = readonly [name: string, weight: number, play: (scene: Scene) => Promise<string | null>];

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const between = (random: Random, least: number, most: number): number => Math.round(least + random() * (most - least));

/** Each answers with what the name does not say. */
const events: readonly Event[] = [
  [
    'fault',
    8,
    async ({ floor, options, random }) => {
      const fault = drawFault(options.date, floor.clock.now(), random);
      await playFault(floor, fault);
      return `${fault.name}, ${Math.round((fault.endMs - fault.startMs) / SECOND_MS)} s`;
    },
  ],
  [
    'pause',
    2,
    async ({ floor, random }) => {
      const seconds = between(random, 2, 180);
      await floor.command('feed.pause', {});
      await floor.run(seconds * SECOND_MS);
      await floor.command('feed.resume', {});
      return `${seconds} s`;
    },
  ],
  [
    'restart',
    2,
    async ({ floor, page, random }) => {
      const seconds = between(random, 1, 150);
      page.loseLink();
      await floor.restart(seconds * SECOND_MS);
      await page.findLink();
      return `${seconds} s`;
    },
  ],
  [
    'another watchlist',
    2,
    async ({ floor, options, random }) => {
      const from = between(random, 0, options.churn.length);
      const watchlist = options.churn.slice(from, from + between(random, 1, options.churn.length));
      await floor.command('settings.update', { watchlist: [...watchlist] });
      return `${watchlist.length} instruments`;
    },
  ],
  [
    'look away',
    1,
    async ({ floor, options, page, random }) => {
      const seconds = between(random, 1, 200);
      await page.chart(options.keys.filter(() => random() < 0.4));
      await floor.run(seconds * SECOND_MS);
      await page.chart(options.keys);
      return `${seconds} s`;
    },
  ],
  [
    'page opened anew',
    1,
    async (scene) => {
      scene.page[Symbol.dispose]();
      scene.page = openPage(scene.floor);
      await scene.page.chart(scene.options.keys);
      return null;
    },
  ],
  [
    'link lost',
    1,
    async ({ floor, page, random }) => {
      const seconds = between(random, 1, 90);
      page.loseLink();
      await floor.run(seconds * SECOND_MS);
      await page.findLink();
      return `${seconds} s`;
    },
  ],
  [
    'batch spoiled',
    1,
    async ({ page }) => {
      page.spoilBatch();
      return null;
    },
  ],
];

/** Plays trouble drawn from a seed on a floor that trades, and lets the desk recover from the last of it. */
export async function playTrouble(floor: Floor, options: TroubleOptions): Promise<TroublePlayed> {
  const random = randomFrom(Math.imul(options.seed, 0x9e3779b1));
  const scene: Scene = { floor, options, random, page: openPage(floor) };
  await scene.page.chart(options.keys);
  const untilMs = floor.clock.now() + options.minutes * MINUTE_MS;
  const lastMs = Math.min(untilMs, instantOf(options.date, '15:30:00'));
  const played: string[] = [];
  await floor.run(between(random, 5, 90) * SECOND_MS);
  while (floor.clock.now() < lastMs) {
    const [name, , play] = drawEvent(random);
    const at = new Date(floor.clock.now() + 19_800_000).toISOString().slice(11, 19);
    const detail = await play(scene);
    played.push(`${at} ${name}${detail === null ? '' : ` (${detail})`}`);
    await floor.run(between(random, 5, 200) * SECOND_MS);
  }
  await floor.run(RECOVERY_MS + 2 * MINUTE_MS);
  return { events: played, page: scene.page };
}

function drawEvent(random: Random): Event {
  let left = random() * events.reduce((sum, [, weight]) => sum + weight, 0);
  for (const event of events) {
    left -= event[1];
    if (left < 0) return event;
  }
  return events[0] as Event;
}
