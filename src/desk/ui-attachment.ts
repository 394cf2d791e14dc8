import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { TickInterest } from '../contract/bridge.ts';
import { type CandleUpdate, encodeTickBatch, type QuoteRow } from '../contract/tick-lane.ts';
import type { TrackedChanges } from '../feed/change-trackers.ts';
import type { QuoteBook } from '../feed/quote-book.ts';
import type { CandleBook, TrackedCandles } from '../history/candles.ts';
import type { UiAttachment, UiClient } from './desk-api.ts';
import type { StateStore } from './state-store.ts';
import { TickPace } from './tick-pace.ts';

export interface UiPorts {
  /** Market time, for the batches' stamps. */
  readonly clock: Clock;
  /** Real time, for their pace: a display has its own speed. */
  readonly uiClock: Clock;
  readonly state: StateStore;
  readonly book: QuoteBook;
  readonly candles: CandleBook;
}

/** As many slots as an interface may ever name; beyond it, it is not ours. */
const slots = z.array(z.number().int().nonnegative()).max(10_000);
const interestSchema = z.object({ slots, depth: slots, candles: slots, hidden: z.boolean() });

/** One interface's lanes: every state patch, and of the ticks what it has asked to see, as fast as it takes them. */
export class AttachedInterface implements UiAttachment {
  private readonly ports: UiPorts;
  private readonly client: UiClient;
  private readonly resources = new DisposableStack();
  private readonly prices: TrackedChanges;
  private readonly candles: TrackedCandles;
  private readonly pace: TickPace;
  private interestListener: () => void = () => undefined;
  private shown: ReadonlySet<number> = new Set();
  private withDepth: ReadonlySet<number> = new Set();
  private withCandles: ReadonlySet<number> = new Set();

  constructor(ports: UiPorts, client: UiClient) {
    this.ports = ports;
    this.client = client;
    this.prices = this.resources.use(ports.book.trackPrices());
    this.candles = this.resources.use(ports.candles.trackChanges());
    this.pace = this.resources.use(new TickPace(ports.uiClock, (seq) => this.flush(seq)));
    this.resources.use(ports.state.subscribe((message) => client.state(message)));
    // One that shows nothing (a tray) is not woken for prices.
    this.resources.use(
      ports.book.onTicks(() => {
        if (this.shown.size + this.withDepth.size + this.withCandles.size > 0) this.pace.changed();
      }),
    );
    this.resources.use(ports.candles.onClosedChange(() => this.pace.changed()));
  }

  acknowledge(seq: number): void {
    this.pace.acknowledge(seq);
  }

  setInterest(interest: unknown): void {
    const parsed = interestSchema.safeParse(interest);
    if (!parsed.success) return;
    const { hidden }: TickInterest = parsed.data;
    // A slot that no instrument has yet would only cost memory.
    const known = (some: readonly number[]): number[] => some.filter((slot) => slot < this.ports.book.size);
    const [shown, depth, candles] = [known(parsed.data.slots), known(parsed.data.depth), known(parsed.data.candles)];
    // What has just come into view is sent whole, however old it is.
    for (const slot of shown) if (!this.shown.has(slot)) this.prices.dirty.mark(slot);
    for (const slot of depth) if (!this.withDepth.has(slot)) this.prices.dirty.mark(slot);
    this.shown = new Set(shown);
    this.withDepth = new Set(depth);
    for (const slot of candles) if (!this.withCandles.has(slot)) this.candles.markWhole(slot);
    this.withCandles = new Set(candles);
    this.pace.hidden = hidden;
    this.interestListener();
    this.pace.changed();
  }

  /** The slots that are on screen in any form. */
  get interest(): readonly number[] {
    return [...this.shown, ...this.withDepth, ...this.withCandles];
  }

  /** The slots whose candles are on screen. */
  get charted(): readonly number[] {
    return [...this.withCandles];
  }

  resendSnapshot(): void {
    this.client.state(this.ports.state.snapshot());
    for (const slot of this.shown) this.prices.dirty.mark(slot);
    for (const slot of this.withCandles) this.candles.markWhole(slot);
    this.pace.changed();
  }

  /** A kind or a staleness changed without a tick. */
  pricesChanged(): void {
    if (!this.prices.dirty.isEmpty) this.pace.changed();
  }

  /** Called whenever it has said what it shows; there is one listener. */
  onInterest(run: () => void): void {
    this.interestListener = run;
  }

  /** Called once, when the interface is detached. */
  onDispose(run: () => void): void {
    this.resources.defer(run);
  }

  [Symbol.dispose](): void {
    this.resources.dispose();
  }

  private flush(seq: number): boolean {
    const quotes: QuoteRow[] = [];
    this.prices.dirty.drain((slot) => {
      const row = this.shown.has(slot) ? this.ports.book.row(slot, this.withDepth.has(slot)) : null;
      if (row !== null) quotes.push(row);
    });
    const candles: CandleUpdate[] = [];
    this.candles.drain(
      (candle) => candles.push(candle),
      (slot) => this.withCandles.has(slot),
    );
    if (quotes.length === 0 && candles.length === 0) return false;
    this.client.ticks(encodeTickBatch({ seq, sentAt: this.ports.clock.now(), quotes, candles }));
    return true;
  }
}
