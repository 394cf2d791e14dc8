import { candleColumns, type MinuteCandles } from './candles.ts';
import type { Feed } from './feed.ts';
import type { Instrument } from './instruments.ts';
import { emptyTick, type MarketTick } from './market-tick.ts';

/** A tradable on a date on which its segment is closed: nothing but the last packet of the session before. */
export class IdleFeed implements Feed {
  readonly instrument: Instrument;
  private readonly previous: () => Feed | null;
  private readonly dayStartMs: number;

  constructor(instrument: Instrument, dayStartMs: number, previous: () => Feed | null) {
    this.instrument = instrument;
    this.dayStartMs = dayStartMs;
    this.previous = previous;
  }

  get closingPrice(): number {
    return this.previous()?.closingPrice ?? 0;
  }

  lastTickAt(): number {
    return Number.NEGATIVE_INFINITY;
  }

  read(_instantMs: number, out: MarketTick): void {
    const previous = this.previous();
    if (previous === null) Object.assign(out, emptyTick());
    else previous.read(this.dayStartMs - 1, out);
  }

  candles(): { columns: MinuteCandles; complete: number } {
    return { columns: candleColumns([]), complete: 0 };
  }
}
