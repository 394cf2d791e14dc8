import type { FeedLag, LagPercentiles, ScreenLag } from '../../../src/contract/state.ts';

/** One stretch of a tick's way and how long it takes; ms as text, blank where it is not known. */
export interface LagLine {
  readonly name: string;
  readonly about: string;
  readonly figures: readonly string[];
}

const ROUNDING = 'The exchange stamps whole seconds: a figure is up to 1 s too high, and never too low.';

/** A tick's way from the exchange to the screen, each stretch measured by itself. `screen`: null while not known. */
export function lagLines(lag: FeedLag, screen: ScreenLag | null): LagLine[] {
  return [
    {
      name: 'Exchange to this PC',
      about: `The day’s ticks up to their receipt. ${ROUNDING}`,
      figures: textsOf(lag),
    },
    {
      name: 'This PC to the screen',
      about: 'From a tick’s receipt until the app has heard that it is painted, on all windows of the day.',
      figures: textsOf(screen?.fromReceipt),
    },
    {
      name: 'Exchange to the screen',
      about: `Each tick from its stamp until it is painted, on all windows of the day. ${ROUNDING}`,
      figures: textsOf(screen?.fromExchange),
    },
  ];
}

function textsOf(known: LagPercentiles | undefined): string[] {
  return [known?.p50Ms, known?.p95Ms, known?.p99Ms].map((value) => millis(value ?? null));
}

function millis(value: number | null): string {
  return value === null ? '–' : `${Math.round(value).toLocaleString('en-IN')} ms`;
}

/** How the PC's clock stands to the exchange's. */
export function skewText(skewMs: number | null): string {
  if (skewMs === null) return 'not known yet';
  if (Math.abs(skewMs) < 500) return 'right, to half a second';
  const seconds = (Math.abs(skewMs) / 1000).toFixed(1);
  return skewMs > 0 ? `${seconds} s ahead` : `${seconds} s behind`;
}
