import type { FeedLag, LagPercentiles, ScreenLag } from '../../../src/contract/state.ts';

/** One stretch of a tick's way and how long it takes, as text; blank where it is not known. */
export interface LagLine {
  readonly name: string;
  readonly about: string;
  readonly figures: readonly string[];
}

export const ROUNDING = 'The exchange stamps whole seconds: known to half a second.';

/** A tick's way from the exchange to the screen, each stretch measured by itself. `screen`: null while not known. */
export function lagLines(lag: FeedLag, screen: ScreenLag | null): LagLine[] {
  return [
    {
      name: 'Exchange to this PC',
      about: `The day’s ticks up to their receipt. ${ROUNDING}`,
      figures: textsOf(lag, stampLag),
    },
    {
      name: 'This PC to the screen',
      about: 'From a tick’s receipt until the app has heard that it is painted, on all windows of the day.',
      figures: textsOf(screen?.fromReceipt, millis),
    },
    {
      name: 'Exchange to the screen',
      about: `Each tick from its stamp until it is painted, on all windows of the day. ${ROUNDING}`,
      figures: textsOf(screen?.fromExchange, stampLag),
    },
  ];
}

function textsOf(known: LagPercentiles | undefined, textOf: (ms: number | null) => string): string[] {
  return [known?.p50Ms, known?.p95Ms, known?.p99Ms].map((value) => textOf(value ?? null));
}

/** A stamp is cut to whole seconds: on average half a second of what is measured from it (ms) never passed. */
const MEAN_CUT_MS = 500;

/** What has passed since the exchange's stamp, no finer than the stamp: `<1 s`, `about 3 s`; a PC behind: `<1 s`. */
export function stampLag(ms: number | null): string {
  if (ms === null) return '–';
  const lagMs = ms - MEAN_CUT_MS;
  return lagMs < 1000 ? '<1 s' : `about ${Math.round(lagMs / 1000).toLocaleString('en-IN')} s`;
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
