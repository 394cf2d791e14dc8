import type { Clock } from '../clock.ts';
import { isIndexToken } from '../kite/instrument-token.ts';
import type { TickerMode } from '../kite/ticker-events.ts';

/** Scrolling past and back again must not cost two messages an instrument. */
const SHOWN_FOR_MS = 30_000;

/**
 * Which instruments are worth full mode: indices (their packet is only four bytes longer), futures of the desk, and what
 * an interface shows. The others come in quote mode, which has neither a time nor depth.
 */
export class TickModes {
  private readonly clock: Clock;
  private always: ReadonlySet<number> = new Set();
  private shown: ReadonlySet<number> = new Set();
  private readonly hiddenMs = new Map<number, number>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** The tokens that are always to come in full. */
  keepFull(tokens: Iterable<number>): void {
    this.always = new Set(tokens);
  }

  /** The tokens some interface shows now. */
  show(tokens: Iterable<number>): void {
    const shown = new Set(tokens);
    const nowMs = this.clock.monotonic();
    for (const token of this.shown) if (!shown.has(token)) this.hiddenMs.set(token, nowMs);
    for (const [token, sinceMs] of this.hiddenMs) if (nowMs - sinceMs > SHOWN_FOR_MS) this.hiddenMs.delete(token);
    this.shown = shown;
  }

  isShown(token: number): boolean {
    return this.shown.has(token);
  }

  modeOf(token: number): TickerMode {
    if (this.always.has(token) || this.shown.has(token) || isIndexToken(token)) return 'full';
    const hiddenMs = this.hiddenMs.get(token);
    return hiddenMs !== undefined && this.clock.monotonic() - hiddenMs <= SHOWN_FOR_MS ? 'full' : 'quote';
  }
}
