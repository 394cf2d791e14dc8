import type { MarketDay } from './calendar.ts';
import type { CalendarOverrides, OverrideRow } from './calendar-overrides.ts';
import type { CalendarData, SpecialRow } from './calendar-schema.ts';
import { regimesInForce, regularPhases, windowPhases } from './day-phases.ts';
import { type IstDate, type IstTime, instantOf, weekdayOf } from './ist.ts';
import { isWeekend } from './trading-days.ts';

/** A day with what the walk over trading days needs to know besides. */
export interface ResolvedDay extends MarketDay {
  /** Runs the regime's whole day: it has a close, a range and an expiry like any other, be it a Sunday. */
  readonly fullSession: boolean;
  /** Contracts can expire on it: a full session, or an ordinary trading day whose hours the trader has changed. */
  readonly canExpire: boolean;
}

type Confidence = MarketDay['confidence'];

const NO_SEGMENTS: MarketDay['segments'] = new Map();
const weekdayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** Answers for single dates. Precedence: override, special session, closure, weekend, regime. */
export function dayResolver(data: CalendarData, overrides: CalendarOverrides): (date: IstDate) => ResolvedDay {
  const overrideOn = byDate(overrides.days);
  const specialOn = byDate(data.specials);
  const closureOn = byDate(data.closures);
  const weekendNameOn = byDate(data.weekendListed);

  const bundledDay = (date: IstDate): ResolvedDay => {
    const special = specialOn.get(date);
    if (special !== undefined) return specialDay(data, special);

    const closure = closureOn.get(date);
    if (closure !== undefined) {
      return { ...closedDay(date, 'holiday', closure.name), source: closure.source, confidence: closure.confidence };
    }

    const isCovered = date >= data.coverage.from && date <= data.coverage.to;
    if (isWeekend(date)) {
      return isCovered ? coveredWeekend(date, weekendNameOn.get(date)?.name) : uncoveredWeekend(data, date);
    }
    return isCovered ? ordinaryDay(data, date) : unknownDay(data, date);
  };
  return (date) => {
    const override = overrideOn.get(date);
    return override === undefined ? bundledDay(date) : overriddenDay(data, override, bundledDay(date));
  };
}

function overriddenDay(data: CalendarData, row: OverrideRow, bundled: ResolvedDay): ResolvedDay {
  const evidence = { source: 'user override', confidence: 'high' } as const;
  if (row.session === 'closed') return { ...closedDay(row.date, 'holiday', row.reason), ...evidence };

  const isFullDay = row.session === 'open';
  return {
    ...closedDay(row.date, isFullDay && !isWeekend(row.date) ? 'trading' : 'special', row.reason),
    segments: isFullDay
      ? tradingUntil(regularPhases(data, row.date), row.date, row.until ?? null)
      : windowPhases(data, row.date, row.windows),
    fullSession: isFullDay,
    canExpire: isFullDay || bundled.canExpire,
    ...evidence,
  };
}

/** Continuous trading of every segment goes on to `until` (IST; null: as it is); nothing follows it. */
function tradingUntil(days: MarketDay['segments'], date: IstDate, until: IstTime | null): MarketDay['segments'] {
  if (until === null) return days;
  const endMs = instantOf(date, until);
  const extended = [...days].map(([segment, phases]) => {
    const last = phases.findLastIndex(({ phase }) => phase === 'continuous');
    const kept = phases.slice(0, last + 1).filter(({ startMs }) => startMs < endMs);
    return [segment, kept.map((phase, index) => (index === kept.length - 1 ? { ...phase, endMs } : phase))] as const;
  });
  return new Map(extended);
}

function specialDay(data: CalendarData, row: SpecialRow): ResolvedDay {
  const base = {
    ...closedDay(row.date, 'special', row.name),
    source: row.source,
    confidence: row.confidence,
  };
  switch (row.session) {
    case 'full-day':
      return { ...base, segments: regularPhases(data, row.date), fullSession: true, canExpire: true };
    case 'windows':
      return { ...base, segments: windowPhases(data, row.date, row.windows) };
    case 'unpublished':
      return {
        ...base,
        hours: 'unpublished',
        watch: { startMs: instantOf(row.date, row.watch.from), endMs: instantOf(row.date, row.watch.to) },
      };
  }
}

function ordinaryDay(data: CalendarData, date: IstDate): ResolvedDay {
  const regimes = regimesInForce(data, date);
  return {
    ...closedDay(date, 'trading', 'regular trading day'),
    segments: regularPhases(data, date),
    fullSession: true,
    canExpire: true,
    source: [...new Set(regimes.map((row) => row.source))].join('; '),
    confidence: weakest(regimes.map((row) => row.confidence)),
  };
}

function unknownDay(data: CalendarData, date: IstDate): ResolvedDay {
  return {
    ...closedDay(date, 'unknown', beyondCoverage(data)),
    hours: 'assumed',
    segments: regularPhases(data, date),
    source: `assumed from ${regimesInForce(data, date)
      .map((row) => row.id)
      .join(', ')}`,
    confidence: 'low',
  };
}

function coveredWeekend(date: IstDate, listedName: string | undefined): ResolvedDay {
  const dayName = weekdayName(date);
  return {
    ...closedDay(date, 'weekend', listedName === undefined ? dayName : `${dayName}, ${listedName}`),
    source: 'weekly rule; no special session listed',
    confidence: 'high',
  };
}

/** Closed by rule, but a special session could be on it: the reason says that nobody has looked. */
function uncoveredWeekend(data: CalendarData, date: IstDate): ResolvedDay {
  return {
    ...closedDay(date, 'weekend', `${weekdayName(date)}; ${beyondCoverage(data)}`),
    hours: 'assumed',
    source: 'weekly rule',
    confidence: 'low',
  };
}

/** A day on which nothing trades: what the others start from. */
function closedDay(date: IstDate, kind: MarketDay['kind'], reason: string): Omit<ResolvedDay, 'source' | 'confidence'> {
  return {
    date,
    kind,
    reason,
    hours: 'known',
    segments: NO_SEGMENTS,
    watch: null,
    fullSession: false,
    canExpire: false,
  };
}

function beyondCoverage({ coverage }: CalendarData): string {
  return `the calendar covers only ${coverage.from} to ${coverage.to}`;
}

function byDate<Row extends { readonly date: IstDate }>(rows: readonly Row[]): ReadonlyMap<IstDate, Row> {
  return new Map(rows.map((row) => [row.date, row]));
}

function weekdayName(date: IstDate): string {
  return weekdayNames[weekdayOf(date)] ?? 'weekend';
}

function weakest(values: readonly Confidence[]): Confidence {
  const order: readonly Confidence[] = ['low', 'medium', 'high'];
  return order.find((confidence) => values.includes(confidence)) ?? 'low';
}
