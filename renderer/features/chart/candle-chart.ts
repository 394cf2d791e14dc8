import {
  CandlestickSeries,
  ColorType,
  CrosshairMode,
  createChart,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  LineStyle,
  type MouseEventParams,
  TickMarkType,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { CandleRow } from '../../../src/contract/commands.ts';
import type { Settings } from '../../../src/contract/settings.ts';
import { axisTime, dayDate, instantOfAxis, istDate, istMinute, shortDate } from '../../format/ist.ts';
import { formatPrice } from '../../format/numbers.ts';
import type { CandleChange } from '../../state/candle-book.ts';
import type { ChartRange } from '../../state/ui-store.ts';
import { CandleDrawing } from './candle-drawing.ts';
import type { ChartColors } from './chart-colors.ts';
import { hasRoomFor, viewAfterGrowth, viewOf } from './chart-view.ts';
import type { LastPrice } from './last-price.ts';
import { LevelLine } from './level-line.ts';
import { indicativeByMinute, MINUTE_MS, type MinuteSpan, minuteOf, minutesAfter } from './series-data.ts';
import { SessionShading, type ShadedSpan } from './session-shading.ts';

/** The price axis counts in no smaller steps where an instrument has none of its own: an index. Rupees. */
const LEAST_STEP = 0.05;

/**
 * The candlestick chart of one instrument and day, outside React. Times on its axis are IST: the axis knows only UTC, so
 * instants are shifted on the way in (`axisTime`).
 */
export class CandleChart implements Disposable {
  private readonly chart: IChartApi;
  private readonly candles: ISeriesApi<'Candlestick'>;
  private readonly volumes: ISeriesApi<'Histogram'>;
  private readonly indicative: ISeriesApi<'Line'>;
  /** Draws nothing: its points are the minutes of the axis. */
  private readonly minutes: ISeriesApi<'Line'>;
  private readonly drawing: CandleDrawing;
  private readonly previousClose: LevelLine;
  private readonly close: LevelLine;
  private readonly shading = new SessionShading();
  private colors: ChartColors;
  private rising: Settings['risingCandles'] = 'hollow';
  private rows: readonly CandleRow[] = [];
  private lastPrice: LastPrice = { kind: 'moving' };
  private isStale = false;
  private lastIndicative = 0;
  private span: MinuteSpan | null = null;
  private range: ChartRange = 'near';

  /**
   * `tickSize`: the instrument's, in rupees; 0: none. `onPointed` hears the start (ms) of the candle under the crosshair,
   * null when it leaves.
   */
  constructor(host: HTMLElement, colors: ChartColors, tickSize: number, onPointed: (startMs: number | null) => void) {
    this.colors = colors;
    this.chart = createChart(host, {
      autoSize: true,
      layout: { attributionLogo: false, fontSize: 11, fontFamily: getComputedStyle(host).fontFamily },
      crosshair: { mode: CrosshairMode.Hidden },
      rightPriceScale: { scaleMargins: { top: 0.1, bottom: 0.2 }, ensureEdgeTickMarksVisible: true },
      timeScale: {
        timeVisible: true,
        secondsVisible: false,
        shiftVisibleRangeOnNewBar: false,
        tickMarkFormatter: tickText,
      },
      localization: { timeFormatter: crosshairText },
    });
    const priceFormat = {
      type: 'custom',
      formatter: formatPrice,
      minMove: Math.max(tickSize, LEAST_STEP),
    } as const;
    this.minutes = this.chart.addSeries(LineSeries, { priceFormat, lastValueVisible: false, priceLineVisible: false });
    this.volumes = this.chart.addSeries(HistogramSeries, {
      priceScaleId: 'volume',
      priceFormat: { type: 'volume' },
      lastValueVisible: false,
      priceLineVisible: false,
    });
    this.volumes.priceScale().applyOptions({ scaleMargins: { top: 0.86, bottom: 0 } });
    const hasRoom = (price: number): boolean => hasRoomFor(price, this.inView());
    this.previousClose = new LevelLine(this.chart, {
      title: 'Prev. close',
      priceFormat,
      style: LineStyle.Dashed,
      hasRoom,
    });
    this.close = new LevelLine(this.chart, { title: 'Close', priceFormat, style: LineStyle.Dotted, hasRoom });
    this.indicative = this.chart.addSeries(LineSeries, {
      priceFormat,
      lineStyle: LineStyle.Dotted,
      lineWidth: 2,
      priceLineVisible: false,
      crosshairMarkerVisible: false,
    });
    this.candles = this.chart.addSeries(CandlestickSeries, { priceFormat });
    this.drawing = new CandleDrawing({ candles: this.candles, volumes: this.volumes });
    this.candles.attachPrimitive(this.shading);
    this.chart.subscribeCrosshairMove((event: MouseEventParams<Time>) => {
      onPointed(typeof event.time === 'number' ? instantOfAxis(event.time) : null);
    });
    this.setColors(colors);
  }

  setColors(colors: ChartColors): void {
    this.colors = colors;
    const labels = { labelBackgroundColor: colors.crosshairLabel, color: colors.text };
    this.chart.applyOptions({
      layout: { background: { type: ColorType.Solid, color: colors.background }, textColor: colors.text },
      grid: { vertLines: { color: colors.grid }, horzLines: { color: colors.grid } },
      crosshair: { vertLine: labels, horzLine: labels },
      rightPriceScale: { borderColor: colors.line },
      timeScale: { borderColor: colors.line },
    });
    const { up, down } = colors;
    const outlines = { borderUpColor: up, borderDownColor: down, wickUpColor: up, wickDownColor: down };
    this.candles.applyOptions({ downColor: down, ...outlines });
    this.setRising(this.rising);
    this.drawLastPrice();
    this.volumes.applyOptions({ color: colors.volume });
    this.indicative.applyOptions({ color: colors.indicative });
    this.previousClose.setColor(colors.previousClose);
    this.close.setColor(colors.text);
  }

  /** How the body of a candle that has risen is drawn. */
  setRising(rising: Settings['risingCandles']): void {
    this.rising = rising;
    this.candles.applyOptions({ upColor: rising === 'hollow' ? 'transparent' : this.colors.up });
  }

  /** Draws a day afresh. Instants in ms; rows ascending and, like the indicative prices, inside `span`. */
  setDay(
    rows: readonly CandleRow[],
    indicative: readonly (readonly [number, number])[],
    span: MinuteSpan | null,
    range: ChartRange,
  ): void {
    const dots = indicativeByMinute(indicative);
    this.span = span;
    this.showCrosshair();
    this.minutes.setData(span === null ? [] : minutesAfter(span.from - 1, span.to).map(placeOf));
    this.levelsAlong(span);
    this.drawing.draw(rows);
    this.indicative.setData(dots.map((dot) => ({ time: dot.time as UTCTimestamp, value: dot.value })));
    this.lastIndicative = dots.at(-1)?.time ?? 0;
    this.setRows(rows);
    this.showRange(range);
  }

  /** Draws what has become of the day's rows; what is in view stays in view. */
  apply(change: CandleChange): void {
    const [first, last] = [change.rows[0], change.rows.at(-1)];
    if (first !== undefined && last !== undefined) this.cover(first[0], last[0]);
    this.drawing.apply(change);
    this.setRows(change.rows);
  }

  /** Whether the axis has no minute yet. */
  get isEmpty(): boolean {
    return this.span === null;
  }

  /** Extends the dotted line of indicative prices; instant in ms. */
  putIndicative(instantMs: number, rupees: number): void {
    const time = axisTime(minuteOf(instantMs));
    if (time < this.lastIndicative || rupees <= 0) return;
    this.lastIndicative = time;
    this.extendTo(instantMs);
    this.indicative.update({ time: time as UTCTimestamp, value: rupees });
  }

  /** Lengthens the axis to the minute of an instant (ms), and shows what is then to be shown. */
  extendTo(instantMs: number): void {
    this.cover(instantMs, instantMs);
  }

  /** The level of the previous session's close in rupees; 0 takes it away. */
  setPreviousClose(rupees: number): void {
    this.previousClose.setPrice(rupees);
    this.drawLastPrice();
  }

  /** What the last price is, and whether prices that are due have stopped: the line and label beside the axis say it. */
  setLastPrice(lastPrice: LastPrice, isStale = false): void {
    this.lastPrice = lastPrice;
    this.isStale = isStale;
    this.drawLastPrice();
  }

  setShading(spans: readonly ShadedSpan[]): void {
    this.shading.update(spans, this.span === null ? 0 : axisTime(this.span.to), this.colors.text);
  }

  showRange(range: ChartRange): void {
    this.range = range;
    this.chart.timeScale().setVisibleLogicalRange(viewOf(range, this.places()));
  }

  [Symbol.dispose](): void {
    this.chart.remove();
  }

  /** Lengthens the axis so that it has the minutes of both instants (ms) and all between them. */
  private cover(fromMs: number, toMs: number): void {
    const before = this.span;
    const span = {
      from: Math.min(minuteOf(fromMs), before?.from ?? Number.POSITIVE_INFINITY),
      to: Math.max(minuteOf(toMs), before?.to ?? Number.NEGATIVE_INFINITY),
    };
    if (before !== null && span.from === before.from && span.to === before.to) return;
    const view = this.chart.timeScale().getVisibleLogicalRange();
    const minutesBefore = this.places();
    this.span = span;
    if (before === null) this.showCrosshair();
    const inFront = before === null ? 0 : minutesAfter(span.from - 1, before.from - 1).length;
    if (before === null || inFront > 0) this.minutes.setData(minutesAfter(span.from - 1, span.to).map(placeOf));
    else for (const start of minutesAfter(before.to, span.to)) this.minutes.update(placeOf(start));
    this.levelsAlong(span);
    // An axis without minutes has no view that could have been set.
    if (view === null || minutesBefore === 0) this.showRange(this.range);
    else {
      const next = viewAfterGrowth(view, this.range, minutesBefore, this.places(), inFront);
      this.chart.timeScale().setVisibleLogicalRange(next);
    }
  }

  /** On an axis without minutes it would stick to the edge. */
  private showCrosshair(): void {
    const mode = this.span === null ? CrosshairMode.Hidden : CrosshairMode.Normal;
    this.chart.applyOptions({ crosshair: { mode } });
  }

  private levelsAlong(span: MinuteSpan | null): void {
    this.previousClose.along(span);
    this.close.along(span);
  }

  private setRows(rows: readonly CandleRow[]): void {
    this.rows = rows;
    const isAlone = rows.length === 0;
    if (this.indicative.options().lastValueVisible !== isAlone)
      this.indicative.applyOptions({ lastValueVisible: isAlone });
    this.drawLastPrice();
  }

  /** Low and high of the candles in view; null when there is none. */
  private inView(): { readonly low: number; readonly high: number } | null {
    const view = this.chart.timeScale().getVisibleLogicalRange();
    if (view === null || this.span === null) return null;
    const from = this.span.from + Math.floor(view.from) * MINUTE_MS;
    const to = this.span.from + Math.ceil(view.to) * MINUTE_MS;
    const seen = this.rows.filter(([start]) => start >= from && start <= to);
    if (seen.length === 0) return null;
    return { low: Math.min(...seen.map((row) => row[3])), high: Math.max(...seen.map((row) => row[2])) };
  }

  /** The label of the last bar would take the body's colour, which a hollow one does not have. */
  private drawLastPrice(): void {
    const { up, down, text } = this.colors;
    const { lastPrice } = this;
    const last = this.rows.at(-1) ?? null;
    const isClose = lastPrice.kind === 'close';
    const moves = last !== null && last[4] >= last[1] ? up : down;
    const priceLineColor = last === null ? '' : lastPrice.kind === 'moving' ? moves : text;
    const title = this.isStale ? 'Stale' : '';
    const options = { priceLineColor, title, lastValueVisible: !isClose, priceLineVisible: !isClose };
    const present = this.candles.options();
    const isSame =
      present.title === title &&
      present.priceLineColor === priceLineColor &&
      present.lastValueVisible === !isClose &&
      present.priceLineVisible === !isClose;
    if (!isSame) this.candles.applyOptions(options);
    this.close.setPrice(isClose ? lastPrice.price : 0);
  }

  /** How many minutes the axis has. */
  private places(): number {
    return this.span === null ? 0 : minutesAfter(this.span.from - 1, this.span.to).length;
  }
}

function placeOf(startMs: number): { time: UTCTimestamp } {
  return { time: axisTime(startMs) as UTCTimestamp };
}

function tickText(time: Time, type: TickMarkType): string {
  const instantMs = instantOfAxis(Number(time));
  return type === TickMarkType.Time || type === TickMarkType.TimeWithSeconds
    ? istMinute(instantMs)
    : shortDate(istDate(instantMs));
}

function crosshairText(time: Time): string {
  const instantMs = instantOfAxis(Number(time));
  return `${dayDate(istDate(instantMs))} ${istMinute(instantMs)} IST`;
}
