import type { ISeriesApi, UTCTimestamp } from 'lightweight-charts';
import type { CandleRow } from '../../../src/contract/commands.ts';
import { axisTime } from '../../format/ist.ts';
import type { CandleChange } from '../../state/candle-book.ts';

/** What is written to of the chart's two series. */
export interface DrawnSeries {
  readonly candles: Pick<ISeriesApi<'Candlestick'>, 'setData' | 'update'>;
  readonly volumes: Pick<ISeriesApi<'Histogram'>, 'setData' | 'update'>;
}

/**
 * Keeps the chart's series the same as a day's rows. A tick costs one update of one bar; a correction of an older minute
 * replaces that bar. Bars between others can only be put in or taken out by giving a series all of its data.
 */
export class CandleDrawing {
  private readonly series: DrawnSeries;
  /** Volumes of the bars drawn, by start, in order. The histogram has a bar only where the volume is not 0. */
  private readonly volumes = new Map<number, number>();
  private lastStart = Number.NEGATIVE_INFINITY;
  private lastVolumeStart = Number.NEGATIVE_INFINITY;

  constructor(series: DrawnSeries) {
    this.series = series;
  }

  /** Draws all rows afresh; ascending by start. */
  draw(rows: readonly CandleRow[]): void {
    this.volumes.clear();
    for (const row of rows) this.volumes.set(row[0], row[5]);
    this.lastStart = rows.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
    this.series.candles.setData(rows.map(barOf));
    this.drawVolumes();
  }

  /** Draws what became of the rows: those that replace a bar or come after the last one. */
  apply(change: CandleChange): void {
    if (change.changed === null) this.draw(change.rows);
    else for (const row of change.changed) this.put(row);
  }

  private put(row: CandleRow): void {
    const [start, , , , , volume] = row;
    const volumeBefore = this.volumes.get(start) ?? 0;
    this.series.candles.update(barOf(row), start < this.lastStart);
    this.lastStart = Math.max(this.lastStart, start);
    this.volumes.set(start, volume);
    if (volume === volumeBefore) return;
    // The library replaces a bar or appends one. Told of one between others, it would take the next one's place.
    if (volume === 0 || (volumeBefore === 0 && start < this.lastVolumeStart)) {
      this.drawVolumes();
      return;
    }
    this.series.volumes.update(volumeOf(start, volume), start < this.lastVolumeStart);
    this.lastVolumeStart = Math.max(this.lastVolumeStart, start);
  }

  private drawVolumes(): void {
    const traded = [...this.volumes].filter(([, volume]) => volume > 0);
    this.lastVolumeStart = traded.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
    this.series.volumes.setData(traded.map(([start, volume]) => volumeOf(start, volume)));
  }
}

interface Bar {
  readonly time: UTCTimestamp;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

function barOf([start, open, high, low, close]: CandleRow): Bar {
  return { time: axisTime(start) as UTCTimestamp, open, high, low, close };
}

function volumeOf(start: number, volume: number): { readonly time: UTCTimestamp; readonly value: number } {
  return { time: axisTime(start) as UTCTimestamp, value: volume };
}
