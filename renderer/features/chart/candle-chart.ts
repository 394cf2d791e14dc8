import {
  CandlestickSeries,
  ColorType,
  CrosshairMode,
  createChart,
  HistogramSeries,
  type IChartApi,
  type IPriceLine,
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
import type { ChartRange } from '../../state/ui-store.ts';
import type { ChartColors } from './chart-colors.ts';
import { viewAfterGrowth, viewOf } from './chart-view.ts';
import { indicativeByMinute, type MinuteSpan, minuteOf, minutesAfter } from './series-data.ts';
import { SessionShading, type ShadedSpan } from './session-shading.ts';

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
  private readonly shading = new SessionShading();
  private previousClose: IPriceLine | null = null;
  private colors: ChartColors;
  private rising: Settings['risingCandles'] = 'hollow';
  private last: CandleRow | null = null;
  private lastIndicative = 0;
  private span: MinuteSpan | null = null;
  private range: ChartRange = 'near';

  /** `onPointed` hears the start (ms) of the candle under the crosshair, null when it leaves. */
  constructor(host: HTMLElement, colors: ChartColors, onPointed: (startMs: number | null) => void) {
    this.colors = colors;
    this.chart = createChart(host, {
      autoSize: true,
      layout: { attributionLogo: false, fontSize: 11, fontFamily: getComputedStyle(host).fontFamily },
      crosshair: { mode: CrosshairMode.Normal },
      rightPriceScale: { scaleMargins: { top: 0.1, bottom: 0.2 }, ensureEdgeTickMarksVisible: true },
      timeScale: {
        timeVisible: true,
        secondsVisible: false,
        shiftVisibleRangeOnNewBar: false,
        tickMarkFormatter: tickText,
      },
      localization: { priceFormatter: formatPrice, timeFormatter: crosshairText },
    });
    this.minutes = this.chart.addSeries(LineSeries, { lastValueVisible: false, priceLineVisible: false });
    this.volumes = this.chart.addSeries(HistogramSeries, {
      priceScaleId: 'volume',
      priceFormat: { type: 'volume' },
      lastValueVisible: false,
      priceLineVisible: false,
    });
    this.volumes.priceScale().applyOptions({ scaleMargins: { top: 0.86, bottom: 0 } });
    this.indicative = this.chart.addSeries(LineSeries, {
      lineStyle: LineStyle.Dotted,
      lineWidth: 2,
      priceLineVisible: false,
      crosshairMarkerVisible: false,
    });
    this.candles = this.chart.addSeries(CandlestickSeries);
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
    this.setLast(this.last);
    this.volumes.applyOptions({ color: colors.volume });
    this.indicative.applyOptions({ color: colors.indicative });
    this.previousClose?.applyOptions({ color: colors.previousClose });
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
    this.minutes.setData(span === null ? [] : minutesAfter(span.from - 1, span.to).map(placeOf));
    this.candles.setData(rows.map(barOf));
    this.volumes.setData(rows.filter((row) => row[5] > 0).map(volumeOf));
    this.indicative.setData(dots.map((dot) => ({ time: dot.time as UTCTimestamp, value: dot.value })));
    this.indicative.applyOptions({ lastValueVisible: rows.length === 0 });
    this.setLast(rows.at(-1) ?? null);
    this.lastIndicative = dots.at(-1)?.time ?? 0;
    this.showRange(range);
  }

  /** Extends or corrects the last candle; one that is older than it is not drawn. */
  put(row: CandleRow): void {
    if (this.last !== null && row[0] < this.last[0]) return;
    if (this.last === null) this.indicative.applyOptions({ lastValueVisible: false });
    this.setLast(row);
    this.extendTo(row[0]);
    this.candles.update(barOf(row));
    if (row[5] > 0) this.volumes.update(volumeOf(row));
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
    const to = minuteOf(instantMs);
    const before = this.span ?? { from: to, to: to - 1 };
    const added = minutesAfter(before.to, to);
    if (added.length === 0) return;
    const view = this.chart.timeScale().getVisibleLogicalRange();
    const minutesBefore = this.places();
    for (const start of added) this.minutes.update(placeOf(start));
    this.span = { from: before.from, to };
    // An axis without minutes has no view that could have been set.
    if (view === null || minutesBefore === 0) this.showRange(this.range);
    else this.chart.timeScale().setVisibleLogicalRange(viewAfterGrowth(view, this.range, minutesBefore, this.places()));
  }

  /** The level of the previous session's close in rupees; 0 takes it away. */
  setPreviousClose(rupees: number): void {
    if (this.previousClose !== null) this.candles.removePriceLine(this.previousClose);
    this.previousClose =
      rupees <= 0
        ? null
        : this.candles.createPriceLine({
            price: rupees,
            color: this.colors.previousClose,
            lineStyle: LineStyle.Dashed,
            lineWidth: 1,
            axisLabelVisible: false,
            title: 'prev. close',
          });
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

  /** The line and the label of the last price would take the body's colour, which a hollow one does not have. */
  private setLast(row: CandleRow | null): void {
    this.last = row;
    const { up, down } = this.colors;
    const priceLineColor = row === null ? '' : row[4] >= row[1] ? up : down;
    if (this.candles.options().priceLineColor !== priceLineColor) this.candles.applyOptions({ priceLineColor });
  }

  /** How many minutes the axis has. */
  private places(): number {
    return this.span === null ? 0 : minutesAfter(this.span.from - 1, this.span.to).length;
  }
}

function placeOf(startMs: number): { time: UTCTimestamp } {
  return { time: axisTime(startMs) as UTCTimestamp };
}

function barOf(row: CandleRow): { time: UTCTimestamp; open: number; high: number; low: number; close: number } {
  return { ...placeOf(row[0]), open: row[1], high: row[2], low: row[3], close: row[4] };
}

function volumeOf(row: CandleRow): { time: UTCTimestamp; value: number } {
  return { ...placeOf(row[0]), value: row[5] };
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
