import type {
  IChartApiBase,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesPrimitive,
  Logical,
  SeriesAttachedParameter,
  Time,
  UTCTimestamp,
} from 'lightweight-charts';

/** A stretch of the time axis with a colour of its own. Times in axis seconds. */
export interface ShadedSpan {
  readonly from: number;
  readonly to: number;
  readonly color: string;
  readonly label: string;
}

const LABEL_FONT = '11px "Inter Variable", sans-serif';

type DrawTarget = Parameters<IPrimitivePaneRenderer['draw']>[0];

/** Draws the auctions of the day, and outages, as bands behind the candles. */
export class SessionShading implements ISeriesPrimitive<Time> {
  private spans: readonly ShadedSpan[] = [];
  private lastTime = 0;
  private textColor = '';
  private attachment: SeriesAttachedParameter<Time> | null = null;
  private readonly views: readonly IPrimitivePaneView[] = [
    { zOrder: () => 'bottom', renderer: () => ({ draw: (target) => this.draw(target, fillBand) }) },
    { zOrder: () => 'top', renderer: () => ({ draw: (target) => this.draw(target, writeLabel) }) },
  ];

  attached(attachment: SeriesAttachedParameter<Time>): void {
    this.attachment = attachment;
  }

  detached(): void {
    this.attachment = null;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return this.views;
  }

  /** `lastTime`: the last place on the axis; nothing is shaded to its right. */
  update(spans: readonly ShadedSpan[], lastTime: number, textColor: string): void {
    this.spans = spans;
    this.lastTime = lastTime;
    this.textColor = textColor;
    this.attachment?.requestUpdate();
  }

  private draw(target: DrawTarget, drawPart: DrawPart): void {
    // biome-ignore lint/correctness/useHookAtTopLevel: the canvas library's name, not a React hook
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      const chart = this.attachment?.chart;
      if (chart === undefined) return;
      for (const span of this.spans) {
        const edges = edgesOf(chart, span, this.lastTime);
        if (edges === null || edges.right < 0 || edges.left > mediaSize.width) continue;
        drawPart(context, span, edges, mediaSize.height, this.textColor);
      }
    });
  }
}

interface Edges {
  readonly left: number;
  readonly right: number;
}

type DrawPart = (
  context: CanvasRenderingContext2D,
  span: ShadedSpan,
  edges: Edges,
  height: number,
  textColor: string,
) => void;

const fillBand: DrawPart = (context, span, { left, right }, height) => {
  context.fillStyle = span.color;
  context.fillRect(left, 0, right - left, height);
};

/** Above the grid, and only where it fits into the band. */
const writeLabel: DrawPart = (context, span, { left, right }, height, textColor) => {
  const start = Math.max(0, left) + 4;
  context.font = LABEL_FONT;
  if (start + context.measureText(span.label).width > right) return;
  context.fillStyle = textColor;
  context.fillText(span.label, start, height - 6);
};

/** Left and right of a span in px; null when none of it lies on the axis. `to` is exclusive. */
function edgesOf(chart: IChartApiBase<Time>, span: ShadedSpan, lastTime: number): Edges | null {
  if (span.from > lastTime) return null;
  const scale = chart.timeScale();
  const first = scale.timeToIndex(span.from as UTCTimestamp, true);
  const last = scale.timeToIndex(Math.min(span.to - 60, lastTime) as UTCTimestamp, true);
  if (first === null || last === null || last < first) return null;
  const half = scale.options().barSpacing / 2;
  const left = scale.logicalToCoordinate(first as unknown as Logical);
  const right = scale.logicalToCoordinate(last as unknown as Logical);
  return left === null || right === null ? null : { left: left - half, right: right + half };
}
