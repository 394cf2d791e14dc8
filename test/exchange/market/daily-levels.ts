import type { IstDate } from '../../../src/market/ist.ts';
import { dayNumberOf } from './day-plan.ts';
import { ANCHOR_DATE, type PriceSpec } from './price-specs.ts';
import { gaussian, subSeed } from './random.ts';
import type { RecordedDays } from './recorded-bars.ts';

/** Closing value of one path on every date, and how the next session opens from it. */
export interface DailyLevels {
  /** The session's official close, paise; for a recorded date the recording's last. */
  close(date: IstDate): number;
}

interface Pin {
  readonly day: number;
  /** Natural logarithm of the recorded level over the walk's. */
  readonly offset: number;
}

/** How far a session opens from the close before it, where nothing says otherwise (natural logarithm, one deviation). */
const OVERNIGHT = 0.0015;

/**
 * A random walk of daily closes that passes through the recordings: it wanders both ways from the anchor, and its level
 * is shifted so that recorded sessions, and the session before each, sit where the recording needs them.
 */
export function dailyLevels(
  spec: PriceSpec,
  seed: number,
  recordings: RecordedDays,
  previousSession: (date: IstDate) => IstDate | null,
): DailyLevels {
  const walk = randomWalk(spec, seed);
  const round = (logarithm: number): number =>
    spec.stepPaise * Math.round((spec.anchorPaise * Math.exp(logarithm)) / spec.stepPaise);
  const pins: Pin[] = [];
  const pin = (date: IstDate, paise: number): void => {
    const day = dayNumberOf(date);
    pins.push({ day, offset: Math.log(paise / spec.anchorPaise) - walk(day) });
  };
  const recordedDates = recordings.dates(spec.path);
  for (const date of recordedDates) {
    const bars = recordings.bars(spec.path, date) ?? [];
    const before = previousSession(date);
    const open = bars[0]?.open;
    const close = bars.at(-1)?.close;
    if (open === undefined || close === undefined) continue;
    if (before !== null && !recordedDates.includes(before)) {
      pin(before, open * Math.exp(OVERNIGHT * gaussian(subSeed(seed, 'overnight', spec.path), dayNumberOf(date))));
    }
    pin(date, close);
  }
  return {
    close: (date) => {
      const recorded = recordings.bars(spec.path, date)?.at(-1)?.close;
      const day = dayNumberOf(date);
      return recorded ?? round(walk(day) + offsetAt(pins, day));
    },
  };
}

/** Cumulated daily returns from the anchor date, both ways, drawn back towards it; each day's is drawn once. */
function randomWalk(spec: PriceSpec, seed: number): (day: number) => number {
  const anchor = dayNumberOf(ANCHOR_DATE);
  const common = subSeed(seed, 'daily');
  const own = subSeed(seed, 'daily', spec.path);
  const { correlation } = spec;
  const ownShare = Math.sqrt(1 - correlation * correlation);
  const step = (day: number): number =>
    (spec.dailyBp / 10_000) * (correlation * gaussian(common, day) + ownShare * gaussian(own, day));
  const after = [0];
  const before = [0];
  return (day) => {
    const sums = day >= anchor ? after : before;
    const distance = Math.abs(day - anchor);
    for (let n = sums.length; n <= distance; n++) {
      const previous = (sums[n - 1] ?? 0) * spec.memory;
      sums.push(day >= anchor ? previous + step(anchor + n) : previous - step(anchor - n + 1));
    }
    return sums[distance] ?? 0;
  };
}

/** The shift on a day: that of the pins on either side in proportion, of the nearest pin beyond them. */
function offsetAt(pins: readonly Pin[], day: number): number {
  const next = pins.find((pin) => pin.day >= day);
  const previous = pins.findLast((pin) => pin.day <= day);
  if (next === undefined || previous === undefined) return (next ?? previous)?.offset ?? 0;
  if (next.day === previous.day) return next.offset;
  return previous.offset + ((next.offset - previous.offset) * (day - previous.day)) / (next.day - previous.day);
}
