import {
  type AutoscaleInfo,
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  type LineStyle,
  type PriceFormatCustom,
  type UTCTimestamp,
} from 'lightweight-charts';
import { axisTime } from '../../format/ist.ts';
import type { MinuteSpan } from './series-data.ts';

interface LevelOptions {
  /** Written beside the price on the axis. */
  readonly title: string;
  readonly priceFormat: PriceFormatCustom;
  readonly style: LineStyle;
  /** Whether the price scale is to make room for a price. */
  readonly hasRoom: (rupees: number) => boolean;
}

/**
 * A named price across the whole of the axis, which the price scale makes room for. It is a series of its own: the library
 * draws a price line only where its series has data, and leaves it out of the scale.
 */
export class LevelLine {
  private readonly line: ISeriesApi<'Line'>;
  private price = 0;
  private span: MinuteSpan | null = null;
  private color = '';

  constructor(chart: IChartApi, { title, priceFormat, style, hasRoom }: LevelOptions) {
    this.line = chart.addSeries(LineSeries, {
      title,
      priceFormat,
      lineStyle: style,
      lineWidth: 1,
      priceLineVisible: false,
      crosshairMarkerVisible: false,
      autoscaleInfoProvider: (): AutoscaleInfo | null =>
        this.price <= 0 || !hasRoom(this.price) ? null : { priceRange: { minValue: this.price, maxValue: this.price } },
    });
  }

  /** In rupees; 0 takes it away. */
  setPrice(rupees: number): void {
    if (rupees === this.price) return;
    this.price = rupees;
    this.draw();
  }

  setColor(color: string): void {
    if (color === this.color) return;
    this.color = color;
    this.line.applyOptions({ color });
  }

  /** From the first minute of the axis to its last. */
  along(span: MinuteSpan | null): void {
    this.span = span;
    this.draw();
  }

  private draw(): void {
    const { span, price } = this;
    const ends = span === null || price <= 0 ? [] : [...new Set([span.from, span.to])];
    this.line.setData(ends.map((instantMs) => ({ time: axisTime(instantMs) as UTCTimestamp, value: price })));
  }
}
