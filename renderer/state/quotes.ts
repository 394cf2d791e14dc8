import type { QuoteRow } from '../../src/contract/tick-lane.ts';

/** When the page paints. */
export interface Painting {
  /** Runs `paint` before the next repaint: `requestAnimationFrame` in the page. */
  before(paint: () => void): void;
  /** Called in a frame's callback: runs `tell` once that frame is painted. */
  after(tell: () => void): void;
}

/**
 * The last quote of every slot, outside React. A batch only replaces rows and marks them; one paint a frame tells the
 * components whose slots have changed. A row is never mutated, so it serves as its own snapshot.
 */
export class QuoteBook {
  private readonly painting: Painting;
  private readonly onPainted: () => void;
  private readonly rows: (QuoteRow | undefined)[] = [];
  private readonly listeners = new Map<number, Set<() => void>>();
  private readonly dirty = new Set<number>();
  private paintPending = false;
  /** Arrival of the newest quote at the desk, ms since the epoch; 0 before the first. */
  lastReceivedAt = 0;

  /** `onPainted`: all that has been applied is on the screen. */
  constructor(painting: Painting, onPainted: () => void = () => {}) {
    this.painting = painting;
    this.onPainted = onPainted;
  }

  apply(quotes: readonly QuoteRow[]): void {
    for (const quote of quotes) {
      this.rows[quote.slot] = quote;
      this.dirty.add(quote.slot);
      if (quote.receivedAt > this.lastReceivedAt) this.lastReceivedAt = quote.receivedAt;
    }
    this.requestPaint();
  }

  get(slot: number): QuoteRow | undefined {
    return this.rows[slot];
  }

  /** Forgets everything: the slots have got another meaning. */
  clear(): void {
    this.rows.length = 0;
    this.lastReceivedAt = 0;
    for (const slot of this.listeners.keys()) this.dirty.add(slot);
    this.requestPaint();
  }

  /** Calls `listener` in the frame after the slot has changed. */
  subscribe(slot: number, listener: () => void): () => void {
    const known = this.listeners.get(slot) ?? new Set();
    this.listeners.set(slot, known.add(listener));
    return () => {
      known.delete(listener);
      if (known.size === 0 && this.listeners.get(slot) === known) this.listeners.delete(slot);
    };
  }

  private requestPaint(): void {
    if (this.paintPending || this.dirty.size === 0) return;
    this.paintPending = true;
    this.painting.before(() => {
      this.paintPending = false;
      const slots = [...this.dirty];
      this.dirty.clear();
      for (const slot of slots) for (const listener of [...(this.listeners.get(slot) ?? [])]) listener();
      this.painting.after(this.onPainted);
    });
  }
}
