import type { QuoteRow, TickBatch } from '../../src/contract/tick-lane.ts';

/** Paints remembered; at a few dozen a second about a minute of them. */
const SAMPLES_KEPT = 2048;

/** What it takes from the desk's receipt of a tick to the screen, real ms; null until something has been painted. */
export interface PaintLagFigures {
  readonly samples: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

/**
 * Measures each batch of ticks from the desk's receipt to painted, as two stretches that one clock each can tell: in the
 * desk from receipt to sending, in the page from arrival to painted. What the link between them takes is not in it. Of a
 * batch the tick that has waited longest counts.
 */
export class PaintLag {
  private readonly monotonic: () => number;
  private readonly samples: number[] = [];
  private next = 0;
  private count = 0;
  private lastSentAt = 0;
  private waiting: { readonly inDeskMs: number; readonly arrivedAt: number }[] = [];

  /** `monotonic`: the page's clock, ms. */
  constructor(monotonic: () => number) {
    this.monotonic = monotonic;
  }

  /** A batch has come in. `speed`: desk ms per real ms. A hidden page paints nothing: its batches tell nothing. */
  arrived(batch: TickBatch, speed: number, hidden: boolean): void {
    const since = this.lastSentAt;
    this.lastSentAt = batch.sentAt;
    if (hidden) {
      this.waiting = [];
      return;
    }
    const oldest = oldestNewTick(batch.quotes, since);
    if (since === 0 || oldest === null) return;
    const inDeskMs = Math.max(0, (batch.sentAt - oldest) / speed);
    this.waiting.push({ inDeskMs, arrivedAt: this.monotonic() });
  }

  /** All that had arrived is on the screen. */
  painted(): void {
    const now = this.monotonic();
    for (const { inDeskMs, arrivedAt } of this.waiting) {
      this.samples[this.next] = inDeskMs + now - arrivedAt;
      this.next = (this.next + 1) % SAMPLES_KEPT;
      this.count++;
    }
    this.waiting = [];
  }

  figures(): PaintLagFigures {
    const sorted = [...this.samples].sort((a, b) => a - b);
    const at = (share: number): number | null => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
    return { samples: this.count, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
  }
}

/**
 * The earliest receipt among the ticks that came after the last batch was sent. The others are sent again because they
 * have come on screen, not because they are new.
 */
function oldestNewTick(quotes: readonly QuoteRow[], since: number): number | null {
  const fresh = quotes.map((quote) => quote.receivedAt).filter((receivedAt) => receivedAt > since);
  return fresh.length === 0 ? null : Math.min(...fresh);
}
