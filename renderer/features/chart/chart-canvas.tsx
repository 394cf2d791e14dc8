import { type ReactElement, useEffect, useMemo, useRef, useState } from 'react';
import type { CandleRow } from '../../../src/contract/commands.ts';
import type { SessionWindow } from '../../../src/contract/state.ts';
import type { CandleDay } from '../../state/candle-book.ts';
import { useDesk } from '../../state/desk-store.ts';
import type { Listed } from '../../state/instruments.ts';
import { useInterest, useQuote, useSession } from '../../state/session-context.ts';
import { useEffectiveTheme } from '../../state/theme.ts';
import type { ChartRange } from '../../state/ui-store.ts';
import { useStable } from '../../state/use-stable.ts';
import { CandleChart } from './candle-chart.ts';
import { type ChartColors, resolveChartColors } from './chart-colors.ts';
import { Legend } from './legend.tsx';
import { daySpan, minuteOf } from './series-data.ts';
import { shadedSpans } from './shaded-spans.ts';

interface ChartCanvasProps {
  readonly instrument: Listed;
  /** IST date; null: the desk's current day. */
  readonly date: string | null;
  readonly day: CandleDay;
  readonly range: ChartRange;
}

/** Keeps a `CandleChart` in step with the day, the live candles and the theme. One instrument and date for life. */
export function ChartCanvas({ instrument, date, day, range }: ChartCanvasProps): ReactElement {
  const host = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<CandleChart | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const [last, setLast] = useState<CandleRow | null>(null);
  const { candles, clock } = useSession();
  const today = useDesk((state) => state.market.date);
  // On a closed day the desk answers with the last session: drawn, but with nothing of today's in it.
  const isToday = date === null && (day.value === null || day.value.date === today);
  const sessions = useSessions(instrument, isToday);
  useInterest('candles', isToday ? [instrument.slot] : []);

  useEffect(() => {
    if (host.current === null) return;
    const made = new CandleChart(host.current, resolveChartColors(host.current), setPointed);
    setChart(made);
    return () => made[Symbol.dispose]();
  }, []);

  // A day is drawn afresh when an answer has come (`loads`); between answers the live candles extend it.
  const answered = useMemo(() => ({ value: day.value, loads: day.loads }), [day.value, day.loads]);
  const rows = useRef(day.rows);
  rows.current = day.rows;
  useEffect(() => {
    if (chart === null || answered.value === null) return;
    const { indicative } = answered.value;
    chart.setDay(rows.current, indicative, daySpan(rows.current, indicative, sessions, clock.now()), range);
    setLast(rows.current.at(-1) ?? null);
  }, [chart, answered, sessions, clock, range]);

  useEffect(() => {
    if (chart === null || !isToday || answered.value === null) return;
    return candles.onLive(instrument.key, (row) => {
      chart.put(row);
      setLast(row);
    });
  }, [chart, candles, instrument.key, isToday, answered]);

  const colors = useChartColors(chart, host.current);
  const rising = useDesk((state) => state.settings.risingCandles);
  useEffect(() => chart?.setRising(rising), [chart, rising]);
  useLivePrices(chart, instrument, isToday);
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
      <Legend row={row} />
    </>
  );
}

/** The instrument's own sessions of the market's day; none for another day's chart. */
function useSessions({ segment }: Listed, isToday: boolean): readonly SessionWindow[] {
  const sessions = useDesk((state) => state.market.sessions);
  return useStable(isToday ? sessions.filter((session) => session.segment === segment) : []);
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

/** The previous close as a level, and indicative prices as they come. */
function useLivePrices(chart: CandleChart | null, instrument: Listed, isToday: boolean): void {
  const quote = useQuote(instrument.slot);
  const close = isToday ? (quote?.close ?? 0) : 0;
  useEffect(() => {
    chart?.setPreviousClose(close);
  }, [chart, close]);
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
  const gaps = useStable(useDesk((state) => state.feed.gaps));
  const { clock } = useSession();
  const { key } = instrument;
  useEffect(() => {
    if (chart === null || colors === null || day.value === null) return;
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
      chart.setShading(shadedSpans(key, sessions, gaps, now, colors));
    };
    draw();
    return clock.subscribe(draw);
  }, [chart, colors, key, isToday, sessions, gaps, clock, day]);
}
