import type { ChartRange } from '../../state/ui-store.ts';

/** Minutes in view by default: the last two hours. */
const NEAR_MINUTES = 120;
/** Minutes left free left of the day's first one, and right of the last. */
const LEFT_MINUTES = 3;
const RIGHT_MINUTES = 4;
/** Early in the day the axis is at least this wide, so that a handful of candles stay candles. */
const LEAST_MINUTES = 45;
/** The chart gives back what it was set to with a rounding of its own. */
const TOLERANCE = 0.5;

/** The part of the axis in view, in its places: minutes from the first one, which is 0 and goes from -0.5 to 0.5. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** What a range shows of an axis of so many minutes. */
export function viewOf(range: ChartRange, minutes: number): View {
  // At the day's beginning there is room for the label of its first minute.
  const from = range === 'near' && minutes > NEAR_MINUTES ? minutes - NEAR_MINUTES : -LEFT_MINUTES;
  return { from: from - 0.5, to: Math.max(LEAST_MINUTES, minutes) - 0.5 + RIGHT_MINUTES };
}

/**
 * What to show once the axis has grown from `before` to `minutes`, `inFront` of the new ones before its first. A view that
 * nobody has moved stays the range's own; one that shows the end goes on showing it, as wide as it is; any other stays
 * where it is.
 */
export function viewAfterGrowth(view: View, range: ChartRange, before: number, minutes: number, inFront = 0): View {
  if (isNear(view, viewOf(range, before))) return viewOf(range, minutes);
  const showsEnd = view.to >= before - 1 && view.to < minutes - inFront + RIGHT_MINUTES;
  const by = showsEnd ? minutes - before : inFront;
  return { from: view.from + by, to: view.to + by };
}

/** A level further off than this many times the height of the candles in view would leave them too small to read. */
const MOST_HEIGHTS = 2;

/** Whether the price scale is to make room for a level. `low` and `high`: of what is in view; null: nothing is. */
export function hasRoomFor(level: number, inView: { readonly low: number; readonly high: number } | null): boolean {
  if (inView === null) return true;
  const reach = MOST_HEIGHTS * Math.max(inView.high - inView.low, level * LEAST_HEIGHT);
  return level >= inView.low - reach && level <= inView.high + reach;
}

/** What counts as the height of candles that hardly move, as a share of the price. */
const LEAST_HEIGHT = 0.001;

function isNear(view: View, other: View): boolean {
  return Math.abs(view.from - other.from) <= TOLERANCE && Math.abs(view.to - other.to) <= TOLERANCE;
}
