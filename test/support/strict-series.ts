import type { ISeriesApi, SeriesDataItemTypeMap, UTCTimestamp } from 'lightweight-charts';

type Item<Kind extends 'Candlestick' | 'Histogram'> = SeriesDataItemTypeMap<Time>[Kind];
type Time = UTCTimestamp;

/**
 * A chart series with the library's rules and none of its drawing: `update` appends or replaces the last bar, with
 * `historicalUpdate` it replaces an older one. What the library would throw at, or do silently wrong, throws here.
 */
export class StrictSeries<Kind extends 'Candlestick' | 'Histogram'> {
  private bars: Item<Kind>[] = [];
  /** How often all of the data has been set. */
  redraws = 0;

  data(): readonly Item<Kind>[] {
    return this.bars;
  }

  /** The part of the library's interface that the chart writes to. */
  get api(): Pick<ISeriesApi<Kind>, 'setData' | 'update'> {
    return {
      setData: (bars) => this.setData(bars as readonly Item<Kind>[]),
      update: (bar, isHistorical = false) => this.update(bar as Item<Kind>, isHistorical),
    };
  }

  private setData(bars: readonly Item<Kind>[]): void {
    const times = bars.map(({ time }) => Number(time));
    if (times.some((time, index) => index > 0 && time <= (times[index - 1] ?? 0))) throw new Error('not ascending');
    this.bars = [...bars];
    this.redraws++;
  }

  private update(bar: Item<Kind>, isHistorical: boolean): void {
    const last = Number(this.bars.at(-1)?.time ?? Number.NEGATIVE_INFINITY);
    const time = Number(bar.time);
    const index = this.bars.findIndex((each) => Number(each.time) === time);
    if (isHistorical && index < 0) throw new Error('cannot update a bar that is not there');
    if (!isHistorical && time < last) throw new Error('cannot update an older bar');
    if (index < 0) this.bars.push(bar);
    else this.bars[index] = bar;
  }
}
