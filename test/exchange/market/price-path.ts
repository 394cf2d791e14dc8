import type { IstDate } from '../../../src/market/ist.ts';
import type { DailyLevels } from './daily-levels.ts';
import type { DayPlan } from './day-plan.ts';
import { MINUTE_MS, type MinuteGrid } from './minute-grid.ts';
import { type Bar, fillMinute, TICK_SPACING_MS, TICKS_PER_MINUTE } from './minute-ticks.ts';
import type { PriceSpec } from './price-specs.ts';
import { gaussian, subSeed, uniform } from './random.ts';
import type { RecordedBar, RecordedDays } from './recorded-bars.ts';
import { seenTicks, unseenOdds } from './unseen.ts';

/**
 * One index or share on one day: a bar for every minute in which anything trades. Where the index itself is frozen (the
 * closing auction), the bars go on as the fair value that derivatives trade against.
 */
export interface PathDay {
  readonly spec: PriceSpec;
  readonly plan: DayPlan;
  readonly recorded: boolean;
  /** Official close of the session before, paise. */
  readonly previousClose: number;
  /** First value of continuous trading, and the price at which the pre-open matches; paise. */
  readonly open: number;
  /** The day's official close, paise. */
  readonly close: number;
  /** The minutes of `plan.trading`. */
  readonly minutes: MinuteGrid;
  bar(minute: number): Bar;
  /** Value of tick `k` of a minute, paise. */
  tick(minute: number, k: number): number;
  /** The same as a subscriber gets it: some of a minute's prices are in Kite's candle alone. */
  seenTick(minute: number, k: number): number;
  /** Fair value at an instant of trading; the close of the last minute outside it. Paise. */
  valueAt(instantMs: number): number;
}

/** Share of the minutes that are unsettled, and the scale of returns in calm and unsettled ones: kurtosis 5 to 6. */
const UNSETTLED = { share: 0.1, calm: 0.9, unsettled: 1.7 };
/** Returns of the first half hour are about twice as large. */
const OPENING = { minutes: 30, scale: 2 };
/** Mean distance of a bar's extremes beyond its open and close, and of its open from the close before; in deviations. */
const BEYOND = 0.4;
const REOPEN = 0.12;
/** One deviation between the last continuous value and the auction's, natural logarithm. */
const AUCTION_GAP = 0.0008;
/** Share of a day's return that happens overnight. */
const OVERNIGHT_SHARE = 0.35;

/** The path of `spec` on a day with trading. */
export function pathDay(
  spec: PriceSpec,
  plan: DayPlan,
  seed: number,
  levels: DailyLevels,
  recordings: RecordedDays,
  previousSession: IstDate,
  exactTicks: boolean,
): PathDay {
  const recording = recordings.bars(spec.path, plan.date);
  const previousClose = levels.close(previousSession);
  const close = levels.close(plan.date);
  const bars = recording === null ? seededBars(spec, plan, seed, previousClose, close) : recordedBars(plan, recording);
  const tickSeed = subSeed(seed, 'ticks', spec.path, plan.dayNumber);
  const filled: Int32Array[] = [];
  const tick = (minute: number, k: number): number => {
    let values = filled[minute];
    if (values === undefined) {
      values = new Int32Array(TICKS_PER_MINUTE);
      fillMinute(bars.at(minute), subSeed(tickSeed, minute), values);
      filled[minute] = values;
    }
    return values[k] ?? previousClose;
  };
  const minutes = plan.trading;
  const published = plan.index(spec.exchange).continuous;
  const odds = unseenOdds(spec.exchange);
  const seen: Int32Array[] = [];
  const seenTick = (minute: number, k: number): number => {
    if (exactTicks) return tick(minute, k);
    let values = seen[minute];
    if (values === undefined) {
      const exact = Int32Array.from({ length: TICKS_PER_MINUTE }, (_, n) => tick(minute, n));
      const startMs = minutes.starts[minute] ?? 0;
      const edge = { opens: startMs === published.startMs, closes: published.at(startMs + MINUTE_MS) < 0 };
      values = seenTicks(bars.at(minute), exact, spec.stepPaise, odds, subSeed(tickSeed, 'unseen', minute), edge);
      seen[minute] = values;
    }
    return values[k] ?? previousClose;
  };
  const valueAt = (instantMs: number): number => {
    const minute = minutes.at(instantMs);
    if (minute < 0) {
      const completed = minutes.completedBy(instantMs);
      return completed === 0 ? previousClose : bars.at(completed - 1).close;
    }
    const k = Math.floor((instantMs - (minutes.starts[minute] ?? 0)) / TICK_SPACING_MS);
    return tick(minute, Math.min(k, TICKS_PER_MINUTE - 1));
  };
  return {
    spec,
    plan,
    recorded: recording !== null,
    previousClose,
    open: bars.at(0).open,
    close,
    minutes,
    bar: (minute) => bars.at(minute),
    tick,
    seenTick,
    valueAt,
  };
}

/** Bars as columns: a day of them is asked for again and again. */
class BarColumns {
  private readonly columns: Int32Array;

  constructor(length: number) {
    this.columns = new Int32Array(length * 4);
  }

  set(minute: number, open: number, high: number, low: number, close: number): void {
    this.columns.set([open, high, low, close], minute * 4);
  }

  at(minute: number): Bar {
    const [open = 0, high = 0, low = 0, close = 0] = this.columns.subarray(minute * 4, minute * 4 + 4);
    return { open, high, low, close };
  }
}

/** The recording minute by minute; a minute it lacks stands still. */
function recordedBars(plan: DayPlan, recording: readonly RecordedBar[]): BarColumns {
  const byStart = new Map(recording.map((bar) => [bar.startMs, bar]));
  const bars = new BarColumns(plan.trading.length);
  let last = recording[0]?.open ?? 0;
  plan.trading.starts.forEach((startMs, minute) => {
    const bar = byStart.get(startMs) ?? { open: last, high: last, low: last, close: last };
    bars.set(minute, bar.open, bar.high, bar.low, bar.close);
    last = bar.close;
  });
  return bars;
}

/**
 * A seeded session: an overnight gap, then fat-tailed minutes whose common part all paths share, steered to arrive at the
 * day's close (short of the auction's gap, where there is an auction).
 */
function seededBars(spec: PriceSpec, plan: DayPlan, seed: number, previousClose: number, close: number): BarColumns {
  const { length } = plan.trading;
  const day = plan.dayNumber;
  const index = plan.index(spec.exchange);
  const published = Math.min(index.continuous.length || length, length);
  const total = Math.log(close / previousClose);
  const own = (purpose: string): number => subSeed(seed, purpose, spec.path);
  const gap = OVERNIGHT_SHARE * total + (spec.minuteBp / 2_000) * gaussian(own('overnight'), day) * 0.6;
  const beforeAuction = index.discoveryMs === null ? total : total - AUCTION_GAP * gaussian(own('auction'), day);
  const returns = minuteReturns(spec, seed, day, length);
  steer(returns.value, returns.scale, 0, published, beforeAuction - gap);
  steer(returns.value, returns.scale, published, length, total - beforeAuction);

  const bars = new BarColumns(length);
  const shape = subSeed(own('shape'), day);
  const deviation = spec.minuteBp / 10_000;
  const paise = (logarithm: number): number =>
    spec.stepPaise * Math.round((previousClose * Math.exp(logarithm)) / spec.stepPaise);
  let level = gap;
  for (let minute = 0; minute < length; minute++) {
    const unit = deviation * (returns.scale[minute] ?? 1);
    const open = paise(level + (minute === 0 ? 0 : REOPEN * unit * gaussian(shape, minute, 1)));
    level += returns.value[minute] ?? 0;
    const last = paise(level);
    const above = -Math.log(1 - uniform(shape, minute, 2)) * BEYOND * unit;
    const below = -Math.log(1 - uniform(shape, minute, 3)) * BEYOND * unit;
    const high = Math.max(open, last, paise(Math.log(Math.max(open, last) / previousClose) + above));
    const low = Math.min(open, last, paise(Math.log(Math.min(open, last) / previousClose) - below));
    bars.set(minute, open, high, low, last);
  }
  return bars;
}

interface Returns {
  /** Natural logarithms. */
  readonly value: Float64Array;
  /** Deviation of each minute relative to an ordinary one. */
  readonly scale: Float64Array;
}

function minuteReturns(spec: PriceSpec, seed: number, day: number, length: number): Returns {
  const value = new Float64Array(length);
  const scale = new Float64Array(length);
  const mood = subSeed(seed, 'mood', day);
  const common = subSeed(seed, 'minutes', day);
  const own = subSeed(seed, 'minutes', spec.path, day);
  const ownShare = Math.sqrt(1 - spec.correlation * spec.correlation);
  for (let minute = 0; minute < length; minute++) {
    const unsettled = uniform(mood, minute) < UNSETTLED.share;
    const unit = (unsettled ? UNSETTLED.unsettled : UNSETTLED.calm) * (minute < OPENING.minutes ? OPENING.scale : 1);
    const shock = spec.correlation * gaussian(common, minute) + ownShare * gaussian(own, minute);
    scale[minute] = unit;
    value[minute] = (spec.minuteBp / 10_000) * unit * shock;
  }
  return { value, scale };
}

/** Shifts the returns of minutes `from` to `to` so that they add up to `sum`; lively minutes take more of the shift. */
function steer(value: Float64Array, scale: Float64Array, from: number, to: number, sum: number): void {
  let now = 0;
  let weight = 0;
  for (let minute = from; minute < to; minute++) {
    now += value[minute] ?? 0;
    weight += (scale[minute] ?? 0) ** 2;
  }
  for (let minute = from; minute < to; minute++) {
    value[minute] = (value[minute] ?? 0) + ((sum - now) * (scale[minute] ?? 0) ** 2) / weight;
  }
}
