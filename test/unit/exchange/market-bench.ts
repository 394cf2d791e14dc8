/** The simulated market for tests: one model a seed, read tick by tick. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundledCalendar } from '../../../src/market/bundled-calendar.ts';
import { type IstDate, instantOf } from '../../../src/market/ist.ts';
import type { Feed } from '../../exchange/market/feed.ts';
import { MarketModel } from '../../exchange/market/market-model.ts';
import { emptyTick, type MarketTick } from '../../exchange/market/market-tick.ts';
import { noRecordings, recordingsIn } from '../../exchange/market/recorded-bars.ts';

export const calendar = bundledCalendar();

/** An ordinary day of the regime with the closing auction; also the NIFTY expiry. */
export const AUCTION_DAY: IstDate = '2026-11-23';
/** An ordinary day of the regime before it, in which the futures have a pre-open. */
export const PLAIN_DAY: IstDate = '2026-01-20';

export const NIFTY = 256265;
export const BANKNIFTY = 260105;
export const SENSEX = 265;
export const VIX = 264969;

const directory = fileURLToPath(new URL('../../../../shared/market-data', import.meta.url));
/** Where recorded sessions are; null where they are missing. */
export const recordedData: string | null = existsSync(directory) ? directory : null;
export const NO_RECORDINGS = 'the recorded sessions are not beside the project';

export function marketModel(
  options: {
    seed?: number;
    dataDir?: string | null;
    optionCount?: number;
    exactTicks?: boolean;
    idleMinutes?: Readonly<Record<string, number>>;
  } = {},
): MarketModel {
  const { seed = 1, dataDir = null, optionCount = 120, exactTicks = false, idleMinutes = {} } = options;
  const recordings = dataDir === null ? noRecordings : recordingsIn(dataDir);
  return new MarketModel({ calendar, seed, recordings, optionCount, exactTicks, idleMinutes });
}

/** The feed of a key such as `NFO:NIFTY26NOVFUT` on a date. */
export function feedOf(model: MarketModel, key: string, date: IstDate): Feed {
  const instrument = model.instruments(date).byKey(key);
  if (instrument === null) throw new Error(`${key} is not listed on ${date}`);
  return model.feedOn(instrument, date);
}

/** A copy of what the feed says at a time of the date. */
export function tickAt(feed: Feed, date: IstDate, time: string): MarketTick {
  const tick = emptyTick();
  feed.read(instantOf(date, time), tick);
  return tick;
}

/** Every tick of a feed between two times of a date, in order; the tick object is reused. */
export function* ticksBetween(
  feed: Feed,
  date: IstDate,
  from: string,
  to: string,
): Generator<{ readonly atMs: number; readonly tick: MarketTick }> {
  const tick = emptyTick();
  let last = feed.lastTickAt(instantOf(date, from) - 1);
  for (let now = instantOf(date, from); now < instantOf(date, to) + 250; now += 250) {
    const atMs = feed.lastTickAt(now);
    if (atMs === last || atMs >= instantOf(date, to)) continue;
    last = atMs;
    feed.read(now, tick);
    yield { atMs, tick };
  }
}
