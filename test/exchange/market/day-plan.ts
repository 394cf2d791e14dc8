import type { MarketCalendar, PhaseInterval } from '../../../src/market/calendar.ts';
import { addDays, DAY_MS, type IstDate, instantOf } from '../../../src/market/ist.ts';
import type { Segment, SegmentPhase } from '../../../src/market/segments.ts';
import { MinuteGrid } from './minute-grid.ts';
import { subSeed, uniform } from './random.ts';

/** A call auction: orders are collected from `startMs`, and entry closes at a random moment, drawn here. */
export interface AuctionPlan {
  readonly startMs: number;
  readonly matchMs: number;
}

/** What one segment does on one day. */
export interface SegmentPlan {
  readonly continuous: MinuteGrid;
  readonly preOpen: AuctionPlan | null;
  readonly closingAuction: AuctionPlan | null;
}

/** What an exchange's indices do on one day. */
export interface IndexPlan {
  readonly continuous: MinuteGrid;
  /** The minutes Kite has rows of: 375 with the closing auction's; observed 2026-10-08. */
  readonly listed: MinuteGrid;
  /** The pre-open of the shares the index is made of. */
  readonly preOpen: AuctionPlan | null;
  /** When the closing auction's result becomes the index's close, as it is matched; null in a regime without one. */
  readonly discoveryMs: number | null;
}

/** The simulated exchange's timetable for one IST date. */
export interface DayPlan {
  readonly date: IstDate;
  /** Days since the epoch: the date as a number. */
  readonly dayNumber: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Every minute in which anything trades; empty on a closed day. */
  readonly trading: MinuteGrid;
  segment(segment: Segment): SegmentPlan;
  index(exchange: 'NSE' | 'BSE'): IndexPlan;
}

/** The date as days since the epoch. */
export function dayNumberOf(date: IstDate): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

const PRE_OPEN_ENTRY: readonly SegmentPhase[] = ['pre-open-entry', 'pre-open-limit'];
const AUCTION_ENTRY: readonly SegmentPhase[] = ['auction-entry', 'auction-limit'];

/** Reads the calendar for one date and draws the random moments it only brackets. */
export function planDay(calendar: MarketCalendar, date: IstDate, seed: number): DayPlan {
  const dayNumber = dayNumberOf(date);
  const { segments } = calendar.day(date);
  const chance = (purpose: string): number => uniform(subSeed(seed, 'timetable', purpose), dayNumber);
  const phases = (segment: Segment): readonly PhaseInterval[] => segments.get(segment) ?? [];
  const gridOf = (segment: Segment): MinuteGrid =>
    new MinuteGrid(phases(segment).filter(({ phase }) => phase === 'continuous'));
  const planSegment = (segment: Segment): SegmentPlan => ({
    continuous: gridOf(segment),
    preOpen: auctionOf(phases(segment), PRE_OPEN_ENTRY, chance(`${segment} pre-open`)),
    closingAuction: auctionOf(phases(segment), AUCTION_ENTRY, chance(`${segment} closing auction`)),
  });
  const planIndex = (exchange: 'NSE' | 'BSE'): IndexPlan => {
    const discovery = phases(`${exchange}_INDEX`).find(({ phase }) => phase === 'close-discovery');
    const continuous = gridOf(`${exchange}_INDEX`);
    const shares = segmentPlan(`${exchange}_CASH_CAS`);
    if (discovery === undefined) return { continuous, listed: continuous, preOpen: shares.preOpen, discoveryMs: null };
    return {
      continuous,
      listed: new MinuteGrid([...continuous.windows, { startMs: continuous.endMs, endMs: discovery.startMs }]),
      preOpen: shares.preOpen,
      discoveryMs: shares.closingAuction?.matchMs ?? discovery.startMs,
    };
  };
  const segmentPlan = remembered(planSegment);
  const startMs = instantOf(date, '00:00');
  return {
    date,
    dayNumber,
    startMs,
    endMs: instantOf(addDays(date, 1), '00:00'),
    trading: new MinuteGrid([...segments.keys()].flatMap((segment) => gridOf(segment).windows)),
    segment: segmentPlan,
    index: remembered(planIndex),
  };
}

/** The day's first auction that collects orders in the given phases, null without one. Matching starts as entry closes. */
function auctionOf(
  phases: readonly PhaseInterval[],
  entry: readonly SegmentPhase[],
  chance: number,
): AuctionPlan | null {
  const start = phases.findIndex(({ phase }) => entry.includes(phase));
  const first = phases[start];
  if (first === undefined) return null;
  const end = phases.findIndex(({ phase }, n) => n > start && !entry.includes(phase));
  const last = phases[end < 0 ? phases.length - 1 : end - 1] ?? first;
  const close = last.randomEnd ?? { fromMs: last.endMs, toMs: last.endMs };
  return { startMs: first.startMs, matchMs: close.fromMs + Math.floor(chance * (close.toMs - close.fromMs)) };
}

function remembered<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
