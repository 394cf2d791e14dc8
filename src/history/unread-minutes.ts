const FIRST_WAIT_MS = 6_000;
const LONGEST_WAIT_MS = 120_000;

/**
 * Minutes for which the exchange has sent a row that no trade can have made: each is asked for again, ever more seldom, and
 * holds up no other. Starts and the exchange's present in ms since the epoch.
 */
export class UnreadMinutes {
  private readonly byStart = new Map<number, { times: number; againMs: number }>();

  /** Starts of all minutes noted so far; some may have been answered since. */
  get starts(): Iterable<number> {
    return this.byStart.keys();
  }

  note(starts: readonly number[], presentMs: number): void {
    for (const startMs of starts) {
      const times = (this.byStart.get(startMs)?.times ?? 0) + 1;
      const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (times - 1));
      this.byStart.set(startMs, { times, againMs: presentMs + waitMs });
    }
  }

  isDue(startMs: number, presentMs: number): boolean {
    return (this.byStart.get(startMs)?.againMs ?? presentMs) <= presentMs;
  }
}

/** In words for the trader. */
export function unreadWords(minutes: number): string {
  return minutes === 1
    ? 'Kite’s candle of one minute cannot be right and was left out.'
    : `Kite’s candles of ${minutes} minutes cannot be right and were left out.`;
}
