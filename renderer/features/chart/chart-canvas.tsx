import { type ReactElement, useCallback, useEffect, useRef, useState } from 'react';
import type { CandleRow } from '../../../src/contract/commands.ts';
import type { SessionWindow } from '../../../src/contract/state.ts';
import type { CandleDay } from '../../state/candle-book.ts';
import { useDesk } from '../../state/desk-store.ts';
import type { Listed } from '../../state/instruments.ts';
import { useNow, useQuote, useSession } from '../../state/session-context.ts';
import { useEffectiveTheme } from '../../state/theme.ts';
import type { ChartRange } from '../../state/ui-store.ts';
import { useStable } from '../../state/use-stable.ts';
import { CandleChart } from './candle-chart.ts';
import { type ChartColors, resolveChartColors } from './chart-colors.ts';
import { isClosePending } from './close-pending.ts';
import { lastPriceThen, lastPriceToday, previousCloseLevel } from './last-price.ts';
import { Legend } from './legend.tsx';
import { daySpan, minuteOf } from './series-data.ts';
import { shadedSpans } from './shaded-spans.ts';
import { useGaps } from './use-gaps.ts';

interface ChartCanvasProps {
  readonly instrument: Listed;
  /** IST date; null: the desk's current day. */
  readonly date: string | null;
  readonly day: CandleDay;
  readonly range: ChartRange;
}

/** Keeps a `CandleChart` in step with the day's candles, the prices and the theme. One instrument and date for life. */
export function ChartCanvas({ instrument, date, day, range }: ChartCanvasProps): ReactElement {
  const host = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<CandleChart | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const { key, tickSize } = instrument;
  const isToday = date === null;
  const sessions = useSessions(instrument, isToday);

  useEffect(() => {
    if (host.current === null) return;
    const made = new CandleChart(host.current, resolveChartColors(host.current), tickSize, setPointed);
    setChart(made);
    return () => made[Symbol.dispose]();
  }, [tickSize]);

  const last = useDrawnCandles(chart, { key, date, day, sessions, range });
  const colors = useChartColors(chart, host.current);
  const rising = useDesk((state) => state.settings.risingCandles);
  useEffect(() => chart?.setRising(rising), [chart, rising]);
  usePrices(chart, instrument, date, day, sessions);
  useShading(chart, colors, instrument, sessions, isToday, day);

  const row = pointed === null ? last : (day.rows.find((candle) => candle[0] === pointed) ?? null);
  return (
    <>
      <div
        ref={host}
        className="chart-host"
        role="img"
        aria-label={`Candles of ${instrument.title}, one minute each`}
      />
      <LastLegend row={row} isLast={isToday && row !== null && row[0] === last?.[0]} segment={instrument.segment} />
    </>
  );
}

interface LastLegendProps {
  readonly row: CandleRow | null;
  /** It is the current day's last candle. */
  readonly isLast: boolean;
  readonly segment: Listed['segment'];
}

/** The legend, on the desk's time: an index's day is not over with its last trade. */
function LastLegend({ row, isLast, segment }: LastLegendProps): ReactElement {
  const sessions = useDesk((state) => state.market.sessions);
  const now = useNow();
  const isPending = isLast && row !== null && isClosePending(row, segment, sessions, now);
  return <Legend row={row} isClosePending={isPending} />;
}

/** The instrument's own sessions of the market's day; none for another day's chart. */
function useSessions({ segment }: Listed, isToday: boolean): readonly SessionWindow[] {
  const sessions = useDesk((state) => state.market.sessions);
  return useStable(isToday ? sessions.filter((session) => session.segment === segment) : []);
}

interface Drawn {
  readonly key: string;
  readonly date: string | null;
  readonly day: CandleDay;
  readonly sessions: readonly SessionWindow[];
  readonly range: ChartRange;
}

/** Draws the day, and then what becomes of its candles; answers with the last of them. */
function useDrawnCandles(chart: CandleChart | null, { key, date, day, sessions, range }: Drawn): CandleRow | null {
  const { candles, clock } = useSession();
  const [last, setLast] = useState<CandleRow | null>(null);
  const isAnswered = day.value !== null;
  const draw = useCallback(
    (made: CandleChart): void => {
      const { rows, value } = candles.day(key, date);
      const indicative = value?.indicative ?? [];
      made.setDay(rows, indicative, daySpan(rows, indicative, sessions, clock.now()), range);
    },
    [candles, clock, key, date, sessions, range],
  );
  // The first answer brings the indicative prices; later ones draw nothing anew, so that the view stays.
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn again when the first answer has come
  useEffect(() => {
    if (chart === null) return;
    draw(chart);
    setLast(candles.day(key, date).rows.at(-1) ?? null);
    return candles.onChange(key, date, (change) => {
      if (chart.isEmpty) draw(chart);
      else chart.apply(change);
      setLast(change.rows.at(-1) ?? null);
    });
  }, [chart, candles, key, date, draw, isAnswered]);
  return last;
}

/** Gives the chart the colours of the theme in effect; null before the first time. */
function useChartColors(chart: CandleChart | null, host: HTMLElement | null): ChartColors | null {
  const theme = useEffectiveTheme();
  const [colors, setColors] = useState<{ readonly theme: string; readonly value: ChartColors } | null>(null);
  useEffect(() => {
    if (chart === null || host === null) return;
    const value = resolveChartColors(host);
    chart.setColors(value);
    setColors({ theme, value });
  }, [chart, host, theme]);
  return colors?.value ?? null;
}

/** The previous close as a level, what the last price is, and indicative prices as they come. */
function usePrices(
  chart: CandleChart | null,
  instrument: Listed,
  date: string | null,
  day: CandleDay,
  sessions: readonly SessionWindow[],
): void {
  const quote = useQuote(instrument.slot);
  const { clock } = useSession();
  const isToday = date === null;
  const official = day.value?.official ?? null;
  const previousClose = previousCloseLevel(isToday ? { isToday, quote } : { isToday, official });
  useEffect(() => {
    chart?.setPreviousClose(previousClose);
  }, [chart, previousClose]);
  useEffect(() => {
    if (chart === null) return;
    const draw = (): void => {
      if (isToday) chart.setLastPrice(lastPriceToday(quote, sessions, clock.now()), quote?.stale ?? false);
      else chart.setLastPrice(lastPriceThen(official));
    };
    draw();
    return isToday ? clock.subscribe(draw) : undefined;
  }, [chart, clock, isToday, quote, sessions, official]);
  useEffect(() => {
    if (chart === null || !isToday || quote?.kind !== 'indicative') return;
    chart.putIndicative(quote.exchangeTime || quote.receivedAt, quote.lastPrice);
  }, [chart, isToday, quote]);
}

/** Auctions and outages behind the candles; while a session runs the axis goes on with the clock, candle or not. */
function useShading(
  chart: CandleChart | null,
  colors: ChartColors | null,
  instrument: Listed,
  sessions: readonly SessionWindow[],
  isToday: boolean,
  day: CandleDay,
): void {
  const { key } = instrument;
  const gaps = useGaps(key);
  const { clock } = useSession();
  useEffect(() => {
    if (chart === null || colors === null) return;
    if (!isToday) {
      chart.setShading([]);
      return;
    }
    let drawnMinute = 0;
    const draw = (): void => {
      const now = clock.now();
      if (minuteOf(now) === drawnMinute) return;
      drawnMinute = minuteOf(now);
      if (day.rows.length > 0 && sessions.some((session) => session.from <= now && now < session.to))
        chart.extendTo(now);
      chart.setShading(shadedSpans({ sessions, gaps, rows: day.rows, now }, colors));
    };
    draw();
    return clock.subscribe(draw);
  }, [chart, colors, isToday, sessions, gaps, clock, day]);
}
