import type { MinuteCandles } from './candles.ts';
import type { Instrument } from './instruments.ts';
import type { MarketTick } from './market-tick.ts';

/** One instrument on one IST date: every tick it sends, by time. Instants outside the date are not asked for. */
export interface Feed {
  readonly instrument: Instrument;
  /** Instant of the last tick of this date at or before the given one; minus infinity before the first. */
  lastTickAt(instantMs: number): number;
  /** Fills `out` with the last tick at or before the instant, of an earlier session where this date has none yet. */
  read(instantMs: number, out: MarketTick): void;
  /** Last price of the date's session, paise; of the session before where the date has none. */
  readonly closingPrice: number;
  /** The date's one-minute candles that are complete at the instant. */
  candles(instantMs: number): { readonly columns: MinuteCandles; readonly complete: number };
}
